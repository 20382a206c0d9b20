// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/**
 * A socket to the part of the kernel that knows of interfaces and addresses.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/rtnetlink.7.html">rtnetlink</a>
 */
public final class RouteSocket extends NetlinkSocket {
    /** What the kernel tells of when it changes, without being asked. */
    public enum Group {
        INTERFACES(0x1),
        IPV4_ADDRESSES(0x10),
        IPV6_ADDRESSES(0x100);

        private final int bit;

        Group(int bit) {
            this.bit = bit;
        }
    }

    private static final int NETLINK_ROUTE = 0;

    private RouteSocket(Natives natives, int groups) {
        super(natives, NETLINK_ROUTE, groups);
    }

    /** Opens a socket that hears of these groups; of none, if it is for questions only. */
    public static RouteSocket open(Libbpf libbpf, Group... groups) {
        int bits = 0;
        for (Group group : groups) {
            bits |= group.bit;
        }
        return new RouteSocket(libbpf.natives(), bits);
    }
}
