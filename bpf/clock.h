/* SPDX-License-Identifier: Apache-2.0 */
/* Time in the unit that is stored where a second is fine enough. */
#pragma once

#include "types.h"

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

/* CLOCK_MONOTONIC in units of 2^TIME_SHIFT nanoseconds. */
static __always_inline __u32 coarse_time(void)
{
    return bpf_ktime_get_coarse_ns() >> TIME_SHIFT;
}
