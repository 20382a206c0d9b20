// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/** The side of an interface on which a traffic-control program runs. */
public enum TcDirection {
    INGRESS(46, 1),
    EGRESS(47, 2);

    private final int attachType;
    private final int attachPoint;

    TcDirection(int attachType, int attachPoint) {
        this.attachType = attachType;
        this.attachPoint = attachPoint;
    }

    /** BPF_TCX_INGRESS or BPF_TCX_EGRESS of linux/bpf.h. */
    int attachType() {
        return attachType;
    }

    /** BPF_TC_INGRESS or BPF_TC_EGRESS of bpf/libbpf.h. */
    int attachPoint() {
        return attachPoint;
    }
}
