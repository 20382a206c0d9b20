/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fragments after the first have no ports; they follow the decision on the first. Only those of addresses
 * where something can be denied are remembered.
 *
 * An entry is for two hosts, and holds the last datagrams that one has sent to the other: who sends many
 * first fragments pushes out his own. What was denied is remembered apart, so that only who is let in can
 * use up the room of those who are.
 */
#pragma once

#include "clock.h"
#include "packet.h"

#define FRAGMENTING_HOSTS 4096
#define DATAGRAMS 16
/* A little more than the 30 s that Linux keeps fragments for, in the unit of coarse_time(). */
#define REASSEMBLY_TIME 30

struct fragment_key {
    /* Network byte order; IPv4 in the first word. */
    __u32 remote[4];
    __u32 local[4];
    /* IPv4 tells datagrams apart by protocol too (RFC 791); for IPv6 it is 0 (RFC 8200, section 4.5). */
    __u8 protocol;
    __u8 family;
    /* enum direction */
    __u8 direction;
    __u8 reserved;
};

struct datagrams {
    /* The next place to be written to, modulo DATAGRAMS. */
    __u32 next;
    __u32 reserved;
    /* The id of a datagram in the upper half, the decision on its first fragment in the lower one; in one
     * word, so that none is read that is half written. */
    __u64 decision[DATAGRAMS];
    /* In the unit of coarse_time(). */
    __u32 seen[DATAGRAMS];
};

#define FRAGMENT_MAP(name)                      \
    struct {                                    \
        __uint(type, BPF_MAP_TYPE_LRU_HASH);    \
        __type(key, struct fragment_key);       \
        __type(value, struct datagrams);        \
        __uint(max_entries, FRAGMENTING_HOSTS); \
    } name SEC(".maps")

FRAGMENT_MAP(fragments);
FRAGMENT_MAP(denied_fragments);

static __always_inline void fragment_key(struct fragment_key *key, const struct packet *packet,
                                         enum direction direction)
{
    __builtin_memset(key, 0, sizeof(*key));
    __builtin_memcpy(key->remote, packet->remote.address, sizeof(key->remote));
    __builtin_memcpy(key->local, packet->local.address, sizeof(key->local));
    key->protocol = packet->family == 4 ? packet->protocol : 0;
    key->family = packet->family;
    key->direction = direction;
}

static __always_inline void remember_datagram(void *map, const struct fragment_key *key, __u64 decision)
{
    static const struct datagrams none;
    struct datagrams *datagrams = bpf_map_lookup_elem(map, key);

    if (!datagrams) {
        bpf_map_update_elem(map, key, &none, BPF_NOEXIST);
        datagrams = bpf_map_lookup_elem(map, key);
        if (!datagrams)
            return;
    }
    __u32 place = __sync_fetch_and_add(&datagrams->next, 1) % DATAGRAMS;
    datagrams->seen[place] = coarse_time();
    *(volatile __u64 *)&datagrams->decision[place] = decision;
}

__noinline int remember_first_fragment(const struct packet *packet, __u32 decision, enum direction direction)
{
    struct fragment_key key;

    if (!packet)
        return 0;
    fragment_key(&key, packet, direction);
    __u32 kept = decision & (DECISION_DROP | DECISION_AUDIT | DECISION_COUNTER);
    __u64 entry = (__u64)packet->fragment_id << 32 | kept;
    if (kept & DECISION_DROP)
        remember_datagram(&denied_fragments, &key, entry);
    else
        remember_datagram(&fragments, &key, entry);
    return 0;
}

/* The newest decision on a first fragment with this id, and its age; 0 if there is none. */
static __always_inline __u32 find_datagram(void *map, const struct fragment_key *key, __u32 id, __s32 *age)
{
    struct datagrams *datagrams = bpf_map_lookup_elem(map, key);
    __u32 now = coarse_time(), found = 0;

    if (!datagrams)
        return 0;
    for (int i = 0; i < DATAGRAMS; i++) {
        __u64 entry = *(volatile __u64 *)&datagrams->decision[i];
        __s32 passed = since(datagrams->seen[i], now);
        if (entry >> 32 == id && (__u32)entry && passed <= *age) {
            found = entry;
            *age = passed;
        }
    }
    return found;
}

/* The decision on the first fragment if it was seen. */
__noinline __u32 follow_first_fragment(const struct packet *packet, __u32 unseen, enum direction direction)
{
    struct fragment_key key;
    __s32 age = REASSEMBLY_TIME;

    if (!packet)
        return unseen;
    fragment_key(&key, packet, direction);
    __u32 passed = find_datagram(&fragments, &key, packet->fragment_id, &age);
    /* Not the older of two: ids come again. */
    __u32 denied = find_datagram(&denied_fragments, &key, packet->fragment_id, &age);
    return denied ? denied : passed ? passed : unseen;
}
