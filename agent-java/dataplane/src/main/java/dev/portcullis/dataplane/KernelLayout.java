// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/**
 * Sizes, offsets and numbers of bpf/types.h, in bytes. KernelLayoutTest compares each with what a C
 * compiler makes of that file.
 */
final class KernelLayout {
    static final int SLOTS = 2;
    static final int PROBE_LIVE = -1;

    static final int LOCAL_SIZE = 4;

    static final int GENERATION_SIZE = 32;
    static final int GENERATION_NUMBER = 0;
    static final int GENERATION_FLAGS = 8;
    static final int GENERATION_COLUMNS = 12;
    static final int GENERATION_INTERFACE_CLASSES = 16;
    static final int GENERATION_EVERY4 = 20;
    static final int GENERATION_EVERY6 = 24;
    static final int GENERATION_INTERFACES = 1;
    static final int GENERATION_LOCALS_V4 = 2;
    static final int GENERATION_LOCALS_V6 = 4;

    static final int DECISION_NO_RESOURCE = 2;
    static final int DECISION_FAULT = 8;

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

    static final int REPORTING_SIZE = 112;
    static final int REPORTING_REPORTED = 16;
    static final int REPORTING_LIMITED = 24;
    static final int REPORTING_LOST = 32;
    static final int REPORTING_RESETS_SENT = 56;
    static final int REPORTING_RESETS_LIMITED = 64;
    static final int REPORTING_ASKS_SENT = 88;
    static final int REPORTING_ASKS_LIMITED = 96;
    static final int REPORTING_ASKS_LOST = 104;

    static final int LIMITS_REPORTS = 0;
    static final int LIMITS_RESETS = 4;
    static final int LIMITS_ASKS = 8;

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

    static final int PROBE_SIZE = 32;
    static final int PROBE_SLOT = 0;
    static final int PROBE_DECISION = 4;
    static final int PROBE_GENERATION = 24;

    private KernelLayout() {}
}
