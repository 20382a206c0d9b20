/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a frame's headers into a struct packet: Ethernet, up to two VLAN tags, IPv4 with options, IPv6
 * with up to eight extension headers, and the ports of TCP, UDP and SCTP.
 *
 * A cursor walks the headers. It is bounded twice: by the memory that the kernel shows, and by the
 * length that the IP header claims, because bytes past that (Ethernet padding) are not the host's to see.
 */
#pragma once

#include "maps.h"

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>

#include <bpf/bpf_endian.h>

#define VLAN_TAGS 2
#define VLAN_ID 0x0fff
#define EXTENSION_HEADERS 8

#define FRAGMENT_OFFSET 0x1fff
#define FRAGMENT_MORE 0x2000
#define FRAGMENT_DONT 0x4000
#define FRAGMENT6_OFFSET 0xfff8
#define FRAGMENT6_MORE 0x0001

enum fragment {
    NO_FRAGMENT,
    /* Has the ports, and more follow. */
    FIRST_FRAGMENT,
    LATER_FRAGMENT,
};

enum parsed {
    PARSED,
    PARSED_NOT_IP,
    /* Cut short or contradicting itself after the addresses. */
    PARSED_MALFORMED,
    /* The same, before them. */
    PARSED_NO_ADDRESS,
};

/* Which of a packet's addresses is that of the guarded side. */
enum local_side {
    LOCAL_IS_DESTINATION,
    LOCAL_IS_SOURCE,
};

struct packet {
    /* Ready to be looked up. */
    struct address_key remote;
    struct address_key local;
    /* Of the frame, in bytes. */
    __u32 length;
    /* The index of the interface that it comes in or goes out at. */
    __u32 ifindex;
    /* The class of the workload that sent it; 0 for none. */
    __u32 workload;
    /* Where the header stands at which reading ended, that of TCP in a whole segment; and the bytes of the packet
     * from there. */
    __u32 read;
    __u32 left;
    /* Network byte order. */
    __u32 fragment_id;
    __u16 remote_port;
    __u16 local_port;
    /* Of an ICMP echo or its answer. */
    __u16 echo_id;
    __u16 vlan[VLAN_TAGS];
    /* 4 or 6; 0 when there is no IP header. */
    __u8 family;
    __u8 protocol;
    /* enum fragment */
    __u8 fragment;
    __u8 hop_limit;
    /* Of ICMP and ICMPv6. */
    __u8 icmp_type;
    __u8 tcp_flags;
};

/*
 * The place is a number that is read back from memory, and not a pointer: the verifier, which would follow
 * each place that a loop can come to, knows of it that it is below HEADERS_END, and nothing else.
 */
struct cursor {
    void *frame;
    void *end;
    volatile __u32 *at;
    /* Bytes from `at` that belong to the packet. */
    __u32 left;
    enum local_side side;
    /* Reads the beginning of a packet that an ICMP error quotes: the lengths in its headers may be more than is
     * there, and of the transport header it needs to hold the ports alone. */
    bool quoted;
};

/* No headers are longer: eight extension headers have 2 KiB each. */
#define HEADERS_END 0x7fff

struct vlan_tag {
    __be16 control;
    __be16 protocol;
};

struct extension_header {
    __u8 next;
    /* In units of 8 bytes beyond the first 8; of 4 beyond the first 8 in an authentication header. */
    __u8 length;
    __u8 content[6];
};

struct fragment_header {
    __u8 next;
    __u8 reserved;
    __be16 offset;
    __be32 id;
};

struct ports {
    __be16 source;
    __be16 destination;
};

struct echo {
    __u8 type;
    __u8 code;
    __be16 checksum;
    __be16 id;
    __be16 sequence;
};

#define ECHO_REPLY 0
#define ECHO_REQUEST 8
#define ECHO6_REQUEST 128
#define ECHO6_REPLY 129

/* That many bytes at the cursor if all are there, else NULL. The cursor stays. */
static __always_inline void *peek(const struct cursor *cursor, __u32 bytes)
{
    void *header = cursor->frame + (*cursor->at & HEADERS_END);

    return cursor->left >= bytes && header + bytes <= cursor->end ? header : NULL;
}

#define PEEK(cursor, type) ((type *)peek(cursor, sizeof(type)))

/* True if that many bytes could be left behind. */
static __always_inline bool skip(struct cursor *cursor, __u32 bytes)
{
    if (cursor->left < bytes)
        return false;
    cursor->left -= bytes;
    *cursor->at += bytes;
    return true;
}

static __always_inline bool is_echo(const struct packet *packet)
{
    __u8 type = packet->icmp_type;

    if (packet->family == 4)
        return packet->protocol == IPPROTO_ICMP && (type == ECHO_REQUEST || type == ECHO_REPLY);
    return packet->protocol == IPPROTO_ICMPV6 && (type == ECHO6_REQUEST || type == ECHO6_REPLY);
}

/* TCP, UDP, SCTP, ICMP. A first fragment needs to hold its ports alone, another packet its whole header. */
static __always_inline enum parsed parse_transport(struct cursor *cursor, struct packet *packet)
{
    bool whole = packet->fragment == NO_FRAGMENT && !cursor->quoted;
    __u32 header;

    switch (packet->protocol) {
    case IPPROTO_TCP:
        header = sizeof(struct tcphdr);
        break;
    case IPPROTO_UDP:
        header = 8;
        break;
    case IPPROTO_SCTP:
        header = 12;
        break;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
        if ((packet->protocol == IPPROTO_ICMP) != (packet->family == 4))
            return PARSED;
        __u8 *type = PEEK(cursor, __u8);
        if (!type || (whole && cursor->left < 4))
            return PARSED_MALFORMED;
        packet->icmp_type = *type;
        struct echo *echo = PEEK(cursor, struct echo);
        if (echo && is_echo(packet))
            packet->echo_id = bpf_ntohs(echo->id);
        return PARSED;
    default:
        return PARSED;
    }

    struct ports *ports = PEEK(cursor, struct ports);
    if (!ports || (whole && cursor->left < header))
        return PARSED_MALFORMED;
    packet->remote_port = bpf_ntohs(cursor->side == LOCAL_IS_SOURCE ? ports->destination : ports->source);
    packet->local_port = bpf_ntohs(cursor->side == LOCAL_IS_SOURCE ? ports->source : ports->destination);

    if (packet->protocol == IPPROTO_TCP) {
        struct tcphdr *tcp = PEEK(cursor, struct tcphdr);
        if (tcp) {
            packet->tcp_flags = ((__u8 *)tcp)[13];
            if (tcp->doff < 5 || (whole && cursor->left < tcp->doff * 4u))
                return PARSED_MALFORMED;
        } else if (whole) {
            return PARSED_MALFORMED;
        }
    }
    return PARSED;
}

/* What follows the packet that claims to be so long is not its own; false if it is cut short. */
static __always_inline bool claim(struct cursor *cursor, __u32 total)
{
    if (total <= cursor->left)
        cursor->left = total;
    else if (!cursor->quoted)
        return false;
    return true;
}

/* Longer frames than an IP header can tell: its length field is 0 (BIG TCP). */
static __always_inline bool beyond_length_field(const struct cursor *cursor)
{
    return cursor->left > 65535;
}

static __always_inline enum parsed parse_ipv4(struct cursor *cursor, struct packet *packet)
{
    struct iphdr *ip = PEEK(cursor, struct iphdr);
    if (!ip)
        return PARSED_NO_ADDRESS;

    packet->family = 4;
    packet->remote.length = packet->local.length = 32;
    packet->remote.address[0] = cursor->side == LOCAL_IS_SOURCE ? ip->daddr : ip->saddr;
    packet->local.address[0] = cursor->side == LOCAL_IS_SOURCE ? ip->saddr : ip->daddr;
    packet->protocol = ip->protocol;
    packet->hop_limit = ip->ttl;

    __u32 header = ip->ihl * 4;
    __u32 total = bpf_ntohs(ip->tot_len);
    if (total == 0 && beyond_length_field(cursor))
        total = cursor->left;
    if (ip->version != 4 || header < sizeof(*ip) || total < header)
        return PARSED_MALFORMED;
    if (!claim(cursor, total))
        return PARSED_MALFORMED;

    __u16 offset = bpf_ntohs(ip->frag_off);
    packet->fragment_id = ip->id;
    if (offset & FRAGMENT_OFFSET) {
        packet->fragment = LATER_FRAGMENT;
        return PARSED;
    }
    if (offset & FRAGMENT_MORE)
        packet->fragment = FIRST_FRAGMENT;

    if (!skip(cursor, header))
        return PARSED_MALFORMED;
    return parse_transport(cursor, packet);
}

/* The extension headers, until a protocol that is none. */
static __always_inline enum parsed parse_extensions(struct cursor *cursor, struct packet *packet)
{
    for (int i = 0; i <= EXTENSION_HEADERS; i++) {
        __u8 protocol = packet->protocol;
        __u32 bytes;

        if (protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_DSTOPTS ||
            protocol == IPPROTO_AH) {
            struct extension_header *extension = PEEK(cursor, struct extension_header);
            if (!extension)
                return PARSED_MALFORMED;
            packet->protocol = extension->next;
            bytes = protocol == IPPROTO_AH ? (extension->length + 2u) * 4 : (extension->length + 1u) * 8;
        } else if (protocol == IPPROTO_FRAGMENT) {
            struct fragment_header *fragment = PEEK(cursor, struct fragment_header);
            /* One too many is that even if nothing behind it is read. */
            if (!fragment || i == EXTENSION_HEADERS)
                return PARSED_MALFORMED;
            packet->protocol = fragment->next;
            packet->fragment_id = fragment->id;
            __u16 offset = bpf_ntohs(fragment->offset);
            if (offset & FRAGMENT6_OFFSET) {
                packet->fragment = LATER_FRAGMENT;
                return PARSED;
            }
            if (offset & FRAGMENT6_MORE)
                packet->fragment = FIRST_FRAGMENT;
            bytes = sizeof(*fragment);
        } else {
            return parse_transport(cursor, packet);
        }

        if (!skip(cursor, bytes))
            return PARSED_MALFORMED;
    }
    return PARSED_MALFORMED;
}

static __always_inline enum parsed parse_ipv6(struct cursor *cursor, struct packet *packet)
{
    struct ipv6hdr *ip = PEEK(cursor, struct ipv6hdr);
    if (!ip)
        return PARSED_NO_ADDRESS;

    packet->family = 6;
    packet->remote.length = packet->local.length = 128;
    struct address_key *source = cursor->side == LOCAL_IS_SOURCE ? &packet->local : &packet->remote;
    struct address_key *destination = cursor->side == LOCAL_IS_SOURCE ? &packet->remote : &packet->local;
    __builtin_memcpy(source->address, &ip->saddr, sizeof(ip->saddr));
    __builtin_memcpy(destination->address, &ip->daddr, sizeof(ip->daddr));
    packet->protocol = ip->nexthdr;
    packet->hop_limit = ip->hop_limit;

    __u32 total = sizeof(*ip) + bpf_ntohs(ip->payload_len);
    if (ip->payload_len == 0 && beyond_length_field(cursor))
        total = cursor->left;
    if (ip->version != 6 || !claim(cursor, total))
        return PARSED_MALFORMED;

    if (!skip(cursor, sizeof(*ip)))
        return PARSED_MALFORMED;
    return parse_extensions(cursor, packet);
}

static __always_inline bool is_vlan(__be16 protocol)
{
    return protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD);
}

/*
 * The IP packet that the cursor stands at, of an Ethernet protocol.
 */
static __always_inline enum parsed parse_network(struct cursor *cursor, struct packet *packet, __be16 protocol)
{
    if (protocol == bpf_htons(ETH_P_IP))
        return parse_ipv4(cursor, packet);
    if (protocol == bpf_htons(ETH_P_IPV6))
        return parse_ipv6(cursor, packet);
    return is_vlan(protocol) ? PARSED_NO_ADDRESS : PARSED_NOT_IP;
}

/* A frame. `packet` holds its length and interface, a VLAN id that was taken off it, and is zero else. */
static __always_inline enum parsed parse(struct cursor *cursor, struct packet *packet, bool untagged)
{
    struct ethhdr *ethernet = PEEK(cursor, struct ethhdr);
    if (!ethernet)
        return PARSED_NO_ADDRESS;
    __be16 protocol = ethernet->h_proto;
    if (!skip(cursor, sizeof(*ethernet)))
        return PARSED_NO_ADDRESS;

    for (int i = 0; i < VLAN_TAGS && is_vlan(protocol); i++) {
        if (i == 0 && untagged)
            continue;
        struct vlan_tag *tag = PEEK(cursor, struct vlan_tag);
        if (!tag)
            return PARSED_NO_ADDRESS;
        packet->vlan[i] = bpf_ntohs(tag->control) & VLAN_ID;
        protocol = tag->protocol;
        if (!skip(cursor, sizeof(*tag)))
            return PARSED_NO_ADDRESS;
    }
    return parse_network(cursor, packet, protocol);
}

/* The beginning of the packet that an ICMP error quotes. `quoted` is zero but for the place that its header begins
 * at, and how much there is. */
static __always_inline enum parsed parse_quoted(struct cursor *cursor, struct packet *quoted)
{
    __u8 *version = PEEK(cursor, __u8);

    if (!version)
        return PARSED_NO_ADDRESS;
    enum parsed parsed =
        parse_network(cursor, quoted, *version >> 4 == 4 ? bpf_htons(ETH_P_IP) : bpf_htons(ETH_P_IPV6));
    /* It has its ports, and did not come from whom it was sent to: nothing is remembered of it. */
    if (quoted->fragment == FIRST_FRAGMENT)
        quoted->fragment = NO_FRAGMENT;
    return parsed;
}
