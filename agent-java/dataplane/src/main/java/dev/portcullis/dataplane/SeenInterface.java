// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.XdpAttachment;
import java.util.Optional;

/**
 * An interface that is to be guarded, as a look from outside finds it.
 *
 * @param kind what the kernel calls its kind, such as {@code veth}; empty for hardware
 * @param attached the XDP program that is there
 * @param owner whose that is
 */
public record SeenInterface(
        String name,
        int index,
        String kind,
        NativeXdp nativeXdp,
        Optional<XdpAttachment> attached,
        Owner owner) {
    /** Who attached the program that is there. */
    public enum Owner {
        /** Nobody: there is none. */
        NOBODY,
        /** An agent with this directory of pins. */
        PORTCULLIS,
        OTHERS,
        /** This process may not look at the pins. */
        UNKNOWN
    }
}
