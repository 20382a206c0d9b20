/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every packet is counted in exactly one counter. Drops are also reported through a ring buffer, under a
 * rate limit; a report that is kept back or finds the ring full is counted as such.
 */
#pragma once

#include "packet.h"

#define SECOND 1000000000ull

/* Reports in a second on one CPU; set before the programs are loaded. */
const volatile __u32 reports_per_second = 500;

static __always_inline void count(__u32 decision, __u32 bytes)
{
    __u32 index = decision & DECISION_COUNTER;
    struct counter *counter = bpf_map_lookup_elem(&counters, &index);

    if (counter) {
        counter->packets++;
        counter->bytes += bytes;
    }
}

static __always_inline void report_drop(const struct packet *packet, __u32 decision, __u32 ifindex)
{
    __u32 zero = 0;
    struct reporting *state = bpf_map_lookup_elem(&reporting, &zero);
    if (!state)
        return;

    __u64 now = bpf_ktime_get_ns();
    if (now - state->second >= SECOND) {
        state->second = now;
        state->in_second = 0;
    }
    if (state->in_second >= reports_per_second) {
        state->limited++;
        return;
    }

    struct drop_event *event = bpf_ringbuf_reserve(&drops, sizeof(*event), 0);
    if (!event) {
        state->lost++;
        return;
    }
    state->in_second++;
    state->reported++;
    event->time = now;
    event->decision = decision;
    event->ifindex = ifindex;
    event->length = packet->length;
    event->source_port = packet->source_port;
    event->destination_port = packet->destination_port;
    __builtin_memcpy(event->source, packet->source.address, sizeof(event->source));
    __builtin_memcpy(event->destination, packet->destination.address, sizeof(event->destination));
    event->vlan[0] = packet->vlan[0];
    event->vlan[1] = packet->vlan[1];
    event->family = packet->family;
    event->protocol = packet->protocol;
    event->tcp_flags = packet->tcp_flags;
    event->reserved = 0;
    bpf_ringbuf_submit(event, 0);
}
