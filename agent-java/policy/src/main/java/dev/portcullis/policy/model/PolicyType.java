// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/** What a policy's rules are about. */
public enum PolicyType {
    /** Ingress; a rule matches when the packet's source address is inside its {@code source}. */
    IP("ip");

    private final String text;

    PolicyType(String text) {
        this.text = text;
    }

    /** The name in files. */
    public String text() {
        return text;
    }
}
