// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/** An address family. */
public enum Family {
    IPV4("IPv4", 32),
    IPV6("IPv6", 128);

    private final String text;
    private final int bits;

    Family(String text, int bits) {
        this.text = text;
        this.bits = bits;
    }

    /** The name in sentences. */
    public String text() {
        return text;
    }

    /** Bits of an address: 32 or 128. */
    public int bits() {
        return bits;
    }
}
