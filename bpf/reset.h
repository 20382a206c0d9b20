/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers a denied TCP segment with RST, so that the client fails at once instead of waiting. The frame is
 * turned into its own answer and leaves where it came in: Ethernet and VLAN tags stay, with the addresses
 * swapped, and behind them stand new headers without options (RFC 9293, section 3.5.2).
 */
#pragma once

#include "conversations.h"
#include "rate.h"
#include "settings.h"

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
                                           const struct tcphdr *tcp)
{
    __builtin_memcpy(answer->source, packet->local.address, sizeof(answer->source));
    __builtin_memcpy(answer->destination, packet->remote.address, sizeof(answer->destination));
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

/* Writes the headers to where the IP header was; returns what follows them, NULL if there is no room. */
static __always_inline void *write_headers(void *at, void *end, const struct segment *answer, __u8 family)
{
    if (family == 4) {
        struct iphdr header = {
            .version = 4,
            .ihl = sizeof(header) / 4,
            .tot_len = bpf_htons(sizeof(header) + sizeof(answer->tcp)),
            .frag_off = bpf_htons(FRAGMENT_DONT),
            .ttl = TTL,
            .protocol = IPPROTO_TCP,
            .saddr = answer->source[0],
            .daddr = answer->destination[0],
        };
        header.check = checksum(bpf_csum_diff(NULL, 0, (void *)&header, sizeof(header), 0));
        if (at + sizeof(header) + sizeof(answer->tcp) > end)
            return NULL;
        __builtin_memcpy(at, &header, sizeof(header));
        at += sizeof(header);
    } else {
        struct ipv6hdr header = {
            .version = 6,
            .payload_len = bpf_htons(sizeof(answer->tcp)),
            .nexthdr = IPPROTO_TCP,
            .hop_limit = TTL,
        };
        __builtin_memcpy(&header.saddr, answer->source, sizeof(header.saddr));
        __builtin_memcpy(&header.daddr, answer->destination, sizeof(header.daddr));
        if (at + sizeof(header) + sizeof(answer->tcp) > end)
            return NULL;
        __builtin_memcpy(at, &header, sizeof(header));
        at += sizeof(header);
    }
    __builtin_memcpy(at, &answer->tcp, sizeof(answer->tcp));
    return at + sizeof(answer->tcp);
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

/*
 * Turns the frame of a denied packet, whose headers were all there, into a RST.
 */
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

    answer_segment(&answer, packet, tcp);
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
