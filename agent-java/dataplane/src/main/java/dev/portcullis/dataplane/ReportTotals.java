// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/**
 * What became of the reports of dropped packets since the maps were made. Every drop is counted,
 * whatever became of its report.
 *
 * @param limited kept back by the rate limit
 * @param lost found the ring buffer full
 */
public record ReportTotals(long reported, long limited, long lost) {}
