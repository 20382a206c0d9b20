/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The maps. A commit changes only what is reached through a slot: three of everything, behind arrays of
 * maps, and `live` says which one is read. What outlives commits stands at the end.
 *
 * Inner maps are made by the agent, of the types below; BPF_F_INNER_MAP lets an array be replaced by a
 * larger one (Linux 5.10).
 */
#pragma once

#include "types.h"

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

/* Key of the tries. Those of IPv4 end after the first word of the address. */
struct address_key {
    /* Bits of the prefix; of the whole address in a look-up. */
    __u32 length;
    /* Network byte order. */
    __u32 address[4];
};

#define TRIE_KEY_IPV4 8
#define TRIE_KEY_IPV6 20

#define INNER_TRIE(name, key_bytes, value_type) \
    struct name {                               \
        __uint(type, BPF_MAP_TYPE_LPM_TRIE);    \
        __uint(key_size, key_bytes);            \
        __uint(value_size, sizeof(value_type)); \
        __uint(max_entries, 1);                 \
        __uint(map_flags, BPF_F_NO_PREALLOC);   \
    }

#define INNER_ARRAY(name, value_type)           \
    struct name {                               \
        __uint(type, BPF_MAP_TYPE_ARRAY);       \
        __uint(key_size, sizeof(__u32));        \
        __uint(value_size, sizeof(value_type)); \
        __uint(max_entries, 1);                 \
        __uint(map_flags, BPF_F_INNER_MAP);     \
    }

#define SLOTTED(name, inner)                      \
    struct {                                      \
        __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); \
        __uint(max_entries, SLOTS);               \
        __type(key, __u32);                       \
        __array(values, struct inner);            \
    } name SEC(".maps")

INNER_TRIE(source_trie4, TRIE_KEY_IPV4, struct source);
INNER_TRIE(source_trie6, TRIE_KEY_IPV6, struct source);
INNER_TRIE(local_trie4, TRIE_KEY_IPV4, struct local);
INNER_TRIE(local_trie6, TRIE_KEY_IPV6, struct local);
INNER_ARRAY(port_array, struct port_block);
INNER_ARRAY(cell_array, struct cell_block);
INNER_ARRAY(verdict_array, struct verdict_block);
INNER_ARRAY(proxy_array, struct proxy);

struct interface_hash {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, sizeof(__u32));
    __uint(max_entries, 1);
};

struct workload_hash {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(key_size, sizeof(__u64));
    __uint(value_size, sizeof(__u32));
    __uint(max_entries, 1);
};

struct endpoint_hash {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(key_size, sizeof(struct endpoint));
    __uint(value_size, sizeof(struct source));
    __uint(max_entries, 1);
};

SLOTTED(sources4, source_trie4);
SLOTTED(sources6, source_trie6);
SLOTTED(locals4, local_trie4);
SLOTTED(locals6, local_trie6);
SLOTTED(targets4, source_trie4);
SLOTTED(targets6, source_trie6);
SLOTTED(ports, port_array);
SLOTTED(remote_ports, port_array);
SLOTTED(cells, cell_array);
SLOTTED(verdicts, verdict_array);
/* Interface index to interface class; one that is not there has class 0. */
SLOTTED(interfaces, interface_hash);
/* Id of a cgroup to workload class. */
SLOTTED(workloads, workload_hash);
SLOTTED(proxies, proxy_array);
SLOTTED(endpoints, endpoint_hash);

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct generation);
    __uint(max_entries, SLOTS);
} generations SEC(".maps");

/* The slot that packets are judged by: the one word that a commit writes. See LIVE_SLOT. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 1);
    __uint(map_flags, BPF_F_MMAPABLE);
} live SEC(".maps");

/* Whose maps these are; only the agent reads it. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct identity);
    __uint(max_entries, 1);
} identity SEC(".maps");

/* The agent sets the size. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __type(key, __u32);
    __type(value, struct counter);
    __uint(max_entries, DECISION_FIRST_FREE);
} counters SEC(".maps");

/* What was counted in maps before this one, of the same size; only the agent uses it. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct counter);
    __uint(max_entries, DECISION_FIRST_FREE);
} carried SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __type(key, __u32);
    __type(value, struct reporting);
    __uint(max_entries, 1);
} reporting SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 256 * 1024);
} drops SEC(".maps");

/* The agent sets the size, and reads it without system calls. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct matched_block);
    __uint(max_entries, 1);
    __uint(map_flags, BPF_F_MMAPABLE);
} matched SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 64 * 1024);
} asks SEC(".maps");

/* CLOCK_MONOTONIC nanoseconds of the last question for an address. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __type(key, struct ask);
    __type(value, __u64);
    __uint(max_entries, 8192);
} asked SEC(".maps");

/* What a slot holds of one of the maps above; NULL before the first commit. */
static __always_inline void *slot_map(void *outer, __u32 slot)
{
    return bpf_map_lookup_elem(outer, &slot);
}
