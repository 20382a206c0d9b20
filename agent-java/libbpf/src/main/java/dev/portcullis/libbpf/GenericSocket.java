// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/**
 * A socket to the parts of the kernel that have no number of their own among netlink's: they are
 * families, and the kernel is asked for the number of one by its name.
 *
 * @see <a href="https://docs.kernel.org/networking/generic_netlink.html">generic netlink</a>
 */
public final class GenericSocket extends NetlinkSocket {
    private static final int NETLINK_GENERIC = 16;

    private GenericSocket(Natives natives) {
        super(natives, NETLINK_GENERIC, 0);
    }

    /** Opens a socket for questions. */
    public static GenericSocket open(Libbpf libbpf) {
        return new GenericSocket(libbpf.natives());
    }
}
