// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.time.Duration;
import java.util.Set;

/** What came of a question to DNS. */
sealed interface Reply<T> permits Reply.Answer, Reply.Silence {
    /**
     * DNS knows, perhaps that there is nothing.
     *
     * @param ttl as DNS says, not yet bounded: the least of all records that led here; for an
     *     answer without values the one of RFC 2308, and 0 if there is none
     */
    record Answer<T>(Set<T> values, Duration ttl) implements Reply<T> {
        public Answer {
            values = Set.copyOf(values);
        }
    }

    /**
     * DNS does not answer, or not the question: no server, no reply in time, SERVFAIL, …
     *
     * @param problem for people
     */
    record Silence<T>(String problem) implements Reply<T> {}
}
