// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/** An address family. */
public enum Family {
    IPV4(32),
    IPV6(128);

    private final int bits;

    Family(int bits) {
        this.bits = bits;
    }

    /** Bits of an address: 32 or 128. */
    public int bits() {
        return bits;
    }
}
