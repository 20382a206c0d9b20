// SPDX-License-Identifier: Apache-2.0
/* A good program and one that the verifier has to reject: it doesn't check the packet's length. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

SEC("xdp")
int good(struct xdp_md *ctx)
{
    (void)ctx;
    return XDP_PASS;
}

SEC("xdp")
int reads_past_the_end(struct xdp_md *ctx)
{
    __u8 *data = (void *)(long)ctx->data;

    return data[100];
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
