/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict. Overlap and precedence were solved when the rule set was compiled; what is left is a fixed
 * number of look-ups, whatever the number of policies:
 *
 *   protocol, port -> port class            one array
 *   local address  -> group                 a small trie, or none
 *   group, interface class, port class -> row
 *   source address -> class                 one trie
 *   row, class     -> decision              one array
 */
#pragma once

#include "fragments.h"

/* How a decision came about, for `explain`; the packet path throws it away. */
struct trace {
    __u32 group;
    __u32 row;
    __u32 class;
};

#define MLD_QUERY 130
#define MLD_REPORT 131
#define MLD_DONE 132
#define ND_FIRST 133
#define ND_LAST 137
#define MLD2_REPORT 143
#define DHCP_SERVER 67
#define DHCP_CLIENT 68
#define DHCP6_SERVER 547
#define DHCP6_CLIENT 546

/* What a host needs to be on the network at all: neighbour discovery and router messages that come from
 * the link itself (RFC 4861 asks for hop limit 255), MLD, and answers to its DHCP clients. */
static __always_inline bool is_host_protocol(const struct packet *packet)
{
    if (packet->protocol == IPPROTO_ICMPV6 && packet->family == 6) {
        __u8 type = packet->icmp_type;
        if (type >= ND_FIRST && type <= ND_LAST)
            return packet->hop_limit == 255;
        return type == MLD_QUERY || type == MLD_REPORT || type == MLD_DONE || type == MLD2_REPORT;
    }
    if (packet->protocol == IPPROTO_UDP) {
        if (packet->family == 4)
            return packet->source_port == DHCP_SERVER && packet->destination_port == DHCP_CLIENT;
        return packet->source_port == DHCP6_SERVER && packet->destination_port == DHCP6_CLIENT;
    }
    return false;
}

static __always_inline __u32 port_entry(const struct packet *packet)
{
    switch (packet->protocol) {
    case IPPROTO_TCP:
        return PORT_TABLE_TCP + packet->destination_port;
    case IPPROTO_UDP:
        return PORT_TABLE_UDP + packet->destination_port;
    case IPPROTO_SCTP:
        return PORT_TABLE_SCTP + packet->destination_port;
    case IPPROTO_ICMP:
        /* In IPv6 these numbers mean nothing that a resource could name. */
        return PORT_TABLE_OTHER + (packet->family == 4 ? IPPROTO_ICMP : 255);
    case IPPROTO_ICMPV6:
        return PORT_TABLE_OTHER + (packet->family == 6 ? IPPROTO_ICMPV6 : 255);
    default:
        return PORT_TABLE_OTHER + packet->protocol;
    }
}

/* The resources that the local address can belong to. Group 0 when there is none. */
static __always_inline __u32 group_of(const struct packet *packet, const struct generation *generation, __u32 slot)
{
    struct local *local = NULL;
    void *trie;

    if (packet->family == 4) {
        if (!(generation->flags & GENERATION_LOCALS_V4))
            return generation->every4;
        trie = slot_map(&locals4, slot);
    } else {
        if (!(generation->flags & GENERATION_LOCALS_V6))
            return generation->every6;
        trie = slot_map(&locals6, slot);
    }
    if (trie)
        local = bpf_map_lookup_elem(trie, &packet->destination);
    return local ? local->group : 0;
}

/* 0 when none of the rule sources holds the address. */
static __always_inline __u32 source_class(const struct packet *packet, __u32 slot)
{
    void *trie = packet->family == 4 ? slot_map(&sources4, slot) : slot_map(&sources6, slot);
    struct source *source = NULL;

    if (trie)
        source = bpf_map_lookup_elem(trie, &packet->source);
    return source ? source->class : 0;
}

static __always_inline __u32 interface_class(__u32 ifindex, const struct generation *generation, __u32 slot)
{
    __u32 *class = NULL;
    void *hash;

    if (!(generation->flags & GENERATION_INTERFACES))
        return 0;
    hash = slot_map(&interfaces, slot);
    if (hash)
        class = bpf_map_lookup_elem(hash, &ifindex);
    return class ? *class : 0;
}

static __always_inline __u32 port_class(const struct packet *packet, __u32 slot)
{
    __u32 entry = port_entry(packet), block_index = entry / PORTS_PER_BLOCK;
    void *array = slot_map(&ports, slot);
    struct port_block *block = NULL;

    if (array)
        block = bpf_map_lookup_elem(array, &block_index);
    return block ? block->class[entry % PORTS_PER_BLOCK] : 0;
}

static __always_inline __u32 cell(__u32 index, __u32 slot)
{
    __u32 block_index = index / CELLS_PER_BLOCK;
    void *array = slot_map(&cells, slot);
    struct cell_block *block = NULL;

    if (array)
        block = bpf_map_lookup_elem(array, &block_index);
    return block ? block->cell[index % CELLS_PER_BLOCK] : 0;
}

static __always_inline __u32 decision_at(__u32 index, __u32 slot)
{
    __u32 block_index = index / VERDICTS_PER_BLOCK;
    void *array = slot_map(&verdicts, slot);
    struct verdict_block *block = NULL;

    if (array)
        block = bpf_map_lookup_elem(array, &block_index);
    return block ? block->decision[index % VERDICTS_PER_BLOCK] : DECISION_FAULT | DECISION_DROP;
}

static __always_inline enum any_port any_port_of(const struct packet *packet)
{
    switch (packet->protocol) {
    case IPPROTO_TCP:
        return ANY_PORT_TCP;
    case IPPROTO_UDP:
        return ANY_PORT_UDP;
    case IPPROTO_SCTP:
        return ANY_PORT_SCTP;
    case IPPROTO_ICMP:
        return packet->family == 4 ? ANY_PORT_ICMP : ANY_PORT_OTHER;
    case IPPROTO_ICMPV6:
        return packet->family == 6 ? ANY_PORT_ICMP : ANY_PORT_OTHER;
    default:
        return ANY_PORT_OTHER;
    }
}

/* A packet whose ports can't be read: what any port would get. */
static __always_inline __u32 decide_any_port(enum any_port_cell cell, __u32 drop)
{
    switch (cell) {
    case ANY_PORT_PROTECTED:
        return drop | DECISION_DROP;
    case ANY_PORT_OPEN:
        return DECISION_OPEN;
    case ANY_PORT_FAILSAFE:
        return DECISION_FAILSAFE;
    default:
        return DECISION_NO_RESOURCE;
    }
}

/* The decision by a resource that was found. */
static __always_inline __u32 decide_row(const struct packet *packet, __u32 row_index, __u32 slot,
                                        struct trace *trace)
{
    void *array = slot_map(&rows, slot);
    struct row *row = NULL;

    if (array)
        row = bpf_map_lookup_elem(array, &row_index);
    if (!row)
        return DECISION_FAULT | DECISION_DROP;
    if (row->decision)
        return row->decision;
    trace->class = source_class(packet, slot);
    return decision_at(row->verdicts + trace->class, slot);
}

/* The decision on a packet by the rule set in `slot`. */
static __always_inline __u32 judge(const struct packet *packet, enum parsed parsed, __u32 ifindex,
                                   const struct generation *generation, __u32 slot, struct trace *trace)
{
    if (parsed == PARSED_NOT_IP)
        return DECISION_NOT_IP;

    /* No group has number 0, so an address that could not be read gets the columns of 0. */
    __u32 group = parsed == PARSED_NO_ADDRESS ? 0 : group_of(packet, generation, slot);
    trace->group = group;
    if (group == 0 && parsed != PARSED_NO_ADDRESS)
        return DECISION_NO_RESOURCE;

    __u32 first =
        (group * generation->interface_classes + interface_class(ifindex, generation, slot)) * generation->columns;
    __u32 any_port = first + generation->columns - ANY_PORT_COLUMNS;
    if (parsed != PARSED)
        return decide_any_port(cell(any_port + ANY_PORT_ALL, slot), DECISION_MALFORMED);

    if (packet->fragment != NO_FRAGMENT)
        any_port = cell(any_port + any_port_of(packet), slot);
    if (packet->fragment == LATER_FRAGMENT) {
        __u32 unseen = decide_any_port(any_port, DECISION_FRAGMENT);
        return any_port == ANY_PORT_PROTECTED ? follow_first_fragment(packet, unseen) : unseen;
    }

    __u32 row = cell(first + port_class(packet, slot), slot);
    __u32 decision;

    trace->row = row;
    if (row == 0)
        decision = DECISION_NO_RESOURCE;
    else if (is_host_protocol(packet))
        decision = DECISION_HOST_PROTOCOL;
    else
        decision = decide_row(packet, row, slot, trace);

    if (packet->fragment == FIRST_FRAGMENT && any_port == ANY_PORT_PROTECTED)
        remember_first_fragment(packet, decision);
    return decision;
}
