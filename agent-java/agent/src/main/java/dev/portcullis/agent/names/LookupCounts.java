// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import com.google.common.base.Ascii;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How many look-ups came to what end. Safe for threads. */
public final class LookupCounts {
    /** What was looked up. */
    public enum Kind {
        /** The addresses of an exact host name. */
        FORWARD,
        /** The confirmed names of an address. */
        REVERSE;

        /** The name in metrics. */
        public String label() {
            return Ascii.toLowerCase(name());
        }
    }

    /** How it ended. */
    public enum Result {
        ANSWER,
        /** There is no such name or address. */
        NEGATIVE,
        /** DNS did not answer. */
        FAILURE,
        /** Not begun, since there are too many, or there is no room for the answer. */
        REFUSED;

        /** The name in metrics. */
        public String label() {
            return Ascii.toLowerCase(name());
        }
    }

    private final Map<Kind, Map<Result, LongAdder>> counts = new EnumMap<>(Kind.class);

    LookupCounts() {
        for (Kind kind : Kind.values()) {
            Map<Result, LongAdder> results = new EnumMap<>(Result.class);
            for (Result result : Result.values()) {
                results.put(result, new LongAdder());
            }
            counts.put(kind, results);
        }
    }

    void add(Kind kind, Result result) {
        counts.get(kind).get(result).increment();
    }

    void add(Kind kind, Reply<?> reply) {
        if (reply instanceof Reply.Answer<?> answer) {
            add(kind, answer.values().isEmpty() ? Result.NEGATIVE : Result.ANSWER);
        } else {
            add(kind, Result.FAILURE);
        }
    }

    public long of(Kind kind, Result result) {
        return counts.get(kind).get(result).sum();
    }
}
