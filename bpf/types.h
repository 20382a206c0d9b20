/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What crosses between the kernel programs and the agent: values of maps, events, and the numbers in
 * them. All fields are in host byte order unless a comment says otherwise. The agent's class
 * KernelLayout holds the same offsets; a test compares it with this object's BTF.
 */
#pragma once

#include <stdbool.h>

#include <linux/types.h>

/*
 * What other versions of the programs and of the agent rely on, so that one can take over from another whatever
 * else differs: `struct identity`, the first word of `struct counter` and of `struct generation`, and the word in
 * `live`. The rest may change from version to version.
 */

/* Slots that hold a rule set: one is live, one is the next commit's to write, and one is what the live one falls
 * back to while it waits to be confirmed. */
#define SLOTS 3

/*
 * The word in `live`, which the agent writes at once, so that a packet sees the one before or this one.
 *
 *   bits 0 to 7    the slot that packets are judged by
 *   bits 8 to 15   the one that they are judged by from the deadline on
 *   bits 16 to 63  the deadline, CLOCK_BOOTTIME in units of 2^LIVE_TIME_SHIFT nanoseconds; 0 for none
 */
#define LIVE_SLOT 0xffu
#define LIVE_FALLBACK_SHIFT 8
#define LIVE_DEADLINE_SHIFT 16
#define LIVE_TIME_SHIFT 20

/*
 * A decision is a number whose counter tells who decided and why (the agent knows the names), with bits
 * that say what is to be done.
 */
#define DECISION_COUNTER 0x007fffffu
#define DECISION_DROP 0x80000000u
/* Denied by a resource in audit mode: the packet passes, counted and reported as a denial. */
#define DECISION_AUDIT 0x40000000u
/* Only with DECISION_DROP: a TCP segment is answered with RST. */
#define DECISION_RESET 0x20000000u
/* Depends on the name of the source, which the agent does not know yet: tell it the address. */
#define DECISION_ASK 0x10000000u
/* 1 + the place of the rule that decided among the members of the source's class, at most 7; 0 where no
 * single rule did. */
#define DECISION_RULE_SHIFT 25
#define DECISION_RULE 7u
/* A packet passes all the same if it belongs to a conversation that the other side of this host began. In a
 * cell: with any peer, and the number is that of the decision on such packets. */
#define DECISION_REPLIES 0x01000000u
/* Only in a cell: conversations that begin here are noted, because the other direction can deny. */
#define DECISION_NOTE 0x00800000u
/* Only in a verdict: the source is a balancer, whose connections are judged by what their PROXY headers say; the
 * number is the place in `proxies` of how. */
#define DECISION_PROXIED 0x00800000u

/* Each packet is judged in the direction that it goes, by rules of that direction alone. */
enum direction {
    INGRESS = 0,
    EGRESS = 1,
};

/*
 * The decisions whose numbers are the same in every rule set, at ingress; at egress they are higher by
 * DECISION_EGRESS. The agent numbers the others above.
 */
enum fixed_decision {
    DECISION_NOT_IP = 1,
    DECISION_NO_RESOURCE = 2,
    DECISION_HOST_PROTOCOL = 3,
    DECISION_FAILSAFE = 4,
    /* A resource selects the address, none of that address is protected, and the packet can't be judged
     * by its ports. */
    DECISION_OPEN = 5,
    DECISION_MALFORMED = 6,
    DECISION_FRAGMENT = 7,
    /* A part of the rule set was not there. Commits check theirs, so this is a defect. */
    DECISION_FAULT = 8,
    /* The same as DECISION_MALFORMED and DECISION_FRAGMENT where all that is protected is in audit mode. */
    DECISION_MALFORMED_AUDIT = 9,
    DECISION_FRAGMENT_AUDIT = 10,
    /* An ICMP error about a packet of an allowed conversation. */
    DECISION_RELATED = 11,
    DECISION_EGRESS = 16,
    DECISION_FIRST_FREE = 32,
};

enum generation_flag {
    /* Some resource names interfaces, so `interfaces` must be asked. */
    GENERATION_INTERFACES = 1 << 0,
    /* Local prefixes other than the whole family exist, so the trie must be asked. */
    GENERATION_LOCALS_V4 = 1 << 1,
    GENERATION_LOCALS_V6 = 1 << 2,
    /* Packets that go out have to be looked at: they are judged, or begin conversations that are noted. */
    GENERATION_EGRESS = 1 << 3,
    /* Some resource names a workload, so `workloads` must be asked. */
    GENERATION_WORKLOADS = 1 << 4,
};

/* Value of `locals4`, `locals6`: the resources that a local address can belong to. */
struct local {
    /* 0 stands for none. */
    __u32 group;
};

/* Value of `generations`; the key is the slot. Written by the agent while the slot is not live. */
struct generation {
    __u64 number;
    /* enum generation_flag */
    __u32 flags;
    /* Columns of the cells table for one interface class: a port class each, then enum any_port. */
    __u32 columns;
    __u32 interface_classes;
    /* The group of all of a family's addresses, which is the answer when its trie is not asked. */
    __u32 every4;
    __u32 every6;
    /* With GENERATION_EGRESS: the first cell of egress. */
    __u32 egress_cells;
    /* Workload classes of egress cells, 0 of which is none. */
    __u32 workload_classes;
    /* Classes of remote addresses at egress. */
    __u32 target_classes;
};

/* Value of `sources4`, `sources6`, and of `targets4`, `targets6` for egress: which rules' peers hold an
 * address. */
struct source {
    /* 0 stands for none. */
    __u32 class;
    /* The index in `matched` of the class's first member; 0 for an entry whose times are not kept. */
    __u32 rules;
};

/* Tables of small values are stored in cache lines: entry i is number i % N of block i / N. */
#define PORTS_PER_BLOCK 32
#define CELLS_PER_BLOCK 8
#define VERDICTS_PER_BLOCK 16
#define TIMES_PER_BLOCK 16

/* Value of `ports`, local ones, and `remote_ports`, those of egress rules: port classes. Entries by protocol: see
 * enum port_table. */
struct port_block {
    __u16 class[PORTS_PER_BLOCK];
};

/* Where each protocol's entries begin in the ports table. */
enum port_table {
    /* 256 entries, one a protocol number, for protocols whose ports are not looked at. */
    PORT_TABLE_OTHER = 0,
    /* 65,536 entries each, one a port. */
    PORT_TABLE_TCP = 256,
    PORT_TABLE_UDP = 256 + 65536,
    PORT_TABLE_SCTP = 256 + 2 * 65536,
    PORT_TABLE_END = 256 + 3 * 65536,
};

/*
 * How packets of one group, interface class and local port class are judged; at egress, of one workload
 * class, too.
 *
 * One whose decision has a number, and not DECISION_REPLIES, has the same answer for every peer (no resource, an
 * open one, a failsafe port); else the answer stands at `verdicts + class` in the verdicts table, and at egress at
 * `verdicts + remote port class * target_classes + class`.
 */
struct cell {
    /* Also DECISION_REPLIES and DECISION_NOTE. In the last ANY_PORT_COLUMNS: enum any_port_cell. */
    __u32 decision;
    __u32 verdicts;
};

/*
 * Value of `cells`, by group, interface class, at egress workload class, and column: a column a port class, and
 * the last ANY_PORT_COLUMNS for packets whose ports can't be read. Those of group 0 are for an address that
 * can't be read. The cells of ingress come first.
 */
struct cell_block {
    struct cell cell[CELLS_PER_BLOCK];
};

/* The last columns of the cells table: packets of one protocol, or of any, with whatever port. */
enum any_port {
    ANY_PORT_TCP = 0,
    ANY_PORT_UDP = 1,
    ANY_PORT_SCTP = 2,
    ANY_PORT_ICMP = 3,
    ANY_PORT_OTHER = 4,
    ANY_PORT_ALL = 5,
    ANY_PORT_COLUMNS = 6,
};

/* What those columns hold. */
enum any_port_cell {
    ANY_PORT_NO_RESOURCE = 0,
    /* Resources select it, and none that would govern is protected. */
    ANY_PORT_OPEN = 1,
    /* For some port, a protected one governs. */
    ANY_PORT_PROTECTED = 2,
    /* Passes by the failsafe list, whatever the port. */
    ANY_PORT_FAILSAFE = 3,
    /* For some port, a protected one governs, and all such are in audit mode. */
    ANY_PORT_AUDITED = 4,
    /* None that would govern is protected, but one has a blocklist. */
    ANY_PORT_WATCHED = 5,
};

/* Value of `verdicts`: decisions, by the offset in a cell and source class. */
struct verdict_block {
    __u32 decision[VERDICTS_PER_BLOCK];
};

/*
 * Value of `proxies`: how a resource judges what balancers send on. Decisions have their bits.
 *
 * Both the original source and the endpoint have a decision each, and a rank that says which of the two counts:
 * the lower one, and that of the source if they are alike. The ranks stand in `verdicts`, too.
 */
struct proxy {
    /* Places in `verdicts`, by the class of the original source. */
    __u32 sources;
    __u32 source_ranks;
    /* By the class of the endpoint. */
    __u32 endpoints;
    __u32 endpoint_ranks;
    /* On what comes before the header: the handshake, and segments without data. */
    __u32 handshake;
    /* On data that comes ahead of the header. */
    __u32 ahead;
    /* On a header that is missing or wrong. */
    __u32 header;
    /* On a connection of the balancer's own (LOCAL). */
    __u32 local;
    /* On a connection that was there before its header was asked for. */
    __u32 kept;
};

#define ENDPOINT_ID_BYTES 32

/* The private endpoint that a PROXY header names. Key of `endpoints`, whose value is a struct source. */
struct endpoint {
    /* The type of the TLV; 0 for none. */
    __u8 kind;
    /* Of the id in the header, in bytes, which can be more than is kept of it. */
    __u8 length;
    __u8 reserved[2];
    /* As in the header; zeros behind. */
    __u8 id[ENDPOINT_ID_BYTES];
};

enum endpoint_kind {
    ENDPOINT_GCP = 0xe0,
    ENDPOINT_AWS = 0xea,
    ENDPOINT_AZURE = 0xee,
};

/* What `how` says of a connection that a balancer sends on. */
enum proxied_how {
    /* By its header. */
    PROXIED_BY_HEADER = 0,
    /* The balancer's own. */
    PROXIED_LOCAL = 1,
    /* It was there before its header was asked for. */
    PROXIED_KEPT = 2,
    /* Its header is wrong; it passes in audit mode alone. */
    PROXIED_UNREADABLE = 3,
};

/* Whom a balancer speaks for. */
struct original {
    /* Network byte order; IPv4 in the first word. */
    __u32 source[4];
    /* 4 or 6; 0 for none. */
    __u8 family;
    /* enum proxied_how */
    __u8 how;
    __u8 reserved[2];
    struct endpoint endpoint;
};

/* Value of `proxied`, by struct conversation_key: a connection that was let in. */
struct proxied {
    /* The decision on it, and in the upper half the lower one of the number of the rule set that made it; in one
     * word, so that none is read that is half written. */
    __u64 judged;
    /* Of the entry that decided; see struct source. */
    __u32 rules;
    /* As in struct opening; 0 if no SYN was seen. */
    __u32 first;
    /* CLOCK_MONOTONIC in units of 2^TIME_SHIFT nanoseconds of the balancer's FIN or RST, if nothing but such came
     * since; 0 for none. */
    __u32 ended;
    /* The same, until when it is kept; only for PROXIED_KEPT. */
    __u32 until;
    struct original original;
};

/* Value of `opening`, by struct conversation_key: a connection whose header has not come. */
struct opening {
    /* The sequence number of its first byte. */
    __u32 first;
    __u32 reserved;
    /* The number of the rule set that denied it, its lower 32 bits, and the decision; 0 as long as none did. */
    __u64 denied;
};

/* Value of `proxying`, per CPU. */
struct proxying {
    /* Headers that are longer than what is read, and those that came in several segments. */
    __u64 too_long;
    __u64 split;
};

/* The longest PROXY header that is read, in bytes. */
#define PROXY_HEADER_BYTES 4096

/*
 * Value of `matched`: when the members of source entries last decided. Written by the kernel at most
 * once in a unit of time for each, and by the agent when members move.
 */
struct matched_block {
    /* CLOCK_MONOTONIC in units of 2^TIME_SHIFT nanoseconds, a little over a second; 0 stands for never. The
     * agent writes negative numbers for times before the host was started. */
    __s32 time[TIMES_PER_BLOCK];
};

#define TIME_SHIFT 30

/* Of the maps that outlive programs of other versions: raised by one whenever what a value of one of them means
 * changes. Conversations have a number of their own: while programs take over from others that keep other maps of
 * them, answers in those that have just begun are lost. */
#define LASTING_LAYOUT 1
#define CONVERSATION_LAYOUT 1

/* Value of `identity`, written once by the agent that made the maps. */
struct identity {
    /* SHA-256 of the object with the programs. Another one may mean something else by what is in a slot. */
    __u8 object[32];
    __u32 lasting_layout;
    __u32 conversation_layout;
};

/* Value of `counters`, per CPU; the key is a decision's number. Also of `carried`, for all CPUs together. */
struct counter {
    __u64 packets;
    __u64 bytes;
};

/* What one CPU may do in a second. */
struct limits {
    __u32 reports;
    __u32 resets;
    __u32 asks;
    /* New entries of `dropped`. */
    __u32 sources;
};

/* How long a conversation is known after its last packet, in units of 2^TIME_SHIFT nanoseconds. */
struct timeouts {
    /* Only one side was heard. */
    __u32 tcp_opening;
    __u32 tcp_established;
    /* One side, or both, have sent FIN. */
    __u32 tcp_closing;
    /* After RST. */
    __u32 tcp_closed;
    /* Only one side was heard. */
    __u32 udp;
    __u32 udp_stream;
    __u32 sctp_opening;
    __u32 sctp_established;
    __u32 sctp_closing;
    __u32 icmp;
};

/* Set before the programs are loaded. */
struct settings {
    struct limits limits;
    struct timeouts timeouts;
};

/* Key of the maps of conversations. */
struct conversation_key {
    /* Network byte order; IPv4 in the first word. */
    __u32 local[4];
    __u32 remote[4];
    /* Both are the identifier of an ICMP echo. */
    __u16 local_port;
    __u16 remote_port;
    __u8 protocol;
    __u8 family;
    __u16 reserved;
};

/* What one side of a conversation did. */
enum conversation_flag {
    CONVERSATION_FIN = 1 << 0,
    CONVERSATION_RESET = 1 << 1,
    /* Of the local side: `acknowledged` is known. */
    CONVERSATION_ACKNOWLEDGED = 1 << 2,
    /* Of the local side: `expected` is known. */
    CONVERSATION_EXPECTS = 1 << 3,
    /* Of the local side: it has taken the FIN of the remote one. */
    CONVERSATION_TOOK_FIN = 1 << 4,
    /* Of the local side: it has answered what the remote one began. */
    CONVERSATION_ANSWERED = 1 << 5,
};

/*
 * Value of the maps of conversations. What the remote side says is only believed if it shows that it has seen
 * what the local side sent.
 */
struct conversation {
    /* CLOCK_MONOTONIC in units of 2^TIME_SHIFT nanoseconds of the last packet. */
    __u32 seen;
    /* TCP: the acknowledgement number that answers the local SYN. SCTP: the verification tag that the local
     * side asked for, in network byte order. */
    __u32 expected;
    /* TCP: the last acknowledgement number that the local side sent. */
    __u32 acknowledged;
    /* TCP: the sequence number after the remote FIN, with CONVERSATION_FIN of the remote side. */
    __u32 remote_fin;
    /* enum conversation_flag; each byte is written where packets of that side are seen. */
    __u8 local_flags;
    __u8 remote_flags;
    /* Whether both sides were heard. Written once, by whoever moves it to the map of such. */
    __u8 established;
    __u8 reserved;
};

/* How much of a limit is used. */
struct rate {
    /* CLOCK_MONOTONIC nanoseconds at which the second began that `in_second` counts. */
    __u64 second;
    __u64 in_second;
};

/* Value of `reporting`, per CPU: what became of what the programs do beside passing and dropping. */
struct reporting {
    struct rate report_rate;
    /* Reports of drops: made, kept back by the rate limit, not made because the ring was full. */
    __u64 reported;
    __u64 limited;
    __u64 lost;

    struct rate reset_rate;
    /* Segments that were to be answered with RST: answered, and dropped by the rate limit. */
    __u64 resets_sent;
    __u64 resets_limited;

    struct rate ask_rate;
    /* Questions for the name of an address, as for reports. */
    __u64 asks_sent;
    __u64 asks_limited;
    __u64 asks_lost;

    struct rate source_rate;
    /* Denied packets that are not in `dropped`: their source was new, and over the limit. */
    __u64 sources_limited;
};

/* Key of `dropped`. */
struct dropped_key {
    /* The side that is not this host's, in network byte order; an IPv4 address takes the first word. */
    __u32 remote[4];
    /* Its number, without bits. */
    __u32 decision;
    /* 4, 6, or 0 when the addresses could not be read. */
    __u32 family;
};

/* Value of `dropped`, per CPU: what was denied since the entry was made. */
struct dropped {
    __u64 packets;
    __u64 bytes;
    /* CLOCK_MONOTONIC in units of 2^TIME_SHIFT nanoseconds of the first and the last packet. */
    __u32 first;
    __u32 last;
};

/* A record of the ring buffer `drops`. */
struct drop_event {
    /* CLOCK_MONOTONIC nanoseconds */
    __u64 time;
    /* With its bits. */
    __u32 decision;
    __u32 ifindex;
    /* Bytes of the frame. */
    __u32 length;
    __u16 source_port;
    __u16 destination_port;
    /* Network byte order; an IPv4 address takes the first four bytes. */
    __u8 source[16];
    __u8 destination[16];
    /* VLAN ids, outer first; 0 where there is no tag. */
    __u16 vlan[2];
    /* 4, 6, or 0 when the addresses could not be read. */
    __u8 family;
    __u8 protocol;
    __u8 tcp_flags;
    __u8 reserved;
};

/* A record of `drops` about a connection that a balancer sends on. */
struct proxied_drop_event {
    struct drop_event drop;
    struct original original;
};

/* Key of `dropped_proxied`, whose values are as those of `dropped`. */
struct dropped_proxied_key {
    /* The balancer. */
    struct dropped_key balancer;
    struct original original;
};

/* A record of the ring buffer `asks`, and the key of `asked`: an address whose name is wanted. */
struct ask {
    /* Network byte order; an IPv4 address takes the first four bytes. */
    __u32 address[4];
    /* 4 or 6 */
    __u32 family;
};

/*
 * The metadata in front of a packet given to portcullis_probe by a test run: a question when the run
 * begins, the answer when it ends. 32 bytes, the most that Linux before 6.10 takes.
 */
struct probe {
    /* In: the slot to judge by; PROBE_LIVE for the one that packets are judged by. */
    __u32 slot;
    /* Out: all that follows. */
    __u32 decision;
    __u32 group;
    __u32 cell;
    __u32 class;
    __u32 reserved;
    __u64 generation;
};

#define PROBE_LIVE 0xffffffffu
