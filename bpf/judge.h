/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict. Overlap and precedence were solved when the rule set was compiled; what is left is a fixed
 * number of look-ups, whatever the number of policies:
 *
 *   protocol, port -> port class            one array
 *   local address  -> group                 a small trie, or none
 *   group, interface class, port class -> cell
 *   source address -> class                 one trie
 *   cell, class    -> decision              one array
 */
#pragma once

#include "fragments.h"

/* How a decision came about. */
struct trace {
    __u32 group;
    __u32 cell;
    /* Of the source; zeros where it was not asked for. */
    struct source source;
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

/* Which of the rule sources hold the address; zeros when none does. */
static __always_inline struct source source_of(const struct packet *packet, __u32 slot)
{
    void *trie = packet->family == 4 ? slot_map(&sources4, slot) : slot_map(&sources6, slot);
    struct source *source = NULL;

    if (trie)
        source = bpf_map_lookup_elem(trie, &packet->source);
    return source ? *source : (struct source){};
}

static __always_inline __u32 interface_class(const struct packet *packet, const struct generation *generation,
                                             __u32 slot)
{
    __u32 *class = NULL;
    void *hash;

    if (!(generation->flags & GENERATION_INTERFACES))
        return 0;
    hash = slot_map(&interfaces, slot);
    if (hash)
        class = bpf_map_lookup_elem(hash, &packet->ifindex);
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

static __always_inline struct cell cell_at(__u32 index, __u32 slot)
{
    __u32 block_index = index / CELLS_PER_BLOCK;
    void *array = slot_map(&cells, slot);
    struct cell_block *block = NULL;

    if (array)
        block = bpf_map_lookup_elem(array, &block_index);
    return block ? block->cell[index % CELLS_PER_BLOCK]
                 : (struct cell){.decision = DECISION_FAULT | DECISION_DROP};
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
static __always_inline __u32 decide_any_port(enum any_port_cell cell, __u32 denied, __u32 audited)
{
    switch (cell) {
    case ANY_PORT_PROTECTED:
        return denied | DECISION_DROP;
    case ANY_PORT_AUDITED:
        return audited | DECISION_AUDIT;
    case ANY_PORT_OPEN:
    case ANY_PORT_WATCHED:
        return DECISION_OPEN;
    case ANY_PORT_FAILSAFE:
        return DECISION_FAILSAFE;
    default:
        return DECISION_NO_RESOURCE;
    }
}

/* Whether first fragments can be denied, so that later ones have to follow them. */
static __always_inline bool follows_first_fragment(enum any_port_cell cell)
{
    return cell == ANY_PORT_PROTECTED || cell == ANY_PORT_AUDITED || cell == ANY_PORT_WATCHED;
}

static __always_inline __u32 decide_cell(const struct packet *packet, const struct cell *cell, __u32 slot,
                                         struct trace *trace)
{
    if (cell->decision == DECISION_NO_RESOURCE)
        return DECISION_NO_RESOURCE;
    if (is_host_protocol(packet))
        return DECISION_HOST_PROTOCOL;
    if (cell->decision)
        return cell->decision;
    trace->source = source_of(packet, slot);
    return decision_at(cell->verdicts + trace->source.class, slot);
}

/* The decision on a packet by the rule set in `slot`. */
static __always_inline __u32 judge(const struct packet *packet, enum parsed parsed,
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
        (group * generation->interface_classes + interface_class(packet, generation, slot)) * generation->columns;
    __u32 any_port = first + generation->columns - ANY_PORT_COLUMNS;
    if (parsed != PARSED)
        return decide_any_port(cell_at(any_port + ANY_PORT_ALL, slot).decision, DECISION_MALFORMED,
                               DECISION_MALFORMED_AUDIT);

    if (packet->fragment != NO_FRAGMENT)
        any_port = cell_at(any_port + any_port_of(packet), slot).decision;
    if (packet->fragment == LATER_FRAGMENT) {
        __u32 unseen = decide_any_port(any_port, DECISION_FRAGMENT, DECISION_FRAGMENT_AUDIT);
        return follows_first_fragment(any_port) ? follow_first_fragment(packet, unseen) : unseen;
    }

    trace->cell = first + port_class(packet, slot);
    struct cell cell = cell_at(trace->cell, slot);
    __u32 decision = decide_cell(packet, &cell, slot, trace);

    if (packet->fragment == FIRST_FRAGMENT && follows_first_fragment(any_port))
        remember_first_fragment(packet, decision);
    return decision;
}
