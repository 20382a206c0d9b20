/* SPDX-License-Identifier: Apache-2.0 */
/* Time in the unit that is stored where a second is fine enough. */
#pragma once

#include "types.h"

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

/* From a time to another. It can be negative: another CPU, or the agent, may have read the clock later. */
static __always_inline __s32 since(__u32 before, __u32 now)
{
    return now - before;
}

/* CLOCK_MONOTONIC in units of 2^TIME_SHIFT nanoseconds. */
static __always_inline __u32 coarse_time(void)
{
    return bpf_ktime_get_coarse_ns() >> TIME_SHIFT;
}
