// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/** The kinds of objects that operators write. */
public enum ObjectKind {
    POLICY("Policy", "policy"),
    RESOURCE("Resource", "resource"),
    ASSOCIATION("Association", "association"),
    ADDRESS_SET("AddressSet", "address set");

    private final String text;
    private final String label;

    ObjectKind(String text, String label) {
        this.text = text;
        this.label = label;
    }

    /** The name in files and in the interface. */
    public String text() {
        return text;
    }

    /** The name in sentences. */
    public String label() {
        return label;
    }
}
