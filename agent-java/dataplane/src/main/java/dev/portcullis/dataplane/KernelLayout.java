// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/**
 * Sizes, offsets and numbers of bpf/types.h, in bytes. KernelLayoutTest compares each with what a C
 * compiler makes of that file.
 */
final class KernelLayout {
    static final int SLOTS = 3;
    static final int LIVE_SLOT = 255;
    static final int LIVE_FALLBACK_SHIFT = 8;
    static final int LIVE_DEADLINE_SHIFT = 16;
    static final int LIVE_TIME_SHIFT = 20;

    static final int LASTING_LAYOUT = 1;
    static final int CONVERSATION_LAYOUT = 1;
    static final int IDENTITY_SIZE = 40;
    static final int IDENTITY_OBJECT = 0;
    static final int IDENTITY_LASTING_LAYOUT = 32;
    static final int IDENTITY_CONVERSATION_LAYOUT = 36;

    static final int PROBE_LIVE = -1;

    static final int LOCAL_SIZE = 4;

    static final int GENERATION_SIZE = 40;
    static final int GENERATION_NUMBER = 0;
    static final int GENERATION_FLAGS = 8;
    static final int GENERATION_COLUMNS = 12;
    static final int GENERATION_INTERFACE_CLASSES = 16;
    static final int GENERATION_EVERY4 = 20;
    static final int GENERATION_EVERY6 = 24;
    static final int GENERATION_EGRESS_CELLS = 28;
    static final int GENERATION_WORKLOAD_CLASSES = 32;
    static final int GENERATION_TARGET_CLASSES = 36;
    static final int GENERATION_INTERFACES = 1;
    static final int GENERATION_LOCALS_V4 = 2;
    static final int GENERATION_LOCALS_V6 = 4;
    static final int GENERATION_EGRESS = 8;
    static final int GENERATION_WORKLOADS = 16;

    static final int DECISION_NO_RESOURCE = 2;
    static final int DECISION_FAULT = 8;
    static final int DECISION_EGRESS = 16;
    static final int DECISION_NOTE = 8388608;

    static final int SOURCE_SIZE = 8;
    static final int DECISION_RULE = 7;
    static final int TIME_SHIFT = 30;
    static final int CELL_SIZE = 8;
    static final int CELL_DECISION = 0;
    static final int CELL_VERDICTS = 4;
    static final int ANY_PORT_COLUMNS = 6;

    static final int PORTS_PER_BLOCK = 32;
    static final int CELLS_PER_BLOCK = 8;
    static final int VERDICTS_PER_BLOCK = 16;
    static final int TIMES_PER_BLOCK = 16;

    static final int COUNTER_SIZE = 16;
    static final int COUNTER_PACKETS = 0;
    static final int COUNTER_BYTES = 8;

    static final int REPORTING_SIZE = 136;
    static final int REPORTING_REPORTED = 16;
    static final int REPORTING_LIMITED = 24;
    static final int REPORTING_LOST = 32;
    static final int REPORTING_RESETS_SENT = 56;
    static final int REPORTING_RESETS_LIMITED = 64;
    static final int REPORTING_ASKS_SENT = 88;
    static final int REPORTING_ASKS_LIMITED = 96;
    static final int REPORTING_ASKS_LOST = 104;
    static final int REPORTING_SOURCES_LIMITED = 128;

    static final int LIMITS_REPORTS = 0;
    static final int LIMITS_RESETS = 4;
    static final int LIMITS_ASKS = 8;
    static final int LIMITS_SOURCES = 12;

    static final int SETTINGS_TIMEOUTS = 16;
    static final int TIMEOUTS_TCP_OPENING = 0;
    static final int TIMEOUTS_TCP_ESTABLISHED = 4;
    static final int TIMEOUTS_TCP_CLOSING = 8;
    static final int TIMEOUTS_TCP_CLOSED = 12;
    static final int TIMEOUTS_UDP = 16;
    static final int TIMEOUTS_UDP_STREAM = 20;
    static final int TIMEOUTS_SCTP_OPENING = 24;
    static final int TIMEOUTS_SCTP_ESTABLISHED = 28;
    static final int TIMEOUTS_SCTP_CLOSING = 32;
    static final int TIMEOUTS_ICMP = 36;

    static final int CONVERSATION_KEY_SIZE = 40;
    static final int CONVERSATION_LOCAL = 0;
    static final int CONVERSATION_REMOTE = 16;
    static final int CONVERSATION_LOCAL_PORT = 32;
    static final int CONVERSATION_REMOTE_PORT = 34;
    static final int CONVERSATION_PROTOCOL = 36;
    static final int CONVERSATION_FAMILY = 37;
    static final int CONVERSATION_SIZE = 20;
    static final int CONVERSATION_SEEN = 0;
    static final int CONVERSATION_ESTABLISHED = 18;
    static final int PORT_TABLE_TCP = 256;
    static final int PORT_TABLE_UDP = 65792;
    static final int PORT_TABLE_SCTP = 131328;

    static final int DROP_TIME = 0;
    static final int DROP_DECISION = 8;
    static final int DROP_IFINDEX = 12;
    static final int DROP_LENGTH = 16;
    static final int DROP_SOURCE_PORT = 20;
    static final int DROP_DESTINATION_PORT = 22;
    static final int DROP_SOURCE = 24;
    static final int DROP_DESTINATION = 40;
    static final int DROP_VLAN = 56;
    static final int DROP_FAMILY = 60;
    static final int DROP_PROTOCOL = 61;

    static final int ASK_ADDRESS = 0;
    static final int ASK_FAMILY = 16;

    static final int DROPPED_KEY_SIZE = 24;
    static final int DROPPED_REMOTE = 0;
    static final int DROPPED_DECISION = 16;
    static final int DROPPED_FAMILY = 20;
    static final int DROPPED_SIZE = 24;
    static final int DROPPED_PACKETS = 0;
    static final int DROPPED_BYTES = 8;
    static final int DROPPED_FIRST = 16;
    static final int DROPPED_LAST = 20;

    static final int PROBE_SIZE = 32;
    static final int PROBE_SLOT = 0;
    static final int PROBE_DECISION = 4;
    static final int PROBE_GENERATION = 24;

    static final int DROP_ORIGINAL = 64;
    static final int DROP_PROXIED_SIZE = 120;
    static final int ORIGINAL_SOURCE = 0;
    static final int ORIGINAL_FAMILY = 16;
    static final int ORIGINAL_HOW = 17;
    static final int ORIGINAL_ENDPOINT = 20;
    static final int PROXIED_KEPT = 2;
    static final int ENDPOINT_SIZE = 36;
    static final int ENDPOINT_KIND = 0;
    static final int ENDPOINT_LENGTH = 1;
    static final int ENDPOINT_ID = 4;
    static final int ENDPOINT_ID_BYTES = 32;
    static final int PROXY_SIZE = 36;
    static final int PROXIED_SIZE = 80;
    static final int PROXIED_ENDED = 16;
    static final int PROXIED_UNTIL = 20;
    static final int PROXIED_ORIGINAL = 24;
    static final int PROXYING_SIZE = 16;
    static final int PROXYING_TOO_LONG = 0;
    static final int PROXYING_SPLIT = 8;
    static final int DROPPED_ORIGINAL = 24;
    static final int DROPPED_PROXIED_KEY_SIZE = 80;

    static final int OPENING_SIZE = 16;

    private KernelLayout() {}
}
