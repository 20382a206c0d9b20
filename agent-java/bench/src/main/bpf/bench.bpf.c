/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A test run repeats one packet. To judge changing ones, bench_vary writes the next source address of a
 * list into the packet and goes on to the program under test; with bench_empty as that program, a run
 * measures bench_vary alone, which is then taken off.
 */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define SOURCES 65536

struct source {
    /* Network byte order; an IPv4 address takes the first word. */
    __u32 address[4];
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct source);
    __uint(max_entries, SOURCES);
} sources SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, 1);
} under_test SEC(".maps");

__u32 next;

SEC("xdp.frags")
int bench_vary(struct xdp_md *context)
{
    void *end = (void *)(long)context->data_end;
    struct ethhdr *ethernet = (void *)(long)context->data;
    if ((void *)(ethernet + 1) > end)
        return XDP_ABORTED;

    __u32 index = next++ % SOURCES;
    struct source *source = bpf_map_lookup_elem(&sources, &index);
    if (!source)
        return XDP_ABORTED;

    if (ethernet->h_proto == bpf_htons(ETH_P_IP)) {
        struct iphdr *ip = (void *)(ethernet + 1);
        if ((void *)(ip + 1) > end)
            return XDP_ABORTED;
        ip->saddr = source->address[0];
    } else {
        struct ipv6hdr *ip = (void *)(ethernet + 1);
        if ((void *)(ip + 1) > end)
            return XDP_ABORTED;
        __builtin_memcpy(&ip->saddr, source->address, sizeof(ip->saddr));
    }
    bpf_tail_call(context, &under_test, 0);
    return XDP_ABORTED;
}

SEC("xdp.frags")
int bench_empty(struct xdp_md *context)
{
    (void)context;
    return XDP_PASS;
}

SEC("tc")
int bench_empty_tc(struct __sk_buff *context)
{
    (void)context;
    return TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
