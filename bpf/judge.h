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
static __always_inline struct local local_of(const struct packet *packet, const struct generation *generation,
                                             __u32 slot)
{
    const struct local none = {};
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
    return local ? *local : none;
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
    return block ? block->row[index % CELLS_PER_BLOCK] : 0;
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

/* A packet whose ports can't be trusted: dropped where anything of its local address is protected. */
static __always_inline __u32 decide_without_ports(struct local local, __u32 drop)
{
    if (local.flags & LOCAL_PROTECTED)
        return drop | DECISION_DROP;
    return local.group ? DECISION_OPEN : DECISION_NO_RESOURCE;
}

/* The decision on a packet by the rule set in `slot`. */
static __always_inline __u32 judge(const struct packet *packet, enum parsed parsed, __u32 ifindex,
                                   const struct generation *generation, __u32 slot, struct trace *trace)
{
    if (parsed == PARSED_NOT_IP)
        return DECISION_NOT_IP;
    if (parsed == PARSED_NO_ADDRESS)
        return generation->flags & GENERATION_PROTECTS ? DECISION_MALFORMED | DECISION_DROP : DECISION_NO_RESOURCE;

    struct local local = local_of(packet, generation, slot);
    trace->group = local.group;
    if (local.group == 0)
        return DECISION_NO_RESOURCE;
    if (parsed == PARSED_MALFORMED)
        return decide_without_ports(local, DECISION_MALFORMED);
    if (packet->fragment == LATER_FRAGMENT)
        return local.flags & LOCAL_PROTECTED ? follow_first_fragment(packet) : DECISION_OPEN;

    __u32 column =
        interface_class(ifindex, generation, slot) * generation->port_classes + port_class(packet, slot);
    __u32 row_index = cell(local.group * generation->interface_classes * generation->port_classes + column, slot);
    __u32 decision;

    trace->row = row_index;
    if (row_index == 0) {
        decision = DECISION_NO_RESOURCE;
    } else if (is_host_protocol(packet)) {
        decision = DECISION_HOST_PROTOCOL;
    } else {
        void *array = slot_map(&rows, slot);
        struct row *row = NULL;
        if (array)
            row = bpf_map_lookup_elem(array, &row_index);
        if (!row) {
            decision = DECISION_FAULT | DECISION_DROP;
        } else if (row->decision) {
            decision = row->decision;
        } else {
            __u32 class = source_class(packet, slot);
            trace->class = class;
            decision = decision_at(row->verdicts + class, slot);
        }
    }

    if (packet->fragment == FIRST_FRAGMENT && local.flags & LOCAL_PROTECTED)
        remember_first_fragment(packet, decision);
    return decision;
}
