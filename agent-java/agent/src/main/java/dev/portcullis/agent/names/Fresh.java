// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.time.Duration;
import java.util.function.Supplier;

/** A value that is read anew when it was read some time ago. Belongs to one thread. */
final class Fresh<T> implements Supplier<T> {
    private final Supplier<T> source;
    private final long age;
    private T value;
    private long read;

    Fresh(Supplier<T> source, Duration age) {
        this.source = source;
        this.age = age.toNanos();
        this.value = source.get();
        this.read = System.nanoTime();
    }

    @Override
    public T get() {
        if (System.nanoTime() - read > age) {
            value = source.get();
            read = System.nanoTime();
        }
        return value;
    }
}
