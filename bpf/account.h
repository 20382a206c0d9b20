/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every packet is counted in exactly one counter, and marks the rule that decided on it. Denials are also
 * reported through a ring buffer, under a rate limit; a report that is kept back or finds the ring full
 * is counted as such.
 */
#pragma once

#include "clock.h"
#include "judge.h"
#include "rate.h"
#include "settings.h"

static __always_inline void count(__u32 decision, __u32 bytes)
{
    __u32 index = decision & DECISION_COUNTER;
    struct counter *counter = bpf_map_lookup_elem(&counters, &index);

    if (counter) {
        counter->packets++;
        counter->bytes += bytes;
    }
}

/* Only writes when the time has moved on: what every packet of a rule writes would be fought over by CPUs. */
static __always_inline void mark_rule(__u32 decision, const struct source *source)
{
    __u32 rule = decision >> DECISION_RULE_SHIFT & DECISION_RULE;
    if (!rule || !source->rules)
        return;

    __u32 index = source->rules + rule - 1, block_index = index / TIMES_PER_BLOCK;
    struct matched_block *block = bpf_map_lookup_elem(&matched, &block_index);
    __s32 now = coarse_time();

    if (block && block->time[index % TIMES_PER_BLOCK] != now)
        block->time[index % TIMES_PER_BLOCK] = now;
}

/* Fills in what is told of every denial. */
static __always_inline void describe(struct drop_event *event, const struct packet *packet, __u32 decision,
                                     enum direction direction, __u64 now)
{
    const struct address_key *source = direction == INGRESS ? &packet->remote : &packet->local;
    const struct address_key *destination = direction == INGRESS ? &packet->local : &packet->remote;

    event->time = now;
    event->decision = decision;
    event->ifindex = packet->ifindex;
    event->length = packet->length;
    event->source_port = direction == INGRESS ? packet->remote_port : packet->local_port;
    event->destination_port = direction == INGRESS ? packet->local_port : packet->remote_port;
    __builtin_memcpy(event->source, source->address, sizeof(event->source));
    __builtin_memcpy(event->destination, destination->address, sizeof(event->destination));
    event->vlan[0] = packet->vlan[0];
    event->vlan[1] = packet->vlan[1];
    event->family = packet->family;
    event->protocol = packet->protocol;
    event->tcp_flags = packet->tcp_flags;
    event->reserved = 0;
}

/* Reports a denial. `original` is whom a balancer has sent the packet for; NULL for none. */
__noinline int report(const struct packet *packet, __u32 decision, enum direction direction,
                      const struct original *original)
{
    struct reporting *state = reporting_state();
    __u64 now = bpf_ktime_get_ns();

    if (!state || !packet)
        return 0;
    if (!within(&state->report_rate, settings.limits.reports, now)) {
        state->limited++;
        return 0;
    }
    if (original) {
        struct proxied_drop_event *event = bpf_ringbuf_reserve(&drops, sizeof(*event), 0);
        if (event) {
            state->reported++;
            describe(&event->drop, packet, decision, direction, now);
            event->original = *original;
            bpf_ringbuf_submit(event, 0);
            return 0;
        }
    } else {
        struct drop_event *event = bpf_ringbuf_reserve(&drops, sizeof(*event), 0);
        if (event) {
            state->reported++;
            describe(event, packet, decision, direction, now);
            bpf_ringbuf_submit(event, 0);
            return 0;
        }
    }
    state->lost++;
    return 0;
}
