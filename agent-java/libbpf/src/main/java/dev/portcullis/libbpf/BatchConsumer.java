// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.ByteBuffer;

/** Takes a map's entries a batch at a time. */
@FunctionalInterface
public interface BatchConsumer {
    /**
     * @param keys {@code count} keys, one after the other; only valid during the call
     * @param values {@code count} values of {@link BpfMap#valueStride} bytes; likewise
     */
    void accept(ByteBuffer keys, ByteBuffer values, int count);
}
