/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict. Overlap and precedence were solved when the rule set was compiled; what is left is a fixed
 * number of look-ups, whatever the number of policies:
 *
 *   protocol, local port -> port class      one array
 *   local address  -> group                 a small trie, or none
 *   group, interface class, port class -> cell
 *   remote address -> class                 one trie
 *   cell, class    -> decision              one array
 *
 * and a conversation where answers may pass. Both directions are judged by the same steps; at egress the cell
 * depends on the workload, too, and the decision on the class of the remote port.
 */
#pragma once

#include "conversations.h"
#include "fragments.h"

/* How a decision came about. */
struct trace {
    __u32 group;
    __u32 cell;
    /* Of the peer; zeros where it was not asked for. */
    struct source source;
    /* Whom a balancer has sent the packet for; NULL if it is not from one. */
    const struct original *original;
    /* Whether the server is to be told that the connection of that is denied. */
    bool ends;
    __u32 end;
    /* The one that the packet is an answer in; NULL for none. */
    struct conversation *conversation;
    /* Whether a conversation that the packet begins is noted. */
    bool note;
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
 * the link itself (RFC 4861 asks for hop limit 255), MLD, and what its DHCP clients and their servers say. */
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
            return packet->remote_port == DHCP_SERVER && packet->local_port == DHCP_CLIENT;
        return packet->remote_port == DHCP6_SERVER && packet->local_port == DHCP6_CLIENT;
    }
    return false;
}

/* One that quotes the packet that it is about; IPv4: 3, 11, 12, ICMPv6: 1 to 4. */
static __always_inline bool is_icmp_error(const struct packet *packet)
{
    __u8 type = packet->icmp_type;

    if (packet->fragment == LATER_FRAGMENT)
        return false;
    if (packet->family == 4)
        return packet->protocol == IPPROTO_ICMP && (type == 3 || type == 11 || type == 12);
    return packet->protocol == IPPROTO_ICMPV6 && type >= 1 && type <= 4;
}

/* The place of a port in a table of ports; the local port, or the remote one. */
static __always_inline __u32 port_entry(const struct packet *packet, __u16 port)
{
    switch (packet->protocol) {
    case IPPROTO_TCP:
        return PORT_TABLE_TCP + port;
    case IPPROTO_UDP:
        return PORT_TABLE_UDP + port;
    case IPPROTO_SCTP:
        return PORT_TABLE_SCTP + port;
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
        local = bpf_map_lookup_elem(trie, &packet->local);
    return local ? local->group : 0;
}

/* Which of the rules' peers hold an address; zeros when none does. */
static __always_inline struct source source_of(const struct address_key *remote, __u8 family, __u32 slot,
                                               enum direction direction)
{
    struct source *source = NULL;
    void *trie;

    if (direction == INGRESS)
        trie = family == 4 ? slot_map(&sources4, slot) : slot_map(&sources6, slot);
    else
        trie = family == 4 ? slot_map(&targets4, slot) : slot_map(&targets6, slot);
    if (trie)
        source = bpf_map_lookup_elem(trie, remote);
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

/* `table` is `ports` or `remote_ports`. */
static __always_inline __u32 port_class(void *table, __u32 entry, __u32 slot)
{
    __u32 block_index = entry / PORTS_PER_BLOCK;
    void *array = slot_map(table, slot);
    struct port_block *block = NULL;

    if (array)
        block = bpf_map_lookup_elem(array, &block_index);
    return block ? block->class[entry % PORTS_PER_BLOCK] : 0;
}

/* One of the decisions that are the same in every rule set, for the direction. */
static __always_inline __u32 fixed(__u32 decision, enum direction direction)
{
    return direction == INGRESS ? decision : decision + DECISION_EGRESS;
}

static __always_inline struct cell cell_at(__u32 index, __u32 slot, enum direction direction)
{
    __u32 block_index = index / CELLS_PER_BLOCK;
    void *array = slot_map(&cells, slot);
    struct cell_block *block = NULL;

    if (array)
        block = bpf_map_lookup_elem(array, &block_index);
    return block ? block->cell[index % CELLS_PER_BLOCK]
                 : (struct cell){.decision = fixed(DECISION_FAULT, direction) | DECISION_DROP};
}

static __always_inline __u32 decision_at(__u32 index, __u32 slot, enum direction direction)
{
    __u32 block_index = index / VERDICTS_PER_BLOCK;
    void *array = slot_map(&verdicts, slot);
    struct verdict_block *block = NULL;

    if (array)
        block = bpf_map_lookup_elem(array, &block_index);
    return block ? block->decision[index % VERDICTS_PER_BLOCK] : fixed(DECISION_FAULT, direction) | DECISION_DROP;
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
    case ANY_PORT_NO_RESOURCE:
        return DECISION_NO_RESOURCE;
    default:
        return DECISION_FAULT | DECISION_DROP;
    }
}

/* Whether first fragments can be denied, so that later ones have to follow them. */
static __always_inline bool follows_first_fragment(enum any_port_cell cell)
{
    return cell == ANY_PORT_PROTECTED || cell == ANY_PORT_AUDITED || cell == ANY_PORT_WATCHED;
}

/* By the tables alone. */
static __always_inline __u32 decide_cell(const struct packet *packet, const struct cell *cell,
                                         const struct generation *generation, __u32 slot, struct trace *trace,
                                         enum direction direction)
{
    __u32 number = cell->decision & DECISION_COUNTER;

    if (number == fixed(DECISION_NO_RESOURCE, direction))
        return number;
    if (is_host_protocol(packet))
        return fixed(DECISION_HOST_PROTOCOL, direction);
    if (number && !(cell->decision & DECISION_REPLIES))
        return cell->decision & (DECISION_COUNTER | DECISION_DROP);
    trace->source = source_of(&packet->remote, packet->family, slot, direction);
    __u32 index = cell->verdicts + trace->source.class;
    if (direction == EGRESS) {
        __u32 remote = port_class(&remote_ports, port_entry(packet, packet->remote_port), slot);
        index += remote * generation->target_classes;
    }
    return decision_at(index, slot, direction);
}

/* The conversation that the packet answers in, begun by the other side of this host. `entry` is that of its local
 * port. */
static __always_inline struct conversation *answered_by(const struct packet *packet, __u32 entry,
                                                        enum direction direction)
{
    struct conversation_key key;
    struct conversation *known;

    if (!converses(packet) || (direction == INGRESS && !has_begun_at(entry)))
        return NULL;
    conversation_key(&key, packet);
    if (direction == EGRESS)
        return find_inbound(&key);
    known = find_outbound(&key);
    /* Nobody begins anew what was begun from here, but two can begin at once. */
    if (known && known->established && packet->protocol == IPPROTO_TCP &&
        (packet->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
        return NULL;
    return known;
}

/* The first cell of the packet's group and interface class, and workload class. */
static __always_inline __u32 first_cell(const struct packet *packet, __u32 group,
                                        const struct generation *generation, __u32 slot, enum direction direction)
{
    __u32 row = group * generation->interface_classes + interface_class(packet, generation, slot);

    if (direction == INGRESS)
        return row * generation->columns;
    return generation->egress_cells +
           (row * generation->workload_classes + packet->workload) * generation->columns;
}

/* The decision on a packet by the rule set in `slot`; with DECISION_PROXIED, see proxy.h. */
static __always_inline __u32 judge(const struct packet *packet, enum parsed parsed,
                                   const struct generation *generation, __u32 slot, struct trace *trace,
                                   enum direction direction)
{
    if (parsed == PARSED_NOT_IP)
        return fixed(DECISION_NOT_IP, direction);

    /* No group has number 0, so an address that could not be read gets the columns of 0. */
    __u32 group = parsed == PARSED_NO_ADDRESS ? 0 : group_of(packet, generation, slot);
    trace->group = group;
    if (group == 0 && parsed != PARSED_NO_ADDRESS)
        return fixed(DECISION_NO_RESOURCE, direction);

    __u32 first = first_cell(packet, group, generation, slot, direction);
    __u32 any_port = first + generation->columns - ANY_PORT_COLUMNS;
    if (parsed != PARSED)
        return fixed(decide_any_port(cell_at(any_port + ANY_PORT_ALL, slot, direction).decision,
                                     DECISION_MALFORMED, DECISION_MALFORMED_AUDIT),
                     direction);

    if (packet->fragment != NO_FRAGMENT)
        any_port = cell_at(any_port + any_port_of(packet), slot, direction).decision;
    if (packet->fragment == LATER_FRAGMENT) {
        __u32 unseen = fixed(decide_any_port(any_port, DECISION_FRAGMENT, DECISION_FRAGMENT_AUDIT), direction);
        return follows_first_fragment(any_port) ? follow_first_fragment(packet, unseen, direction) : unseen;
    }

    __u32 entry = port_entry(packet, packet->local_port);
    trace->cell = first + port_class(&ports, entry, slot);
    struct cell cell = cell_at(trace->cell, slot, direction);
    __u32 decision = decide_cell(packet, &cell, generation, slot, trace, direction);
    trace->note =
        cell.decision & DECISION_NOTE || (packet->protocol == IPPROTO_UDP && cell.decision & DECISION_REPLIES);
    if (decision & DECISION_REPLIES) {
        trace->conversation = answered_by(packet, entry, direction);
        if (trace->conversation)
            decision = cell.decision & DECISION_COUNTER;
        else
            decision &= ~DECISION_REPLIES;
    }

    /* Where a balancer sends on, the verdict is still to come. */
    if (packet->fragment == FIRST_FRAGMENT && follows_first_fragment(any_port) &&
        !(direction == INGRESS && decision & DECISION_PROXIED))
        remember_first_fragment(packet, decision, direction);
    return decision;
}
