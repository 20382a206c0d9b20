// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * PROXY headers that are out of the ordinary, since the maps were made.
 *
 * @param tooLong those of more than 4,096 bytes, which are denied
 * @param split segments that had a part of one, and not its end
 */
public record ProxyTotals(long tooLong, long split) {
    static ProxyTotals read(BpfMap proxying) {
        ByteBuffer values =
                ByteBuffer.allocate(proxying.valueStride()).order(ByteOrder.nativeOrder());
        proxying.lookup(Slot.word(0), values);
        long tooLong = 0;
        long split = 0;
        for (int at = 0; at < values.capacity(); at += KernelLayout.PROXYING_SIZE) {
            tooLong += values.getLong(at + KernelLayout.PROXYING_TOO_LONG);
            split += values.getLong(at + KernelLayout.PROXYING_SPLIT);
        }
        return new ProxyTotals(tooLong, split);
    }
}
