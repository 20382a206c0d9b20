// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

/** Nanoseconds since it was made: never negative, never set back. */
final class Clock {
    private final long start = System.nanoTime();

    long now() {
        return System.nanoTime() - start;
    }
}
