// SPDX-License-Identifier: Apache-2.0
/* Maps of every kind that the bindings know, and programs that show that they ran. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define COUNTERS 4
#define COUNT_JUDGED 0
#define COUNT_DROPPED 1
#define COUNT_TC 2

struct lpm_key {
    __u32 length;
    __u8 address[4];
};

/* What report() tells of a packet. */
struct event {
    __u32 ifindex;
    __u32 packet_length;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __type(value, __u64);
} entries SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, COUNTERS);
    __type(key, __u32);
    __type(value, __u64);
} counters SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(max_entries, 1024);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct lpm_key);
    __type(value, __u32);
} prefixes SEC(".maps");

/* What its inner maps look like, the loader has to say. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u32);
} slots SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 16);
} events SEC(".maps");

const volatile __u32 verdict = XDP_PASS;

static __always_inline void count(__u32 which)
{
    __u64 *counter = bpf_map_lookup_elem(&counters, &which);

    if (counter)
        *counter += 1;
}

/* Counts, and answers what the loader has set. */
SEC("xdp")
int judge(struct xdp_md *ctx)
{
    (void)ctx;
    count(COUNT_JUDGED);
    return verdict;
}

SEC("xdp")
int drop_all(struct xdp_md *ctx)
{
    (void)ctx;
    count(COUNT_DROPPED);
    return XDP_DROP;
}

/* Answers what stands in the first word of slot 1's map, or 1 if there is none. */
SEC("xdp")
int read_slot(struct xdp_md *ctx)
{
    __u32 slot = 1, key = 0;
    void *inner = bpf_map_lookup_elem(&slots, &slot);
    __u32 *value = inner ? bpf_map_lookup_elem(inner, &key) : 0;

    (void)ctx;
    return value ? *value : 1;
}

SEC("xdp")
int report(struct xdp_md *ctx)
{
    struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

    if (!event)
        return XDP_ABORTED;
    event->ifindex = ctx->ingress_ifindex;
    event->packet_length = ctx->data_end - ctx->data;
    bpf_ringbuf_submit(event, 0);
    return XDP_PASS;
}

/* Answers the metadata's first word plus one, which it also leaves there, and marks the frame. */
SEC("xdp")
int read_metadata(struct xdp_md *ctx)
{
    void *data = (void *)(long)ctx->data;
    void *end = (void *)(long)ctx->data_end;
    __u32 *metadata = (void *)(long)ctx->data_meta;
    __u8 *frame = data;

    if ((void *)(metadata + 1) > data || (void *)(frame + 1) > end)
        return XDP_ABORTED;
    *metadata += 1;
    *frame = 0xee;
    return *metadata;
}

SEC("tc")
int count_tc(struct __sk_buff *skb)
{
    (void)skb;
    count(COUNT_TC);
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
