/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conversations, so that answers pass: to what this host began at a protected ingress, to what was let in
 * at a protected egress. Only those are noted whose other direction can deny.
 *
 * Each kind has two maps. One holds those of which one side was heard, and anybody can fill it; the other those
 * whose remote side has shown that it received what the local side sent. So floods and scans only push out
 * their like, and what comes from outside never touches what this host began.
 *
 * As in Linux's own tracking, state follows both sides. A segment that a stranger made up changes nothing: a
 * remote RST counts if it stands where the local side has read to (RFC 5961, section 3.2), a remote FIN when the
 * local side has acknowledged it.
 */
#pragma once

#include "clock.h"
#include "packet.h"
#include "settings.h"

#define CONVERSATION_MAP(name)                \
    struct {                                  \
        __uint(type, BPF_MAP_TYPE_LRU_HASH);  \
        __type(key, struct conversation_key); \
        __type(value, struct conversation);   \
        __uint(max_entries, 1);               \
    } name SEC(".maps")

/* Begun by this host, and towards it. The agent sets the sizes. */
CONVERSATION_MAP(outbound);
CONVERSATION_MAP(outbound_opening);
CONVERSATION_MAP(inbound);
CONVERSATION_MAP(inbound_opening);

/* 1 where this host has begun a conversation at a port, by enum port_table: no others are looked for, so that
 * packets to a server's port cost nothing. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u8);
    __uint(max_entries, PORT_TABLE_END);
} outbound_ports SEC(".maps");

/* 1 while the agent is about to protect what was open: conversations are noted as if all of it were
 * protected already. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, 1);
} noting SEC(".maps");

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

struct sctp_chunk {
    __be16 source;
    __be16 destination;
    __be32 verification_tag;
    __be32 checksum;
    __u8 type;
    __u8 flags;
    __be16 length;
    /* Of INIT and INIT ACK. */
    __be32 initiate_tag;
};

enum sctp_chunk_type {
    SCTP_INIT = 1,
    SCTP_INIT_ACK = 2,
    SCTP_ABORT = 6,
    SCTP_SHUTDOWN = 7,
    SCTP_SHUTDOWN_ACK = 8,
    SCTP_SHUTDOWN_COMPLETE = 14,
};

/* What of a packet moves a conversation on. */
struct signal {
    __u32 sequence;
    __u32 acknowledgement;
    /* The sequence number after it. */
    __u32 next;
    /* SCTP, network byte order. */
    __u32 verification_tag;
    __u32 initiate_tag;
    bool begins;
    /* TCP: begins or answers a beginning. */
    bool synchronizes;
    bool ends;
    bool resets;
    bool acknowledges;
};

static __always_inline bool all_noted(void)
{
    __u32 zero = 0;
    __u32 *on = bpf_map_lookup_elem(&noting, &zero);

    return on && *on;
}

static __always_inline bool has_ports(const struct packet *packet)
{
    return packet->protocol == IPPROTO_TCP || packet->protocol == IPPROTO_UDP || packet->protocol == IPPROTO_SCTP;
}

/* Whether it can belong to a conversation that is noted; those of other protocols are not. */
static __always_inline bool converses(const struct packet *packet)
{
    return packet->fragment != LATER_FRAGMENT && (has_ports(packet) || is_echo(packet));
}

static __always_inline void conversation_key(struct conversation_key *key, const struct packet *packet)
{
    __builtin_memset(key, 0, sizeof(*key));
    __builtin_memcpy(key->local, packet->local.address, sizeof(key->local));
    __builtin_memcpy(key->remote, packet->remote.address, sizeof(key->remote));
    key->local_port = has_ports(packet) ? packet->local_port : packet->echo_id;
    key->remote_port = has_ports(packet) ? packet->remote_port : packet->echo_id;
    key->protocol = packet->protocol;
    key->family = packet->family;
}

/* Reads what `frame` .. `end` holds of the transport header. */
static __always_inline struct signal signal_of(const struct packet *packet, void *frame, void *end)
{
    void *header = frame + (packet->read & HEADERS_END);
    struct signal signal = {};

    if (packet->protocol == IPPROTO_TCP) {
        struct tcphdr *tcp = header;
        __u8 flags = packet->tcp_flags;
        if ((void *)(tcp + 1) > end)
            return signal;
        signal.sequence = bpf_ntohl(tcp->seq);
        signal.acknowledgement = bpf_ntohl(tcp->ack_seq);
        signal.next = signal.sequence + packet->left - tcp->doff * 4u + !!(flags & (TCP_SYN | TCP_FIN));
        signal.begins = (flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
        signal.ends = flags & TCP_FIN;
        signal.resets = flags & TCP_RST;
        signal.acknowledges = flags & TCP_ACK;
        signal.synchronizes = flags & TCP_SYN;
    } else if (packet->protocol == IPPROTO_SCTP) {
        struct sctp_chunk *chunk = header;
        if ((void *)(chunk + 1) > end)
            return signal;
        signal.verification_tag = chunk->verification_tag;
        signal.begins = chunk->type == SCTP_INIT;
        if (chunk->type == SCTP_INIT || chunk->type == SCTP_INIT_ACK)
            signal.initiate_tag = chunk->initiate_tag;
        signal.resets = chunk->type == SCTP_ABORT || chunk->type == SCTP_SHUTDOWN_COMPLETE;
        signal.ends = chunk->type == SCTP_SHUTDOWN || chunk->type == SCTP_SHUTDOWN_ACK;
    } else if (packet->protocol == IPPROTO_UDP) {
        signal.begins = true;
    } else {
        signal.begins = packet->icmp_type == ECHO_REQUEST || packet->icmp_type == ECHO6_REQUEST;
    }
    return signal;
}

/* How long it is known after its last packet. */
static __always_inline __u32 lifetime(const struct conversation *conversation, __u8 protocol)
{
    __u8 either = conversation->local_flags | conversation->remote_flags;

    switch (protocol) {
    case IPPROTO_TCP:
        if (either & CONVERSATION_RESET)
            return settings.timeouts.tcp_closed;
        if (conversation->local_flags & (CONVERSATION_FIN | CONVERSATION_TOOK_FIN))
            return settings.timeouts.tcp_closing;
        return conversation->established ? settings.timeouts.tcp_established : settings.timeouts.tcp_opening;
    case IPPROTO_UDP:
        return conversation->established ? settings.timeouts.udp_stream : settings.timeouts.udp;
    case IPPROTO_SCTP:
        if (either & (CONVERSATION_RESET | CONVERSATION_FIN))
            return settings.timeouts.sctp_closing;
        return conversation->established ? settings.timeouts.sctp_established : settings.timeouts.sctp_opening;
    default:
        return settings.timeouts.icmp;
    }
}

static __always_inline bool is_alive(const struct conversation *conversation, __u8 protocol, __u32 now)
{
    return since(conversation->seen, now) <= (__s32)lifetime(conversation, protocol);
}

/* Where it is known, and has not timed out. */
static __always_inline struct conversation *find_in(void *whole, void *opening, const struct conversation_key *key)
{
    struct conversation *found = bpf_map_lookup_elem(whole, key);
    __u32 now = coarse_time();

    if (found && is_alive(found, key->protocol, now))
        return found;
    found = bpf_map_lookup_elem(opening, key);
    return found && is_alive(found, key->protocol, now) ? found : NULL;
}

static __always_inline struct conversation *find_inbound(const struct conversation_key *key)
{
    return find_in(&inbound, &inbound_opening, key);
}

static __always_inline struct conversation *find_outbound(const struct conversation_key *key)
{
    return find_in(&outbound, &outbound_opening, key);
}

/* Whether this host has begun conversations at a port. `entry` is that of the port in the table of ports. */
static __always_inline bool has_begun_at(__u32 entry)
{
    __u8 *begun = bpf_map_lookup_elem(&outbound_ports, &entry);

    return begun && *begun;
}

static __always_inline void begin_conversation(void *opening, void *whole, const struct conversation_key *key,
                                               const struct signal *signal, bool local)
{
    struct conversation fresh = {.seen = coarse_time()};

    if (local && (key->protocol == IPPROTO_TCP || key->protocol == IPPROTO_SCTP)) {
        fresh.expected = key->protocol == IPPROTO_TCP ? signal->sequence + 1 : signal->initiate_tag;
        fresh.local_flags = CONVERSATION_EXPECTS;
    }
    bpf_map_update_elem(opening, key, &fresh, BPF_ANY);
    /* One with the same ports that has ended. */
    bpf_map_delete_elem(whole, key);
}

static __always_inline void see(struct conversation *conversation)
{
    __u32 now = coarse_time();

    if (conversation->seen != now)
        conversation->seen = now;
}

/* A packet that this host sends in a conversation. */
static __always_inline void follow_local(struct conversation *conversation, __u8 protocol,
                                         const struct signal *signal)
{
    __u8 flags = conversation->local_flags | CONVERSATION_ANSWERED;

    see(conversation);
    if (protocol == IPPROTO_SCTP && signal->initiate_tag) {
        conversation->expected = signal->initiate_tag;
        flags |= CONVERSATION_EXPECTS;
    }
    if (protocol == IPPROTO_TCP && signal->synchronizes) {
        conversation->expected = signal->sequence + 1;
        flags |= CONVERSATION_EXPECTS;
    }
    if (protocol == IPPROTO_TCP && signal->acknowledges) {
        conversation->acknowledged = signal->acknowledgement;
        flags |= CONVERSATION_ACKNOWLEDGED;
        if ((conversation->remote_flags & CONVERSATION_FIN) &&
            (__s32)(signal->acknowledgement - conversation->remote_fin) >= 0)
            flags |= CONVERSATION_TOOK_FIN;
    }
    if (signal->ends)
        flags |= CONVERSATION_FIN;
    if (signal->resets)
        flags |= CONVERSATION_RESET;
    if (conversation->local_flags != flags)
        conversation->local_flags = flags;
}

/* What the local side has sent can be acknowledged this far beyond its SYN before that is acknowledged. */
#define FIRST_WINDOW 65536

/* Whether the packet shows that its sender has received something of this conversation. */
static __always_inline bool is_genuine(const struct conversation *conversation, __u8 protocol,
                                       const struct signal *signal, bool begun_here)
{
    __u8 flags = conversation->local_flags;

    switch (protocol) {
    case IPPROTO_TCP:
        return (flags & CONVERSATION_EXPECTS) && signal->acknowledges &&
               signal->acknowledgement - conversation->expected < FIRST_WINDOW;
    case IPPROTO_SCTP:
        return (flags & CONVERSATION_EXPECTS) && signal->verification_tag == conversation->expected;
    default:
        return begun_here || (flags & CONVERSATION_ANSWERED);
    }
}

/*
 * A packet that comes in, of a conversation. True if it is the one that shows that both sides were heard.
 */
static __always_inline bool follow_remote(struct conversation *conversation, __u8 protocol,
                                          const struct signal *signal, bool begun_here)
{
    see(conversation);
    if (!conversation->established) {
        if (!is_genuine(conversation, protocol, signal, begun_here))
            return false;
        if (signal->resets)
            conversation->remote_flags |= CONVERSATION_RESET;
        return !signal->resets;
    }

    __u8 flags = conversation->remote_flags;
    if (protocol == IPPROTO_TCP) {
        if (signal->resets && (conversation->local_flags & CONVERSATION_ACKNOWLEDGED) &&
            signal->sequence == conversation->acknowledged)
            flags |= CONVERSATION_RESET;
        if (signal->ends) {
            conversation->remote_fin = signal->next;
            flags |= CONVERSATION_FIN;
        }
    } else if (protocol == IPPROTO_SCTP && is_genuine(conversation, protocol, signal, begun_here)) {
        flags |= signal->ends ? CONVERSATION_FIN : 0;
        flags |= signal->resets ? CONVERSATION_RESET : 0;
    }
    if (conversation->remote_flags != flags)
        conversation->remote_flags = flags;
    return false;
}

/* Moves it to where those are that both sides were heard of. */
static __always_inline void establish(void *whole, void *opening, const struct conversation_key *key,
                                      const struct conversation *conversation)
{
    struct conversation established = *conversation;

    established.established = 1;
    bpf_map_update_elem(whole, key, &established, BPF_ANY);
    bpf_map_delete_elem(opening, key);
}

static __always_inline bool is_over(const struct conversation *conversation)
{
    return (conversation->local_flags | conversation->remote_flags) & (CONVERSATION_FIN | CONVERSATION_RESET);
}

/* Whether a packet that begins a conversation is the one that has begun it, sent again. */
static __always_inline bool is_again(const struct conversation *conversation, __u8 protocol,
                                     const struct signal *signal)
{
    switch (protocol) {
    case IPPROTO_TCP:
        return !conversation->established && conversation->expected == signal->sequence + 1;
    case IPPROTO_SCTP:
        return !conversation->established && conversation->expected == signal->initiate_tag;
    default:
        return true;
    }
}

/*
 * The functions that follow packets are global, which the verifier looks at by themselves.
 */

#define SIGNAL(context, packet) signal_of(packet, (void *)(long)(context)->data, (void *)(long)(context)->data_end)

/* A packet that comes in, of a conversation that this host began. */
__noinline int follow_reply(struct xdp_md *context, struct conversation *conversation, const struct packet *packet)
{
    struct conversation_key key;

    if (!conversation || !packet)
        return 0;
    struct signal signal = SIGNAL(context, packet);
    if (!follow_remote(conversation, packet->protocol, &signal, true))
        return 0;
    conversation_key(&key, packet);
    establish(&outbound, &outbound_opening, &key, conversation);
    return 0;
}

/* A packet that goes out, of a conversation that was let in. */
__noinline int follow_answer(struct __sk_buff *context, struct conversation *conversation,
                             const struct packet *packet)
{
    if (!conversation || !packet)
        return 0;
    struct signal signal = SIGNAL(context, packet);
    follow_local(conversation, packet->protocol, &signal);
    return 0;
}

/* A packet that is let in, where what goes out may be denied. */
__noinline int note_inbound(struct xdp_md *context, const struct packet *packet)
{
    struct conversation_key key;

    if (!packet)
        return 0;
    struct signal signal = SIGNAL(context, packet);
    conversation_key(&key, packet);
    struct conversation *known = find_inbound(&key);
    if (known && !(signal.begins && is_over(known))) {
        if (follow_remote(known, packet->protocol, &signal, false))
            establish(&inbound, &inbound_opening, &key, known);
    } else if (signal.begins) {
        begin_conversation(&inbound_opening, &inbound, &key, &signal, false);
    }
    return 0;
}

/* A packet that goes out, where what comes in may be denied. `entry` is that of its local port in the table of
 * ports. */
__noinline int note_outbound(struct __sk_buff *context, const struct packet *packet, __u32 entry)
{
    static const __u8 begun = 1;
    struct conversation_key key;

    if (!packet)
        return 0;
    struct signal signal = SIGNAL(context, packet);
    conversation_key(&key, packet);
    struct conversation *known = has_begun_at(entry) ? find_outbound(&key) : NULL;
    bool follows = known && (!signal.begins || is_again(known, packet->protocol, &signal));
    if (!follows && !signal.begins)
        return 0;
    /* A datagram does not tell who began; a server's answer must not begin, or its client would be let in for as
     * long as it is answered. */
    if (!follows && packet->protocol == IPPROTO_UDP) {
        known = find_inbound(&key);
        follows = known;
    }
    if (follows && known) {
        follow_local(known, packet->protocol, &signal);
        return 0;
    }
    bpf_map_update_elem(&outbound_ports, &entry, &begun, BPF_ANY);
    begin_conversation(&outbound_opening, &outbound, &key, &signal, true);
    return 0;
}
