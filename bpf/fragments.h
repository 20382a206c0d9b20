/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fragments after the first have no ports; they follow the decision on the first. Only those to
 * addresses where something can be denied are remembered.
 */
#pragma once

#include "packet.h"

#define FRAGMENTED_PACKETS 16384

struct fragment_key {
    /* Network byte order; IPv4 in the first word. */
    __u32 source[4];
    __u32 destination[4];
    __u32 id;
    /* IPv4 tells packets apart by protocol too (RFC 791); for IPv6 it is 0 (RFC 8200, section 4.5). */
    __u8 protocol;
    __u8 family;
    __u16 reserved;
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __type(key, struct fragment_key);
    /* The decision on the first fragment, without what is only done once. */
    __type(value, __u32);
    __uint(max_entries, FRAGMENTED_PACKETS);
} fragments SEC(".maps");

static __always_inline void fragment_key(struct fragment_key *key, const struct packet *packet)
{
    __builtin_memset(key, 0, sizeof(*key));
    __builtin_memcpy(key->source, packet->source.address, sizeof(key->source));
    __builtin_memcpy(key->destination, packet->destination.address, sizeof(key->destination));
    key->id = packet->fragment_id;
    key->protocol = packet->family == 4 ? packet->protocol : 0;
    key->family = packet->family;
}

static __always_inline void remember_first_fragment(const struct packet *packet, __u32 decision)
{
    struct fragment_key key;

    fragment_key(&key, packet);
    decision &= DECISION_DROP | DECISION_AUDIT | DECISION_COUNTER;
    bpf_map_update_elem(&fragments, &key, &decision, BPF_ANY);
}

/* The decision on the first fragment if it was seen. */
static __always_inline __u32 follow_first_fragment(const struct packet *packet, __u32 unseen)
{
    struct fragment_key key;

    fragment_key(&key, packet);
    __u32 *decision = bpf_map_lookup_elem(&fragments, &key);
    return decision ? *decision : unseen;
}
