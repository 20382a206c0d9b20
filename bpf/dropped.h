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

/* The agent sets the sizes. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
    __type(key, struct dropped_key);
    __type(value, struct dropped);
    __uint(max_entries, 1);
} dropped SEC(".maps");

/* What balancers have sent on. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
    __type(key, struct dropped_proxied_key);
    __type(value, struct dropped);
    __uint(max_entries, 1);
} dropped_proxied SEC(".maps");

static __always_inline void count_in(void *map, const void *key, __u32 bytes)
{
    __u32 now = coarse_time();
    struct dropped *known = bpf_map_lookup_elem(map, key);

    if (!known) {
        struct reporting *state = reporting_state();
        struct dropped fresh = {.packets = 1, .bytes = bytes, .first = now, .last = now};

        if (!state)
            return;
        if (!within(&state->source_rate, settings.limits.sources, bpf_ktime_get_ns())) {
            state->sources_limited++;
            return;
        }
        if (!bpf_map_update_elem(map, key, &fresh, BPF_NOEXIST))
            return;
        /* Another CPU was first, unless every entry is being written to. */
        known = bpf_map_lookup_elem(map, key);
        if (!known) {
            state->sources_limited++;
            return;
        }
    }
    if (!known->packets)
        known->first = now;
    known->packets++;
    known->bytes += bytes;
    known->last = now;
}

static __always_inline void dropped_key(struct dropped_key *key, const struct packet *packet, __u32 decision)
{
    key->decision = decision & DECISION_COUNTER;
    key->family = packet->family;
    __builtin_memcpy(key->remote, packet->remote.address, sizeof(key->remote));
}

/* Counts a packet that is denied, or would be in audit mode. */
__noinline int count_source(const struct packet *packet, __u32 decision)
{
    struct dropped_key key;

    if (!packet)
        return 0;
    dropped_key(&key, packet, decision);
    count_in(&dropped, &key, packet->length);
    return 0;
}

/* The same of one that a balancer has sent on. */
__noinline int count_original(const struct packet *packet, __u32 decision, const struct original *original)
{
    struct dropped_proxied_key key;

    if (!packet || !original)
        return 0;
    dropped_key(&key.balancer, packet, decision);
    key.original = *original;
    count_in(&dropped_proxied, &key, packet->length);
    return 0;
}
