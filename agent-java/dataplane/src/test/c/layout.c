/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what a C compiler makes of bpf/types.h, a name and a number a line, for KernelLayoutTest. */
#include "types.h"

#include <stddef.h>
#include <stdio.h>

#define NUMBER(name, value) printf("%s %ld\n", name, (long)(value))
#define CONSTANT(name) NUMBER(#name, name)
#define FIELD(name, type, field) NUMBER(name, offsetof(struct type, field))
#define SIZE(name, type) NUMBER(name, sizeof(struct type))

int main(void)
{
    CONSTANT(SLOTS);
    CONSTANT(LIVE_SLOT);
    CONSTANT(LIVE_FALLBACK_SHIFT);
    CONSTANT(LIVE_DEADLINE_SHIFT);
    CONSTANT(LIVE_TIME_SHIFT);

    CONSTANT(LASTING_LAYOUT);
    CONSTANT(CONVERSATION_LAYOUT);
    SIZE("IDENTITY_SIZE", identity);
    FIELD("IDENTITY_OBJECT", identity, object);
    FIELD("IDENTITY_LASTING_LAYOUT", identity, lasting_layout);
    FIELD("IDENTITY_CONVERSATION_LAYOUT", identity, conversation_layout);
    NUMBER("PROBE_LIVE", (int)PROBE_LIVE);

    SIZE("LOCAL_SIZE", local);

    SIZE("GENERATION_SIZE", generation);
    FIELD("GENERATION_NUMBER", generation, number);
    FIELD("GENERATION_FLAGS", generation, flags);
    FIELD("GENERATION_COLUMNS", generation, columns);
    FIELD("GENERATION_INTERFACE_CLASSES", generation, interface_classes);
    FIELD("GENERATION_EVERY4", generation, every4);
    FIELD("GENERATION_EVERY6", generation, every6);
    FIELD("GENERATION_EGRESS_CELLS", generation, egress_cells);
    FIELD("GENERATION_WORKLOAD_CLASSES", generation, workload_classes);
    FIELD("GENERATION_TARGET_CLASSES", generation, target_classes);
    CONSTANT(GENERATION_INTERFACES);
    CONSTANT(GENERATION_LOCALS_V4);
    CONSTANT(GENERATION_LOCALS_V6);
    CONSTANT(GENERATION_EGRESS);
    CONSTANT(GENERATION_WORKLOADS);

    CONSTANT(DECISION_NO_RESOURCE);
    CONSTANT(DECISION_FAULT);
    CONSTANT(DECISION_EGRESS);
    CONSTANT(DECISION_NOTE);

    SIZE("SOURCE_SIZE", source);
    CONSTANT(DECISION_RULE);
    CONSTANT(TIME_SHIFT);
    SIZE("CELL_SIZE", cell);
    FIELD("CELL_DECISION", cell, decision);
    FIELD("CELL_VERDICTS", cell, verdicts);
    CONSTANT(ANY_PORT_COLUMNS);

    CONSTANT(PORTS_PER_BLOCK);
    CONSTANT(CELLS_PER_BLOCK);
    CONSTANT(VERDICTS_PER_BLOCK);
    CONSTANT(TIMES_PER_BLOCK);

    SIZE("COUNTER_SIZE", counter);
    FIELD("COUNTER_PACKETS", counter, packets);
    FIELD("COUNTER_BYTES", counter, bytes);

    SIZE("REPORTING_SIZE", reporting);
    FIELD("REPORTING_REPORTED", reporting, reported);
    FIELD("REPORTING_LIMITED", reporting, limited);
    FIELD("REPORTING_LOST", reporting, lost);
    FIELD("REPORTING_RESETS_SENT", reporting, resets_sent);
    FIELD("REPORTING_RESETS_LIMITED", reporting, resets_limited);
    FIELD("REPORTING_ASKS_SENT", reporting, asks_sent);
    FIELD("REPORTING_ASKS_LIMITED", reporting, asks_limited);
    FIELD("REPORTING_ASKS_LOST", reporting, asks_lost);
    FIELD("REPORTING_SOURCES_LIMITED", reporting, sources_limited);

    FIELD("LIMITS_REPORTS", limits, reports);
    FIELD("LIMITS_RESETS", limits, resets);
    FIELD("LIMITS_ASKS", limits, asks);
    FIELD("LIMITS_SOURCES", limits, sources);

    FIELD("SETTINGS_TIMEOUTS", settings, timeouts);
    FIELD("TIMEOUTS_TCP_OPENING", timeouts, tcp_opening);
    FIELD("TIMEOUTS_TCP_ESTABLISHED", timeouts, tcp_established);
    FIELD("TIMEOUTS_TCP_CLOSING", timeouts, tcp_closing);
    FIELD("TIMEOUTS_TCP_CLOSED", timeouts, tcp_closed);
    FIELD("TIMEOUTS_UDP", timeouts, udp);
    FIELD("TIMEOUTS_UDP_STREAM", timeouts, udp_stream);
    FIELD("TIMEOUTS_SCTP_OPENING", timeouts, sctp_opening);
    FIELD("TIMEOUTS_SCTP_ESTABLISHED", timeouts, sctp_established);
    FIELD("TIMEOUTS_SCTP_CLOSING", timeouts, sctp_closing);
    FIELD("TIMEOUTS_ICMP", timeouts, icmp);

    SIZE("CONVERSATION_KEY_SIZE", conversation_key);
    FIELD("CONVERSATION_LOCAL", conversation_key, local);
    FIELD("CONVERSATION_REMOTE", conversation_key, remote);
    FIELD("CONVERSATION_LOCAL_PORT", conversation_key, local_port);
    FIELD("CONVERSATION_REMOTE_PORT", conversation_key, remote_port);
    FIELD("CONVERSATION_PROTOCOL", conversation_key, protocol);
    FIELD("CONVERSATION_FAMILY", conversation_key, family);
    SIZE("CONVERSATION_SIZE", conversation);
    FIELD("CONVERSATION_SEEN", conversation, seen);
    FIELD("CONVERSATION_ESTABLISHED", conversation, established);
    CONSTANT(PORT_TABLE_TCP);
    CONSTANT(PORT_TABLE_UDP);
    CONSTANT(PORT_TABLE_SCTP);

    FIELD("DROP_TIME", drop_event, time);
    FIELD("DROP_DECISION", drop_event, decision);
    FIELD("DROP_IFINDEX", drop_event, ifindex);
    FIELD("DROP_LENGTH", drop_event, length);
    FIELD("DROP_SOURCE_PORT", drop_event, source_port);
    FIELD("DROP_DESTINATION_PORT", drop_event, destination_port);
    FIELD("DROP_SOURCE", drop_event, source);
    FIELD("DROP_DESTINATION", drop_event, destination);
    FIELD("DROP_VLAN", drop_event, vlan);
    FIELD("DROP_FAMILY", drop_event, family);
    FIELD("DROP_PROTOCOL", drop_event, protocol);

    FIELD("DROP_ORIGINAL", proxied_drop_event, original);
    SIZE("DROP_PROXIED_SIZE", proxied_drop_event);

    FIELD("ORIGINAL_SOURCE", original, source);
    FIELD("ORIGINAL_FAMILY", original, family);
    FIELD("ORIGINAL_HOW", original, how);
    FIELD("ORIGINAL_ENDPOINT", original, endpoint);
    CONSTANT(PROXIED_KEPT);
    SIZE("ENDPOINT_SIZE", endpoint);
    FIELD("ENDPOINT_KIND", endpoint, kind);
    FIELD("ENDPOINT_LENGTH", endpoint, length);
    FIELD("ENDPOINT_ID", endpoint, id);
    CONSTANT(ENDPOINT_ID_BYTES);
    SIZE("PROXY_SIZE", proxy);
    SIZE("PROXIED_SIZE", proxied);
    FIELD("PROXIED_ENDED", proxied, ended);
    FIELD("PROXIED_UNTIL", proxied, until);
    FIELD("PROXIED_ORIGINAL", proxied, original);
    SIZE("OPENING_SIZE", opening);
    SIZE("PROXYING_SIZE", proxying);
    FIELD("PROXYING_TOO_LONG", proxying, too_long);
    FIELD("PROXYING_SPLIT", proxying, split);

    FIELD("ASK_ADDRESS", ask, address);
    FIELD("ASK_FAMILY", ask, family);

    FIELD("DROPPED_REMOTE", dropped_key, remote);
    FIELD("DROPPED_DECISION", dropped_key, decision);
    FIELD("DROPPED_FAMILY", dropped_key, family);
    FIELD("DROPPED_ORIGINAL", dropped_proxied_key, original);
    SIZE("DROPPED_PROXIED_KEY_SIZE", dropped_proxied_key);
    SIZE("DROPPED_KEY_SIZE", dropped_key);
    SIZE("DROPPED_SIZE", dropped);
    FIELD("DROPPED_PACKETS", dropped, packets);
    FIELD("DROPPED_BYTES", dropped, bytes);
    FIELD("DROPPED_FIRST", dropped, first);
    FIELD("DROPPED_LAST", dropped, last);

    SIZE("PROBE_SIZE", probe);
    FIELD("PROBE_SLOT", probe, slot);
    FIELD("PROBE_DECISION", probe, decision);
    FIELD("PROBE_GENERATION", probe, generation);
    return 0;
}
