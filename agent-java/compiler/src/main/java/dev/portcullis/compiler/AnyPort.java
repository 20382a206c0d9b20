// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

/**
 * The last columns of the cells table, for packets whose ports can't be read; the kernel's {@code
 * enum any_port} and {@code enum any_port_cell}.
 */
public final class AnyPort {
    /** How many columns: TCP, UDP, SCTP, ICMP, other protocols, and all of them together. */
    public static final int COLUMNS = 6;

    /** No resource selects such a packet. */
    public static final int NO_RESOURCE = 0;

    /** Resources select it, and none that would govern is protected. */
    public static final int OPEN = 1;

    /** For some port, a protected resource governs. */
    public static final int PROTECTED = 2;

    /** It passes by the failsafe list, whatever the port. */
    public static final int FAILSAFE = 3;

    /** For some port, a protected resource governs, and all such resources are in audit mode. */
    public static final int AUDITED = 4;

    /** None that would govern is protected, and some have a blocklist. */
    public static final int WATCHED = 5;

    private AnyPort() {}
}
