/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel side of Portcullis. A packet that comes in at a guarded interface is parsed, judged by the
 * rule set of the live slot, counted, and passed, dropped, or answered.
 */
#include "account.h"
#include "asks.h"
#include "reset.h"

/*
 * Reads the frame's headers; enum parsed. A global function, which the verifier looks at by itself: inlined,
 * each way through the headers would be followed on through the whole verdict.
 */
__noinline int read_frame(struct xdp_md *context, struct packet *packet)
{
    if (!packet)
        return PARSED_NO_ADDRESS;
    packet->length = bpf_xdp_get_buff_len(context);
    packet->ifindex = context->ingress_ifindex;
    struct cursor cursor = {
        .frame = (void *)(long)context->data,
        .end = (void *)(long)context->data_end,
        .at = &packet->read,
        .left = packet->length,
    };
    enum parsed parsed = parse(&cursor, packet);

    packet->left = cursor.left;
    return parsed;
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

    struct packet packet = {};
    struct trace trace = {};
    enum parsed parsed = read_frame(context, &packet);
    __u32 decision = judge(&packet, parsed, generation, chosen, &trace);

    count(decision, packet.length);
    mark_rule(decision, &trace.source);
    if (decision & DECISION_ASK)
        ask_name(&packet);
    if (!(decision & (DECISION_DROP | DECISION_AUDIT)))
        return XDP_PASS;
    report(&packet, decision);
    if (!(decision & DECISION_DROP))
        return XDP_PASS;
    if (decision & DECISION_RESET)
        return reset(context, &packet);
    return XDP_DROP;
}

/* The same for test runs: judges by a chosen slot, tells how, and leaves no trace. See struct probe. */
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

    struct packet packet = {};
    struct trace trace = {};
    enum parsed parsed = read_frame(context, &packet);
    __u32 decision = judge(&packet, parsed, generation, slot, &trace);

    probe->decision = decision;
    probe->group = trace.group;
    probe->cell = trace.cell;
    probe->class = trace.source.class;
    probe->generation = generation->number;
    return decision & DECISION_DROP ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
