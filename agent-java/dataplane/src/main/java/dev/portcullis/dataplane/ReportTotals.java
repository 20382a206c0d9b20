// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.KernelLayout.REPORTING_ASKS_LIMITED;
import static dev.portcullis.dataplane.KernelLayout.REPORTING_ASKS_LOST;
import static dev.portcullis.dataplane.KernelLayout.REPORTING_ASKS_SENT;
import static dev.portcullis.dataplane.KernelLayout.REPORTING_LIMITED;
import static dev.portcullis.dataplane.KernelLayout.REPORTING_LOST;
import static dev.portcullis.dataplane.KernelLayout.REPORTING_REPORTED;
import static dev.portcullis.dataplane.KernelLayout.REPORTING_RESETS_LIMITED;
import static dev.portcullis.dataplane.KernelLayout.REPORTING_RESETS_SENT;
import static dev.portcullis.dataplane.KernelLayout.REPORTING_SIZE;
import static dev.portcullis.dataplane.KernelLayout.REPORTING_SOURCES_LIMITED;

import dev.portcullis.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What became of what the programs do beside judging, since the maps were made. Every packet is
 * counted, whatever became of its report.
 *
 * @param reported denials, in audit mode too, that were reported
 * @param limited reports kept back by the rate limit
 * @param lost reports that found the ring buffer full
 * @param resetsSent denied TCP segments that were answered with RST
 * @param resetsLimited those that were only dropped, by the rate limit
 * @param asksSent questions for the name of an address
 * @param asksLimited questions kept back by the rate limit
 * @param asksLost questions that found the ring buffer full
 * @param sourcesLimited denied packets that are not in {@link Dataplane#droppedSources}: their
 *     source was new, and over the rate limit
 */
public record ReportTotals(
        long reported,
        long limited,
        long lost,
        long resetsSent,
        long resetsLimited,
        long asksSent,
        long asksLimited,
        long asksLost,
        long sourcesLimited) {

    static ReportTotals read(BpfMap reporting) {
        ByteBuffer values =
                ByteBuffer.allocate(reporting.valueStride()).order(ByteOrder.nativeOrder());
        reporting.lookup(Slot.word(0), values);
        return new ReportTotals(
                sum(values, REPORTING_REPORTED),
                sum(values, REPORTING_LIMITED),
                sum(values, REPORTING_LOST),
                sum(values, REPORTING_RESETS_SENT),
                sum(values, REPORTING_RESETS_LIMITED),
                sum(values, REPORTING_ASKS_SENT),
                sum(values, REPORTING_ASKS_LIMITED),
                sum(values, REPORTING_ASKS_LOST),
                sum(values, REPORTING_SOURCES_LIMITED));
    }

    /** Over all CPUs. */
    private static long sum(ByteBuffer values, int field) {
        long sum = 0;
        for (int at = field; at < values.capacity(); at += REPORTING_SIZE) {
            sum += values.getLong(at);
        }
        return sum;
    }
}
