/* SPDX-License-Identifier: Apache-2.0 */
/* Workloads: rule sets of egress can be for a cgroup and all below it. */
#pragma once

#include "maps.h"

/* A cgroup deeper than this can't be named. */
#define WORKLOAD_LEVELS 16

/* The class of the innermost named workload that the sender of a packet belongs to; 0 for none, and for packets
 * that nobody here has sent. */
static __always_inline __u32 workload_class(struct __sk_buff *context, const struct generation *generation,
                                            __u32 slot)
{
    __u32 class = 0;

    if (!(generation->flags & GENERATION_WORKLOADS))
        return 0;
    void *hash = slot_map(&workloads, slot);
    if (!hash)
        return 0;
    for (__u32 level = 0; level < WORKLOAD_LEVELS; level++) {
        __u64 cgroup = bpf_skb_ancestor_cgroup_id(context, level);
        if (!cgroup)
            break;
        __u32 *named = bpf_map_lookup_elem(hash, &cgroup);
        if (named)
            class = *named;
    }
    return class;
}
