/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers a denied TCP segment with RST, so that the client fails at once instead of waiting. The frame is
 * turned into its own answer: Ethernet and VLAN tags stay, with the addresses swapped, and behind them stand new
 * headers without options (RFC 9293, section 3.5.2). One that came in leaves where it did so; one that was to
 * leave comes in there.
 *
 * What a balancer has begun is ended at the server first, which knows nothing of the denial.
 */
#pragma once

#include "conversations.h"
#include "rate.h"
#include "settings.h"

#include <linux/pkt_cls.h>

#define TTL 64
/* The TCP header behind what its checksum covers besides: for both families the form of IPv6, because
 * the zeros that it has more than that of IPv4 add nothing. */
struct segment {
    /* Network byte order; IPv4 in the first word. */
    __u32 source[4];
    __u32 destination[4];
    __be32 length;
    __be32 protocol;
    struct tcphdr tcp;
};

struct headers4 {
    struct iphdr ip;
    struct tcphdr tcp;
};

struct headers6 {
    struct ipv6hdr ip;
    struct tcphdr tcp;
};

/* The one's complement of a sum of 16-bit words. */
static __always_inline __u16 checksum(__s64 sum)
{
    for (int i = 0; i < 4; i++)
        sum = (sum & 0xffff) + ((__u64)sum >> 16);
    return ~sum;
}

/* An address that one host has, and that this link can reach. */
static __always_inline bool is_unicast(const struct address_key *key, __u8 family)
{
    if (family == 4) {
        __u32 address = bpf_ntohl(key->address[0]);
        __u8 first = address >> 24;
        return first != 0 && first != 127 && first < 224;
    }
    if (key->address[0] == 0 && key->address[1] == 0 && key->address[2] == 0)
        return bpf_ntohl(key->address[3]) > 1;
    return (bpf_ntohl(key->address[0]) >> 24) != 0xff;
}

/* The RST that a segment is answered with. */
static __always_inline void answer_segment(struct segment *answer, const struct packet *packet,
                                           const struct tcphdr *tcp, enum direction direction)
{
    const struct address_key *source = direction == INGRESS ? &packet->local : &packet->remote;
    const struct address_key *destination = direction == INGRESS ? &packet->remote : &packet->local;

    __builtin_memcpy(answer->source, source->address, sizeof(answer->source));
    __builtin_memcpy(answer->destination, destination->address, sizeof(answer->destination));
    answer->length = bpf_htonl(sizeof(answer->tcp));
    answer->protocol = bpf_htonl(IPPROTO_TCP);
    answer->tcp.source = tcp->dest;
    answer->tcp.dest = tcp->source;
    answer->tcp.doff = sizeof(answer->tcp) / 4;
    answer->tcp.rst = 1;
    if (packet->tcp_flags & TCP_ACK) {
        answer->tcp.seq = tcp->ack_seq;
    } else {
        __u32 taken = packet->left - tcp->doff * 4u;
        taken += packet->tcp_flags & TCP_SYN ? 1 : 0;
        taken += packet->tcp_flags & TCP_FIN ? 1 : 0;
        answer->tcp.ack = 1;
        answer->tcp.ack_seq = bpf_htonl(bpf_ntohl(tcp->seq) + taken);
    }
    answer->tcp.check = checksum(bpf_csum_diff(NULL, 0, (void *)answer, sizeof(*answer), 0));
}

/* Where the IP header stands. */
static __always_inline __u32 network_offset(const struct ethhdr *ethernet, void *end)
{
    struct vlan_tag *tag = (void *)(ethernet + 1);
    __u32 offset = sizeof(*ethernet);

    if (is_vlan(ethernet->h_proto)) {
        offset += sizeof(*tag);
        if ((void *)(tag + 1) <= end && is_vlan(tag->protocol))
            offset += sizeof(*tag);
    }
    return offset;
}

static __always_inline void swap_stations(struct ethhdr *ethernet)
{
    __u8 station[ETH_ALEN];

    __builtin_memcpy(station, ethernet->h_dest, ETH_ALEN);
    __builtin_memcpy(ethernet->h_dest, ethernet->h_source, ETH_ALEN);
    __builtin_memcpy(ethernet->h_source, station, ETH_ALEN);
}

static __always_inline void answer4(struct headers4 *headers, const struct segment *answer)
{
    *headers = (struct headers4){
        .ip =
            {
                .version = 4,
                .ihl = sizeof(headers->ip) / 4,
                .tot_len = bpf_htons(sizeof(*headers)),
                .frag_off = bpf_htons(FRAGMENT_DONT),
                .ttl = TTL,
                .protocol = IPPROTO_TCP,
                .saddr = answer->source[0],
                .daddr = answer->destination[0],
            },
        .tcp = answer->tcp,
    };
    headers->ip.check = checksum(bpf_csum_diff(NULL, 0, (void *)&headers->ip, sizeof(headers->ip), 0));
}

static __always_inline void answer6(struct headers6 *headers, const struct segment *answer)
{
    *headers = (struct headers6){
        .ip =
            {
                .version = 6,
                .payload_len = bpf_htons(sizeof(answer->tcp)),
                .nexthdr = IPPROTO_TCP,
                .hop_limit = TTL,
            },
        .tcp = answer->tcp,
    };
    __builtin_memcpy(&headers->ip.saddr, answer->source, sizeof(headers->ip.saddr));
    __builtin_memcpy(&headers->ip.daddr, answer->destination, sizeof(headers->ip.daddr));
}

/* Writes the headers to where the IP header was; returns what follows them, NULL if there is no room. */
static __always_inline void *write_headers(void *at, void *end, const struct segment *answer, __u8 family)
{
    if (family == 4) {
        struct headers4 headers;
        answer4(&headers, answer);
        if (at + sizeof(headers) > end)
            return NULL;
        __builtin_memcpy(at, &headers, sizeof(headers));
        return at + sizeof(headers);
    }
    struct headers6 headers;
    answer6(&headers, answer);
    if (at + sizeof(headers) > end)
        return NULL;
    __builtin_memcpy(at, &headers, sizeof(headers));
    return at + sizeof(headers);
}

/* The shortest frame that Ethernet takes is padded, and not with what the client sent. */
static __always_inline void clear_padding(void *at, void *end)
{
    for (int i = 0; i < ETH_ZLEN; i++) {
        if (at + i + 1 > end)
            return;
        ((__u8 *)at)[i] = 0;
    }
}

/* Whether a denied packet is one that may be answered. Never a RST: two hosts would answer each other. */
static __always_inline bool is_answerable(const struct packet *packet, const struct ethhdr *ethernet)
{
    bool group = (ethernet->h_dest[0] | ethernet->h_source[0]) & 1;

    return packet->protocol == IPPROTO_TCP && packet->fragment == NO_FRAGMENT && !(packet->tcp_flags & TCP_RST) &&
           !group && is_unicast(&packet->remote, packet->family) && is_unicast(&packet->local, packet->family);
}

/* Turns the frame of a denied packet, whose headers were all there, into a RST. */
static __noinline int reset(struct xdp_md *context, const struct packet *packet)
{
    void *data = (void *)(long)context->data, *end = (void *)(long)context->data_end;
    struct ethhdr *ethernet = data;
    struct tcphdr *tcp = data + (packet->read & HEADERS_END);
    struct segment answer = {};
    struct reporting *state = reporting_state();

    if (!state || (void *)(ethernet + 1) > end || (void *)(tcp + 1) > end || !is_answerable(packet, ethernet))
        return XDP_DROP;
    if (!within(&state->reset_rate, settings.limits.resets, bpf_ktime_get_ns())) {
        state->resets_limited++;
        return XDP_DROP;
    }

    answer_segment(&answer, packet, tcp, INGRESS);
    __u32 network = network_offset(ethernet, end);
    __u32 header = packet->family == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
    __u32 frame = network + header + sizeof(struct tcphdr);
    if (frame < ETH_ZLEN)
        frame = ETH_ZLEN;
    if (packet->length > frame && bpf_xdp_adjust_tail(context, (int)(frame - packet->length)))
        return XDP_DROP;

    data = (void *)(long)context->data;
    end = (void *)(long)context->data_end;
    ethernet = data;
    if ((void *)(ethernet + 1) > end)
        return XDP_DROP;
    void *rest = write_headers(data + network, end, &answer, packet->family);
    if (!rest)
        return XDP_DROP;
    clear_padding(rest, end);
    swap_stations(ethernet);
    state->resets_sent++;
    return XDP_TX;
}

/* Writes with helpers: if it wrote to the packet itself, the kernel would copy every packet that a socket keeps
 * for retransmission before the program runs. */
static __always_inline bool store_answer(struct __sk_buff *context, const struct ethhdr *swapped, __u32 network,
                                         const struct segment *answer, __u8 family)
{
    if (bpf_skb_store_bytes(context, 0, swapped, 2 * ETH_ALEN, 0))
        return false;
    if (family == 4) {
        struct headers4 headers;
        answer4(&headers, answer);
        return !bpf_skb_store_bytes(context, network, &headers, sizeof(headers), 0);
    }
    struct headers6 headers;
    answer6(&headers, answer);
    return !bpf_skb_store_bytes(context, network, &headers, sizeof(headers), 0);
}

/* The same for one that was to leave: its sender, which is on this host, gets the RST as if the other side had
 * sent it. */
__noinline int reset_outgoing(struct __sk_buff *context, const struct packet *packet)
{
    if (!packet)
        return TC_ACT_SHOT;
    void *data = (void *)(long)context->data, *end = (void *)(long)context->data_end;
    struct ethhdr *ethernet = data, swapped;
    struct tcphdr *tcp = data + (packet->read & HEADERS_END);
    struct segment answer = {};
    struct reporting *state = reporting_state();

    if (!state || (void *)(ethernet + 1) > end || (void *)(tcp + 1) > end || !is_answerable(packet, ethernet))
        return TC_ACT_SHOT;
    /* The kernel remembers where the TCP header is that it was to fill in a checksum of, and where the packet
     * comes in it takes none that ends before. So the answer's has to stand there, too. */
    __u32 network = network_offset(ethernet, end);
    __u32 header = packet->family == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
    if (packet->read != network + header)
        return TC_ACT_SHOT;
    if (!within(&state->reset_rate, settings.limits.resets, bpf_ktime_get_ns())) {
        state->resets_limited++;
        return TC_ACT_SHOT;
    }

    answer_segment(&answer, packet, tcp, EGRESS);
    swapped = *ethernet;
    swap_stations(&swapped);
    __u32 frame = network + header + sizeof(struct tcphdr);
    if (packet->length > frame && bpf_skb_change_tail(context, frame, 0))
        return TC_ACT_SHOT;
    if (!store_answer(context, &swapped, network, &answer, packet->family))
        return TC_ACT_SHOT;
    state->resets_sent++;
    return bpf_redirect(context->ifindex, BPF_F_INGRESS);
}

/*
 * Ends a connection at the server, which has taken its handshake for a client's and would wait for data: the
 * segment by which it was denied becomes a RST, whose data nobody looks at. It has to stand at `sequence`, up to
 * where the server has got the stream: the segment may begin before, with what came already.
 */
static __always_inline int end_at_server(struct xdp_md *context, const struct packet *packet, __u32 sequence)
{
    struct tcphdr *tcp = (void *)(long)context->data + (packet->read & HEADERS_END);
    __u16 *flags = (void *)tcp + 12, *halves = (void *)&tcp->seq;

    if ((void *)(tcp + 1) > (void *)(long)context->data_end)
        return XDP_DROP;
    __s64 sum = (__u16)~tcp->check + (__u16) ~*flags + (__u16)~halves[0] + (__u16)~halves[1];
    tcp->seq = bpf_htonl(sequence);
    sum += halves[0] + halves[1];
    *flags = (*flags & bpf_htons(0xf000)) | bpf_htons(TCP_RST | TCP_ACK);
    tcp->check = checksum(sum + *flags);
    return XDP_PASS;
}
