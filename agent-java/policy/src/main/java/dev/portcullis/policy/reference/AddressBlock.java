// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import java.util.Optional;

/** What stands between the first 16 bytes of a header of PROXY protocol and its TLVs. */
enum AddressBlock {
    /** Nothing: the sender does not tell, or it is none of the others. */
    UNSPEC(0),
    /** Source and destination of 4 bytes each, then their ports of 2. */
    IPV4(12),
    /** Source and destination of 16 bytes each, then their ports of 2. */
    IPV6(36),
    /** Source and destination of 108 bytes each. */
    UNIX(216);

    private final int bytes;

    AddressBlock(int bytes) {
        this.bytes = bytes;
    }

    /**
     * @param family the byte for family, in its upper half, and protocol: stream or datagram
     * @return empty for one that is not assigned
     */
    static Optional<AddressBlock> of(int family) {
        return switch (family) {
            case 0x00 -> Optional.of(UNSPEC);
            case 0x11, 0x12 -> Optional.of(IPV4);
            case 0x21, 0x22 -> Optional.of(IPV6);
            case 0x31, 0x32 -> Optional.of(UNIX);
            default -> Optional.empty();
        };
    }

    int bytes() {
        return bytes;
    }
}
