/* SPDX-License-Identifier: Apache-2.0 */
/* What packets make the programs do beside judging is limited, so that a flood of them can't make it a burden. */
#pragma once

#include "maps.h"

#define SECOND 1000000000ull

static __always_inline struct reporting *reporting_state(void)
{
    __u32 zero = 0;

    return bpf_map_lookup_elem(&reporting, &zero);
}

/* Takes one of a CPU's limit for this second; false when none is left. */
static __always_inline bool within(struct rate *rate, __u32 limit, __u64 now)
{
    if (now - rate->second >= SECOND) {
        rate->second = now;
        rate->in_second = 0;
    }
    if (rate->in_second >= limit)
        return false;
    rate->in_second++;
    return true;
}
