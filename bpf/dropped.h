/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is denied most: counts of each remote address and decision, in a map that forgets whom it has not seen for
 * longest.
 *
 * Anybody can make up addresses, so a flood of them must neither cost much nor push out those who come again and
 * again. A new one is only let in under a rate limit; over it, it stays out until a later packet of it meets
 * with room, which is the sooner the more it sends: of those who are kept out, the heavy ones come in first
 * (Estan and Varghese's sample and hold, SIGCOMM 2002). And a new entry is not looked up when it is made, since
 * that is what the kernel tells those by that are in use: entries of one packet go first.
 *
 * Values are per CPU, as counters are, so that a flood of one source that comes in at all CPUs is not slowed
 * down by their counting.
 */
#pragma once

#include "clock.h"
#include "packet.h"
#include "rate.h"
#include "settings.h"

/* The agent sets the size. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
    __type(key, struct dropped_key);
    __type(value, struct dropped);
    __uint(max_entries, 1);
} dropped SEC(".maps");

/* Counts a packet that is denied, or would be in audit mode. */
__noinline int count_source(const struct packet *packet, __u32 decision)
{
    struct dropped_key key = {.decision = decision & DECISION_COUNTER};
    __u32 now = coarse_time();

    if (!packet)
        return 0;
    key.family = packet->family;
    __builtin_memcpy(key.remote, packet->remote.address, sizeof(key.remote));

    struct dropped *known = bpf_map_lookup_elem(&dropped, &key);
    if (!known) {
        struct reporting *state = reporting_state();
        struct dropped fresh = {.packets = 1, .bytes = packet->length, .first = now, .last = now};

        if (!state)
            return 0;
        if (!within(&state->source_rate, settings.limits.sources, bpf_ktime_get_ns())) {
            state->sources_limited++;
            return 0;
        }
        if (!bpf_map_update_elem(&dropped, &key, &fresh, BPF_NOEXIST))
            return 0;
        /* Another CPU was first, unless every entry is being written to. */
        known = bpf_map_lookup_elem(&dropped, &key);
        if (!known) {
            state->sources_limited++;
            return 0;
        }
    }
    if (!known->packets)
        known->first = now;
    known->packets++;
    known->bytes += packet->length;
    known->last = now;
    return 0;
}
