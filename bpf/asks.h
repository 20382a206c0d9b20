/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules can name their peers by a pattern. Where the name of a source is not known, the agent is told
 * the address and looks the name up; until it has, the packet is judged without.
 */
#pragma once

#include "packet.h"
#include "rate.h"
#include "settings.h"

static __noinline void ask_name(const __u32 *address, __u8 family)
{
    struct ask ask = {.family = family};
    struct reporting *state = reporting_state();
    __u64 now = bpf_ktime_get_ns();

    if (!state)
        return;
    __builtin_memcpy(ask.address, address, sizeof(ask.address));
    __u64 *last = bpf_map_lookup_elem(&asked, &ask);
    __u64 before = last ? *(volatile __u64 *)last : 0;
    if (last && now - before < SECOND)
        return;
    /* Before the address is noted: one that is over the limit asks again with its next packet. */
    if (!within(&state->ask_rate, settings.limits.asks, now)) {
        state->asks_limited++;
        return;
    }
    /* Of several CPUs that see the address at once, one asks. */
    bool mine = last ? __sync_bool_compare_and_swap(last, before, now)
                     : bpf_map_update_elem(&asked, &ask, &now, BPF_NOEXIST) == 0;
    if (!mine)
        return;
    if (bpf_ringbuf_output(&asks, &ask, sizeof(ask), 0))
        state->asks_lost++;
    else
        state->asks_sent++;
}
