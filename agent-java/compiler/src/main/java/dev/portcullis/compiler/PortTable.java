// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

/**
 * Where each protocol's entries begin in {@link Image#portClasses()}; the kernel's {@code enum
 * port_table}.
 */
public final class PortTable {
    /** One entry a protocol number, for protocols whose ports are not looked at. */
    public static final int OTHER = 0;

    /** One entry a port. */
    public static final int TCP = 256;

    /** One entry a port. */
    public static final int UDP = TCP + 65_536;

    /** One entry a port. */
    public static final int SCTP = UDP + 65_536;

    /** The number of entries. */
    public static final int END = SCTP + 65_536;

    private PortTable() {}
}
