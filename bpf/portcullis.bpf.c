/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel side of Portcullis. A packet that comes in at a guarded interface is parsed, judged by the
 * rule set of the live slot, counted, and passed or dropped.
 */
#include "account.h"
#include "judge.h"

/* Parses and judges; the whole way but for counting. */
static __always_inline __u32 decide(struct xdp_md *context, __u32 slot, const struct generation *generation,
                                    struct packet *packet, struct trace *trace)
{
    struct cursor cursor = {
        .at = (void *)(long)context->data,
        .end = (void *)(long)context->data_end,
        .left = packet->length,
    };
    enum parsed parsed = parse(&cursor, packet);

    return judge(packet, parsed, context->ingress_ifindex, generation, slot, trace);
}

static __always_inline const struct generation *generation_of(__u32 slot)
{
    return bpf_map_lookup_elem(&generations, &slot);
}

SEC("xdp.frags")
int portcullis_xdp(struct xdp_md *context)
{
    __u32 zero = 0;
    __u32 *slot = bpf_map_lookup_elem(&live, &zero);
    if (!slot)
        return XDP_PASS;
    /* Read once: a commit may flip it while this packet is judged. */
    __u32 chosen = *(volatile __u32 *)slot;
    const struct generation *generation = generation_of(chosen);
    if (!generation)
        return XDP_PASS;

    struct packet packet = {.length = bpf_xdp_get_buff_len(context)};
    struct trace trace = {};
    __u32 decision = decide(context, chosen, generation, &packet, &trace);

    count(decision, packet.length);
    if (decision & DECISION_DROP) {
        report_drop(&packet, decision, context->ingress_ifindex);
        return XDP_DROP;
    }
    return XDP_PASS;
}

/* The same for test runs: judges by a chosen slot, tells how, and counts nothing. See struct probe. */
SEC("xdp.frags")
int portcullis_probe(struct xdp_md *context)
{
    struct probe *probe = (void *)(long)context->data_meta;
    if ((void *)(probe + 1) > (void *)(long)context->data)
        return XDP_ABORTED;

    __u32 slot = probe->slot;
    if (slot == PROBE_LIVE) {
        __u32 zero = 0;
        __u32 *word = bpf_map_lookup_elem(&live, &zero);
        if (!word)
            return XDP_ABORTED;
        slot = *word;
    }
    const struct generation *generation = generation_of(slot);
    if (!generation)
        return XDP_ABORTED;

    struct packet packet = {.length = bpf_xdp_get_buff_len(context)};
    struct trace trace = {};
    __u32 decision = decide(context, slot, generation, &packet, &trace);

    probe->decision = decision;
    probe->group = trace.group;
    probe->row = trace.row;
    probe->class = trace.class;
    probe->generation = generation->number;
    return decision & DECISION_DROP ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
