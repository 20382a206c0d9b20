/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What crosses between the kernel programs and the agent: values of maps, events, and the numbers in
 * them. All fields are in host byte order unless a comment says otherwise. The agent's class
 * KernelLayout holds the same offsets; a test compares it with this object's BTF.
 */
#pragma once

#include <stdbool.h>

#include <linux/types.h>

/* Slots that hold a rule set: one is live, the other is the next commit's to write. */
#define SLOTS 2

/*
 * A decision is a number whose counter tells who decided and why; the agent knows the names. The top
 * bit says that the packet is dropped.
 */
#define DECISION_DROP 0x80000000u
#define DECISION_COUNTER 0x7fffffffu

/* The decisions whose numbers are the same in every rule set. The agent numbers the others above. */
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
    DECISION_FIRST_FREE = 16,
};

enum generation_flag {
    /* At least one resource is protected. */
    GENERATION_PROTECTS = 1 << 0,
    /* Some resource names interfaces, so `interfaces` must be asked. */
    GENERATION_INTERFACES = 1 << 1,
    /* Local prefixes other than the whole family exist, so the trie must be asked. */
    GENERATION_LOCALS_V4 = 1 << 2,
    GENERATION_LOCALS_V6 = 1 << 3,
};

enum local_flag {
    /* At least one resource of this local address is protected. */
    LOCAL_PROTECTED = 1 << 0,
};

/* Value of `locals4`, `locals6`: the resources that a local address can belong to. */
struct local {
    /* Row of the cells table; 0 stands for no resource. */
    __u32 group;
    /* enum local_flag */
    __u32 flags;
};

/* Value of `generations`; the key is the slot. Written by the agent while the slot is not live. */
struct generation {
    __u64 number;
    /* enum generation_flag */
    __u32 flags;
    /* Columns of the cells table for one interface class. */
    __u32 port_classes;
    __u32 interface_classes;
    __u32 reserved;
    /* What stands for a family's whole address space, and the answer when its trie is not asked. */
    struct local every4;
    struct local every6;
};

/* Value of `sources4`, `sources6`: which rule sources hold an address. 0 stands for none. */
struct source {
    __u32 class;
};

/*
 * Value of `rows`: how one resource judges.
 *
 * A row with a decision has the same answer for every source (an open resource, a failsafe port); else
 * the answer stands at `verdicts + class` in the verdicts table.
 */
struct row {
    __u32 decision;
    __u32 verdicts;
};

/* Tables of small numbers are stored in cache lines: entry i is number i % N of block i / N. */
#define PORTS_PER_BLOCK 32
#define CELLS_PER_BLOCK 16
#define VERDICTS_PER_BLOCK 16

/* Value of `ports`: port classes. Entries by protocol: see enum port_table. */
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

/* Value of `cells`: rows, by group, interface class and port class. 0 stands for no resource. */
struct cell_block {
    __u32 row[CELLS_PER_BLOCK];
};

/* Value of `verdicts`: decisions, by row and source class. */
struct verdict_block {
    __u32 decision[VERDICTS_PER_BLOCK];
};

/* Value of `counters`, per CPU; the key is a decision without its top bit. */
struct counter {
    __u64 packets;
    __u64 bytes;
};

/* Value of `reporting`, per CPU: what became of the reports of drops. */
struct reporting {
    /* CLOCK_MONOTONIC nanoseconds at which the second began that `in_second` counts. */
    __u64 second;
    __u64 in_second;
    __u64 reported;
    /* Kept back by the rate limit. */
    __u64 limited;
    /* Found the ring buffer full. */
    __u64 lost;
};

/* A record of the ring buffer `drops`. */
struct drop_event {
    /* CLOCK_MONOTONIC nanoseconds */
    __u64 time;
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
    __u32 row;
    __u32 class;
    __u32 reserved;
    __u64 generation;
};

#define PROBE_LIVE 0xffffffffu
