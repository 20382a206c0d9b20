// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/** Where in an interface's receive path an XDP program runs. */
public enum XdpMode {
    /** In the driver, before the kernel has made a socket buffer; not every driver can. */
    NATIVE(1 << 2),
    /** After that, on any interface: slower, for every packet has been copied already. */
    GENERIC(1 << 1);

    private final int flag;

    XdpMode(int flag) {
        this.flag = flag;
    }

    /** XDP_FLAGS_DRV_MODE or XDP_FLAGS_SKB_MODE of linux/if_link.h. */
    int flag() {
        return flag;
    }
}
