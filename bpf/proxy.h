/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections that a balancer opens and whose first bytes, a PROXY protocol v2 header, say for whom. What comes
 * before the header is let in, since nothing of it reaches an application; data is not, until the header was read
 * and the verdict on whom it names lets it in. From then on the connection is known, and forgotten with it.
 *
 * Three maps, so that who is not let in never takes the room of who is: `opening` holds where the stream of a
 * connection begins, from its SYN on; `unfinished` headers of which a part has come; and `proxied` connections
 * that were let in. Each forgets whom it has not seen for longest.
 *
 * Where the stream begins is what makes a header one: a client can send bytes that look like a header at any place
 * behind the first.
 */
#pragma once

#include "header.h"
#include "judge.h"

#define PROXY_MAP(name, value_type)           \
    struct {                                  \
        __uint(type, BPF_MAP_TYPE_LRU_HASH);  \
        __type(key, struct conversation_key); \
        __type(value, value_type);            \
        __uint(max_entries, 1);               \
    } name SEC(".maps")

/* A header of which the first segments have come. */
struct unfinished {
    /* As in struct opening. */
    __u32 first;
    struct header header;
};

/* The agent sets the sizes. */
PROXY_MAP(proxied, struct proxied);
PROXY_MAP(opening, struct opening);
PROXY_MAP(unfinished, struct unfinished);

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __type(key, __u32);
    __type(value, struct proxying);
    __uint(max_entries, 1);
} proxying SEC(".maps");

/* What a verdict on one packet needs, and the stack has no room for. */
struct proxy_scratch {
    struct unfinished unfinished;
    /* What becomes known. */
    struct proxied fresh;
    /* Whom the packet is from, and the entry that decided on it. */
    struct original original;
    struct source source;
    /* Whether the packet is the one by which a connection is denied that the server takes for begun, and the
     * sequence number up to which the server has got that. */
    bool ends;
    __u32 end;
    struct conversation_key key;
    __u8 bytes[PROXY_HEADER_BYTES];
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __type(key, __u32);
    __type(value, struct proxy_scratch);
    __uint(max_entries, 1);
} proxy_scratch SEC(".maps");

static __always_inline struct proxy_scratch *scratch_of_proxy(void)
{
    __u32 zero = 0;

    return bpf_map_lookup_elem(&proxy_scratch, &zero);
}

static __always_inline struct proxying *proxying_state(void)
{
    __u32 zero = 0;

    return bpf_map_lookup_elem(&proxying, &zero);
}

static __always_inline const struct proxy *proxy_at(__u32 decision, __u32 slot)
{
    __u32 place = decision & DECISION_COUNTER;
    void *array = slot_map(&proxies, slot);

    return array ? bpf_map_lookup_elem(array, &place) : NULL;
}

static __always_inline struct source source_of_original(const struct original *original, __u32 slot)
{
    struct address_key key = {.length = original->family == 4 ? 32 : 128};

    __builtin_memcpy(key.address, original->source, sizeof(key.address));
    return source_of(&key, original->family, slot, INGRESS);
}

static __always_inline struct source source_of_endpoint(const struct endpoint *endpoint, __u32 slot)
{
    void *hash = endpoint->kind ? slot_map(&endpoints, slot) : NULL;
    struct source *source = hash ? bpf_map_lookup_elem(hash, endpoint) : NULL;

    return source ? *source : (struct source){};
}

/* What the policies say of whom a header names. */
static __always_inline __u32 decide_original(const struct original *original, const struct proxy *proxy,
                                             __u32 slot, struct source *by)
{
    struct source endpoint = source_of_endpoint(&original->endpoint, slot);
    __u32 by_endpoint = decision_at(proxy->endpoints + endpoint.class, slot, INGRESS);

    *by = endpoint;
    if (!original->family)
        return by_endpoint;
    struct source source = source_of_original(original, slot);
    if (decision_at(proxy->endpoint_ranks + endpoint.class, slot, INGRESS) <
        decision_at(proxy->source_ranks + source.class, slot, INGRESS))
        return by_endpoint;
    *by = source;
    return decision_at(proxy->sources + source.class, slot, INGRESS) & ~DECISION_REPLIES;
}

/* The decision on a connection by how it became known, and whom its header names. */
static __always_inline __u32 decide_by(const struct original *original, __u32 until, const struct proxy *proxy,
                                       __u32 slot, struct source *by)
{
    *by = (struct source){};
    switch (original->how) {
    case PROXIED_LOCAL:
        return proxy->local;
    case PROXIED_KEPT:
        return since(until, coarse_time()) <= 0 ? proxy->kept : proxy->header;
    case PROXIED_UNREADABLE:
        return proxy->header;
    default:
        return decide_original(original, proxy, slot, by);
    }
}

static __always_inline __u64 judged_by(const struct generation *generation, __u32 decision)
{
    return generation->number << 32 | decision;
}

/* The decision on a packet of a connection that is known, by this rule set. */
static __always_inline __u32 decide_known(struct proxied *known, const struct proxy *proxy,
                                          const struct generation *generation, __u32 slot,
                                          struct proxy_scratch *scratch, bool trial)
{
    __u64 judged = *(volatile __u64 *)&known->judged;

    scratch->original = known->original;
    scratch->source.rules = known->rules;
    if (judged >> 32 == (__u32)generation->number && known->original.how != PROXIED_KEPT)
        return judged;
    __u32 decision = decide_by(&known->original, known->until, proxy, slot, &scratch->source);
    if (!trial) {
        known->rules = scratch->source.rules;
        *(volatile __u64 *)&known->judged = judged_by(generation, decision);
    }
    return decision;
}

/* Follows the end of a connection: the agent lets go of what nothing came of after it. */
static __always_inline void follow_known(struct proxied *known, const struct signal *signal, bool data)
{
    if ((signal->ends || signal->resets) && !known->ended)
        known->ended = coarse_time();
    else if (data && known->ended)
        known->ended = 0;
}

/* Whether this host has the connection, so that it takes no SYN for it. A host that forwards has none. */
__noinline int has_socket(struct xdp_md *context, const struct packet *packet)
{
    struct bpf_sock_tuple tuple = {};
    bool has;

    if (!packet)
        return false;
    __u32 bytes = packet->family == 4 ? sizeof(tuple.ipv4) : sizeof(tuple.ipv6);
    if (packet->family == 4) {
        tuple.ipv4.saddr = packet->remote.address[0];
        tuple.ipv4.daddr = packet->local.address[0];
        tuple.ipv4.sport = bpf_htons(packet->remote_port);
        tuple.ipv4.dport = bpf_htons(packet->local_port);
    } else {
        __builtin_memcpy(tuple.ipv6.saddr, packet->remote.address, sizeof(tuple.ipv6.saddr));
        __builtin_memcpy(tuple.ipv6.daddr, packet->local.address, sizeof(tuple.ipv6.daddr));
        tuple.ipv6.sport = bpf_htons(packet->remote_port);
        tuple.ipv6.dport = bpf_htons(packet->local_port);
    }
    struct bpf_sock *socket = bpf_skc_lookup_tcp(context, &tuple, bytes, BPF_F_CURRENT_NETNS, 0);
    if (!socket)
        return false;
    has = socket->state != BPF_TCP_LISTEN && socket->state != BPF_TCP_TIME_WAIT && socket->state != BPF_TCP_CLOSE;
    bpf_sk_release(socket);
    return has;
}

/* What a SYN is to the connection that its ports are known of. */
enum beginning {
    /* It belongs to that, or comes in vain. */
    BEGINS_NOTHING,
    BEGINS,
    /* That has just ended, and its socket is not gone yet. */
    BEGINS_EARLY,
};

/* So long after the end of a connection a SYN is held back that finds its socket, in units of 2^TIME_SHIFT
 * nanoseconds: longer than a packet is on its way from here to there. */
#define END_TAKES 2

/* A SYN: what was known of its ports is of a connection before, unless that one is still there. */
__noinline int begin_proxied(struct xdp_md *context, const struct packet *packet, __u32 sequence)
{
    struct proxy_scratch *scratch = scratch_of_proxy();
    struct opening fresh = {.first = sequence + 1};

    if (!packet || !scratch)
        return BEGINS_NOTHING;
    struct opening *before = bpf_map_lookup_elem(&opening, &scratch->key);
    if (before && before->first == fresh.first)
        return BEGINS;
    struct proxied *known = bpf_map_lookup_elem(&proxied, &scratch->key);
    if (known && known->first == fresh.first)
        return BEGINS_NOTHING;
    if ((known || before) && has_socket(context, packet))
        return known && known->ended && since(known->ended, coarse_time()) <= END_TAKES ? BEGINS_EARLY
                                                                                        : BEGINS_NOTHING;
    if (known)
        bpf_map_delete_elem(&proxied, &scratch->key);
    bpf_map_update_elem(&opening, &scratch->key, &fresh, BPF_ANY);
    return BEGINS;
}

/* A SYN of which no header is asked for: should one be asked for later, what is known of its ports is not of this
 * connection. */
__noinline int forget_proxied(struct xdp_md *context, const struct packet *packet)
{
    struct proxy_scratch *scratch = scratch_of_proxy();

    if (!packet || !scratch)
        return 0;
    conversation_key(&scratch->key, packet);
    if (!bpf_map_lookup_elem(&proxied, &scratch->key) && !bpf_map_lookup_elem(&opening, &scratch->key))
        return 0;
    if (has_socket(context, packet))
        return 0;
    bpf_map_delete_elem(&proxied, &scratch->key);
    bpf_map_delete_elem(&opening, &scratch->key);
    return 1;
}

/* Notes a connection that passes. */
static __always_inline void let_in(struct proxy_scratch *scratch, const struct generation *generation,
                                   __u32 decision)
{
    struct proxied *fresh = &scratch->fresh;

    fresh->judged = judged_by(generation, decision);
    fresh->rules = scratch->source.rules;
    fresh->first = scratch->unfinished.first;
    fresh->ended = 0;
    fresh->until = 0;
    fresh->original = scratch->original;
    bpf_map_update_elem(&proxied, &scratch->key, fresh, BPF_ANY);
    bpf_map_delete_elem(&opening, &scratch->key);
    bpf_map_delete_elem(&unfinished, &scratch->key);
}

/* The data of a segment. */
struct data {
    /* Whether it came with a SYN, so that no server has taken the connection for begun yet. */
    bool begins;
    __u32 sequence;
    /* Where it stands in the frame, and how much of it there is. */
    __u32 offset;
    __u32 bytes;
};

/* Reads the header on, as far as it stands in this data. `scratch` holds what was read before. False if the data
 * can't be read. */
static __always_inline bool read_data(struct xdp_md *context, const struct data *data,
                                      struct proxy_scratch *scratch)
{
    struct header *header = &scratch->unfinished.header;
    __u32 skipped = scratch->unfinished.first + header->read - data->sequence;
    __u32 count = data->bytes - skipped;

    if (count == 0)
        return false;
    if (count > PROXY_HEADER_BYTES)
        count = PROXY_HEADER_BYTES;
    /* Says the same in a way that the compiler leaves in its place, where the verifier of Linux 6.1 sees it. */
    asm volatile("" : "+r"(count));
    count = ((count - 1) & (PROXY_HEADER_BYTES - 1)) + 1;
    if (bpf_xdp_load_bytes(context, data->offset + skipped, scratch->bytes, count))
        return false;
    read_on(header, scratch->bytes, count);
    return true;
}

/* Begins to read, or goes on with what has come before of the header. A trial, in which nothing has `begun`, takes
 * the data for the first. */
static __always_inline void resume_reading(const struct data *data, const struct opening *begun,
                                           struct proxy_scratch *scratch)
{
    struct unfinished *before = begun ? bpf_map_lookup_elem(&unfinished, &scratch->key) : NULL;

    if (before && before->first == begun->first) {
        scratch->unfinished = *before;
        return;
    }
    begin_header(&scratch->unfinished.header);
    scratch->unfinished.first = begun ? begun->first : data->sequence;
}

/* The decision on data of a connection that is not known. */
static __always_inline __u32 decide_data(struct xdp_md *context, const struct data *data,
                                         const struct proxy *proxy, const struct generation *generation,
                                         __u32 slot, struct proxy_scratch *scratch, bool trial)
{
    struct header *header = &scratch->unfinished.header;
    struct proxying *state = proxying_state();
    struct opening *begun = trial ? NULL : bpf_map_lookup_elem(&opening, &scratch->key);

    if (!state || (!begun && !trial))
        return proxy->header;
    /* By another rule set it is read again, should the balancer send it again. */
    if (begun && begun->denied >> 32 == (__u32)generation->number)
        return begun->denied;
    resume_reading(data, begun, scratch);
    /* How far the next byte that is to be read stands behind the first one of this data. */
    __s32 wanted = scratch->unfinished.first + header->read - data->sequence;
    /* Nor has data a place before the stream, where no connection has it. */
    if (wanted < 0 || (__s32)(data->sequence - scratch->unfinished.first) < 0)
        return proxy->ahead;
    /* It came before, and was passed. */
    if (wanted >= (__s32)data->bytes)
        return proxy->handshake;
    if (!read_data(context, data, scratch))
        return proxy->header;
    if (header->state == HEADER_READING) {
        if (!trial) {
            bpf_map_update_elem(&unfinished, &scratch->key, &scratch->unfinished, BPF_ANY);
            state->split++;
        }
        return proxy->handshake;
    }

    __u32 decision = proxy->header;
    if (header->state == HEADER_WHOLE) {
        scratch->original = header->original;
        decision = decide_by(&header->original, 0, proxy, slot, &scratch->source);
    } else {
        scratch->original.how = PROXIED_UNREADABLE;
        if (header->state == HEADER_TOO_LONG && !trial)
            state->too_long++;
    }
    if (trial || !begun)
        return decision;
    if (!(decision & DECISION_DROP)) {
        let_in(scratch, generation, decision);
    } else if (!data->begins && !(decision & DECISION_ASK)) {
        /* One that waits for a name is judged anew when it comes again. */
        begun->denied = judged_by(generation, decision);
        scratch->ends = true;
        scratch->end = data->sequence + wanted;
    }
    return decision;
}

/*
 * The decision on a TCP segment that comes from a balancer. `by` is the verdict that says so. Whom it is from is
 * then in the scratch. A trial leaves no trace; it takes data for what a connection begins with.
 */
__noinline __u32 judge_proxied(struct xdp_md *context, const struct packet *packet, __u32 by, __u32 slot,
                               bool trial)
{
    const struct generation *generation = bpf_map_lookup_elem(&generations, &slot);
    const struct proxy *proxy = proxy_at(by, slot);
    struct proxy_scratch *scratch = scratch_of_proxy();

    if (!packet || !generation || !proxy || !scratch)
        return DECISION_FAULT | DECISION_DROP;
    __builtin_memset(&scratch->original, 0, sizeof(scratch->original));
    scratch->source = (struct source){};
    scratch->ends = false;
    conversation_key(&scratch->key, packet);
    struct signal signal = SIGNAL(context, packet);
    __u32 flags = !!(packet->tcp_flags & (TCP_SYN | TCP_FIN));
    struct data data = {
        .begins = signal.begins,
        .sequence = signal.sequence + signal.begins,
        .bytes = signal.next - signal.sequence - flags,
    };
    data.offset = packet->read + packet->left - data.bytes;

    if (signal.begins) {
        int beginning = trial ? BEGINS : begin_proxied(context, packet, signal.sequence);
        if (beginning != BEGINS)
            return beginning == BEGINS_EARLY ? proxy->ahead : proxy->handshake;
    } else {
        struct proxied *known = bpf_map_lookup_elem(&proxied, &scratch->key);
        if (known && !trial)
            follow_known(known, &signal, data.bytes);
        if (known)
            return decide_known(known, proxy, generation, slot, scratch, trial);
    }
    /* What follows in later fragments could not be read. */
    if (packet->fragment != NO_FRAGMENT)
        return proxy->header;
    if (data.bytes == 0)
        return proxy->handshake;
    return decide_data(context, &data, proxy, generation, slot, scratch, trial);
}
