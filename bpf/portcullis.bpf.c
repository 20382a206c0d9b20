/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel side of Portcullis. A packet that comes in or goes out at a guarded interface is parsed, judged
 * by the rule set of the live slot, counted, and passed, dropped, or answered; conversations that it begins are
 * noted where the other direction can deny their answers.
 */
#include "account.h"
#include "asks.h"
#include "dropped.h"
#include "proxy.h"
#include "reset.h"
#include "workloads.h"

#include <linux/pkt_cls.h>

/* What an ICMP error says before it quotes. */
#define ICMP_ERROR_HEADER 8

/*
 * The functions that read headers; each returns enum parsed. They are global, which the verifier looks at by
 * themselves: inlined, each way through the headers would be followed on through the whole verdict. So is what few
 * packets need.
 */

#define CURSOR(context, packet, bytes, ...)                                                                      \
    {                                                                                                            \
        .frame = (void *)(long)(context)->data, .end = (void *)(long)(context)->data_end, .at = &(packet)->read, \
        .left = bytes, __VA_ARGS__                                                                               \
    }

__noinline int read_frame(struct xdp_md *context, struct packet *packet)
{
    if (!packet)
        return PARSED_NO_ADDRESS;
    packet->length = bpf_xdp_get_buff_len(context);
    packet->ifindex = context->ingress_ifindex;
    struct cursor cursor = CURSOR(context, packet, packet->length, .side = LOCAL_IS_DESTINATION);
    enum parsed parsed = parse(&cursor, packet, false);

    packet->left = cursor.left;
    return parsed;
}

/* What the ICMP error `packet` quotes. It was sent by the local side. */
__noinline int read_quoted(struct xdp_md *context, const struct packet *packet, struct packet *quoted)
{
    if (!packet || !quoted || packet->left < ICMP_ERROR_HEADER)
        return PARSED_NO_ADDRESS;
    quoted->read = packet->read + ICMP_ERROR_HEADER;
    quoted->ifindex = packet->ifindex;
    struct cursor cursor =
        CURSOR(context, quoted, packet->left - ICMP_ERROR_HEADER, .side = LOCAL_IS_SOURCE, .quoted = true);

    return parse_quoted(&cursor, quoted);
}

__noinline int read_outgoing(struct __sk_buff *context, struct packet *packet)
{
    if (!packet)
        return PARSED_NO_ADDRESS;
    packet->length = context->len;
    packet->ifindex = context->ifindex;
    bool untagged = context->vlan_present;
    if (untagged)
        packet->vlan[0] = context->vlan_tci & VLAN_ID;
    struct cursor cursor = CURSOR(context, packet, packet->length, .side = LOCAL_IS_SOURCE);
    enum parsed parsed = parse(&cursor, packet, untagged);

    packet->left = cursor.left;
    return parsed;
}

/* What the ICMP error `packet` quotes. It was sent to the local side. */
__noinline int read_outgoing_quoted(struct __sk_buff *context, const struct packet *packet, struct packet *quoted)
{
    if (!packet || !quoted || packet->left < ICMP_ERROR_HEADER)
        return PARSED_NO_ADDRESS;
    quoted->read = packet->read + ICMP_ERROR_HEADER;
    quoted->ifindex = packet->ifindex;
    quoted->workload = packet->workload;
    struct cursor cursor =
        CURSOR(context, quoted, packet->left - ICMP_ERROR_HEADER, .side = LOCAL_IS_DESTINATION, .quoted = true);

    return parse_quoted(&cursor, quoted);
}

static __always_inline const struct generation *generation_of(__u32 slot)
{
    return bpf_map_lookup_elem(&generations, &slot);
}

/* Whether the packet that an ICMP error quotes has a say in the decision. */
static __always_inline bool may_be_related(const struct packet *packet, enum parsed parsed, __u32 decision,
                                           enum direction direction)
{
    return parsed == PARSED && is_icmp_error(packet) && decision != fixed(DECISION_NO_RESOURCE, direction);
}

/* Its key is off the stack, of which Linux 6.1 has 512 bytes for all functions, before the packet is judged. */
static __always_inline bool is_noted(const struct packet *packet)
{
    struct conversation_key key;

    conversation_key(&key, packet);
    return find_outbound(&key) || find_inbound(&key);
}

/* Whether the packet that an ICMP error quotes belongs to a conversation that is allowed: one that was noted, or
 * whose packets pass in this direction. The local side of both is the same. */
static __always_inline bool is_conversation_allowed(const struct packet *packet, const struct packet *quoted,
                                                    const struct generation *generation, __u32 slot,
                                                    enum direction direction)
{
    struct trace trace = {};

    /* An IPv6 address can begin with the bytes of an IPv4 one. */
    if (packet->family != quoted->family)
        return false;
    for (int i = 0; i < 4; i++)
        if (packet->local.address[i] != quoted->local.address[i])
            return false;
    if (!converses(quoted))
        return false;
    if (is_noted(quoted))
        return true;
    /* Of what comes from a balancer, the handshake passes in any case. */
    return !(judge(quoted, PARSED, generation, slot, &trace, direction) & (DECISION_DROP | DECISION_AUDIT));
}

__noinline int is_related(struct xdp_md *context, const struct packet *packet, __u32 slot)
{
    const struct generation *generation = generation_of(slot);
    struct packet quoted = {};

    return packet && generation && read_quoted(context, packet, &quoted) == PARSED &&
           is_conversation_allowed(packet, &quoted, generation, slot, INGRESS);
}

__noinline int is_outgoing_related(struct __sk_buff *context, const struct packet *packet, __u32 slot)
{
    const struct generation *generation = generation_of(slot);
    struct packet quoted = {};

    return packet && generation && read_outgoing_quoted(context, packet, &quoted) == PARSED &&
           is_conversation_allowed(packet, &quoted, generation, slot, EGRESS);
}

/* The decision on a segment that a balancer sends, by whom it sends it for. */
static __always_inline __u32 decide_proxied(struct xdp_md *context, const struct packet *packet, __u32 by,
                                            __u32 slot, struct trace *trace, bool trial)
{
    __u32 decision = judge_proxied(context, packet, by, slot, trial);
    struct proxy_scratch *scratch = scratch_of_proxy();

    if (scratch) {
        trace->source = scratch->source;
        trace->original = &scratch->original;
        trace->ends = scratch->ends;
        trace->end = scratch->end;
    }
    if (packet->fragment == FIRST_FRAGMENT)
        remember_first_fragment(packet, decision, INGRESS);
    return decision;
}

/* The decision on a packet that comes in, with what it quotes if it is an ICMP error. A trial leaves no trace. */
static __always_inline __u32 decide(struct xdp_md *context, const struct packet *packet, enum parsed parsed,
                                    const struct generation *generation, __u32 slot, struct trace *trace,
                                    bool trial)
{
    __u32 decision = judge(packet, parsed, generation, slot, trace, INGRESS);

    if (decision & DECISION_PROXIED)
        return decide_proxied(context, packet, decision, slot, trace, trial);
    if (may_be_related(packet, parsed, decision, INGRESS) && is_related(context, packet, slot))
        return fixed(DECISION_RELATED, INGRESS);
    return decision;
}

/* The same for one that goes out. */
static __always_inline __u32 decide_outgoing(struct __sk_buff *context, const struct packet *packet,
                                             enum parsed parsed, const struct generation *generation, __u32 slot,
                                             struct trace *trace)
{
    if (!(generation->flags & GENERATION_EGRESS))
        return fixed(DECISION_NO_RESOURCE, EGRESS);
    __u32 decision = judge(packet, parsed, generation, slot, trace, EGRESS);

    if (may_be_related(packet, parsed, decision, EGRESS) && is_outgoing_related(context, packet, slot))
        return fixed(DECISION_RELATED, EGRESS);
    return decision;
}

/* The slot that packets are judged by. A commit may flip it while one is. A rule set that nobody has confirmed in
 * time ends here, whether or not there is an agent. */
static __always_inline __u32 live_slot(void)
{
    __u32 zero = 0;
    __u64 *word = bpf_map_lookup_elem(&live, &zero);
    if (!word)
        return 0;
    __u64 read = *(volatile __u64 *)word;
    __u64 deadline = read >> LIVE_DEADLINE_SHIFT;

    if (deadline && bpf_ktime_get_boot_ns() >> LIVE_TIME_SHIFT >= deadline)
        read >>= LIVE_FALLBACK_SHIFT;
    return read & LIVE_SLOT;
}

SEC("xdp.frags")
int portcullis_xdp(struct xdp_md *context)
{
    __u32 slot = live_slot();
    const struct generation *generation = generation_of(slot);
    if (!generation)
        return XDP_PASS;

    struct packet packet = {};
    struct trace trace = {};
    enum parsed parsed = read_frame(context, &packet);
    __u32 decision = decide(context, &packet, parsed, generation, slot, &trace, false);
    const struct original *original = trace.original;

    count(decision, packet.length);
    mark_rule(decision, &trace.source);
    if (decision & DECISION_ASK) {
        if (original)
            ask_name(original->source, original->family);
        else
            ask_name(packet.remote.address, packet.family);
    }
    if (!(decision & DECISION_DROP)) {
        if (trace.conversation)
            follow_reply(context, trace.conversation, &packet);
        else if (parsed == PARSED && (trace.note || all_noted()) && converses(&packet))
            note_inbound(context, &packet);
        if (!original && parsed == PARSED && packet.protocol == IPPROTO_TCP &&
            (packet.tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN)
            forget_proxied(context, &packet);
    }
    if (!(decision & (DECISION_DROP | DECISION_AUDIT)))
        return XDP_PASS;
    if (original)
        count_original(&packet, decision, original);
    else
        count_source(&packet, decision);
    report(&packet, decision, INGRESS, original);
    if (!(decision & DECISION_DROP))
        return XDP_PASS;
    if (trace.ends)
        return end_at_server(context, &packet, trace.end);
    if (decision & DECISION_RESET)
        return reset(context, &packet);
    return XDP_DROP;
}

SEC("tc")
int portcullis_tc(struct __sk_buff *context)
{
    __u32 slot = live_slot();
    const struct generation *generation = generation_of(slot);
    bool all = all_noted();
    if (!generation || !(generation->flags & GENERATION_EGRESS || all))
        return TC_ACT_UNSPEC;

    struct packet packet = {.workload = workload_class(context, generation, slot)};
    struct trace trace = {};
    enum parsed parsed = read_outgoing(context, &packet);
    if (parsed != PARSED && parsed != PARSED_NOT_IP && context->len > context->data_end - context->data &&
        bpf_skb_pull_data(context, 0) == 0) {
        /* Headers may stand in pages that are only shown on demand. */
        packet = (struct packet){.workload = packet.workload};
        parsed = read_outgoing(context, &packet);
    }
    __u32 decision = decide_outgoing(context, &packet, parsed, generation, slot, &trace);

    count(decision, packet.length);
    mark_rule(decision, &trace.source);
    if (!(decision & DECISION_DROP)) {
        if (trace.conversation)
            follow_answer(context, trace.conversation, &packet);
        else if (parsed == PARSED && (trace.note || all) && converses(&packet))
            note_outbound(context, &packet, port_entry(&packet, packet.local_port));
    }
    if (decision & (DECISION_DROP | DECISION_AUDIT)) {
        count_source(&packet, decision);
        report(&packet, decision, EGRESS, NULL);
    }
    if (!(decision & DECISION_DROP))
        return TC_ACT_UNSPEC;
    return decision & DECISION_RESET ? reset_outgoing(context, &packet) : TC_ACT_SHOT;
}

/* The slot that a question is about. */
static __always_inline __u32 probed_slot(__u32 asked)
{
    return asked == PROBE_LIVE ? live_slot() : asked;
}

static __always_inline void answer(struct probe *probe, __u32 decision, const struct trace *trace,
                                   const struct generation *generation)
{
    probe->decision = decision;
    probe->group = trace->group;
    probe->cell = trace->cell;
    probe->class = trace->source.class;
    probe->generation = generation->number;
}

/* The same for test runs: judges by a chosen slot, tells how, and leaves no trace. See struct probe. */
SEC("xdp.frags")
int portcullis_probe(struct xdp_md *context)
{
    struct probe *probe = (void *)(long)context->data_meta;
    if ((void *)(probe + 1) > (void *)(long)context->data)
        return XDP_ABORTED;
    __u32 slot = probed_slot(probe->slot);
    const struct generation *generation = generation_of(slot);
    if (!generation)
        return XDP_ABORTED;

    struct packet packet = {};
    struct trace trace = {};
    enum parsed parsed = read_frame(context, &packet);
    __u32 decision = decide(context, &packet, parsed, generation, slot, &trace, true);

    probe = (void *)(long)context->data_meta;
    if ((void *)(probe + 1) > (void *)(long)context->data)
        return XDP_ABORTED;
    answer(probe, decision, &trace, generation);
    return decision & DECISION_DROP ? XDP_DROP : XDP_PASS;
}

/* The same for packets that go out. In `cb`: the slot and the class of the workload; then the decision, and the
 * generation's lower and upper half. */
SEC("tc")
int portcullis_tc_probe(struct __sk_buff *context)
{
    __u32 slot = probed_slot(context->cb[0]);
    const struct generation *generation = generation_of(slot);
    if (!generation)
        return TC_ACT_SHOT;

    struct packet packet = {.workload = context->cb[1]};
    struct trace trace = {};
    enum parsed parsed = read_outgoing(context, &packet);
    __u32 decision = decide_outgoing(context, &packet, parsed, generation, slot, &trace);

    context->cb[2] = decision;
    context->cb[3] = generation->number;
    context->cb[4] = generation->number >> 32;
    return decision & DECISION_DROP ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
