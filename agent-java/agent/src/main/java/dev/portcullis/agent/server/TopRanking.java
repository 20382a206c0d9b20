// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import dev.portcullis.agent.control.OriginalText;
import dev.portcullis.agent.control.Times;
import dev.portcullis.api.v1.TopResponse;
import dev.portcullis.api.v1.TopSource;
import dev.portcullis.dataplane.Counter;
import dev.portcullis.dataplane.DroppedSource;
import dev.portcullis.dataplane.Original;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Verdict;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is denied most, from one look at the kernel's counts to the next. An entry that the kernel
 * has given up and made anew meanwhile counts from zero, so what it holds is what came since.
 */
final class TopRanking {
    private static final double NANOS = 1e9;

    private static final Comparator<TopSource> MOST_FIRST =
            Comparator.comparingDouble(TopSource::getPacketsPerSecond)
                    .thenComparingLong(TopSource::getPackets)
                    .reversed()
                    .thenComparing(TopSource::getAddress);

    /** What an entry of the kernel is known by. */
    private record Key(Optional<Address> remote, Optional<Original> original, Decision decision) {
        static Key of(DroppedSource source) {
            return new Key(source.remote(), source.original(), source.decision());
        }
    }

    private record Count(long packets, long bytes) {
        static final Count NONE = new Count(0, 0);

        /** The part that is new since an earlier count; all of it if it began anew. */
        Count since(Count before) {
            return packets < before.packets
                    ? this
                    : new Count(packets - before.packets, Math.max(0, bytes - before.bytes));
        }
    }

    private final TopQuestion question;
    private boolean first = true;
    private long before;
    private Count totalBefore = Count.NONE;
    private Map<Key, Count> countsBefore = Map.of();

    TopRanking(TopQuestion question) {
        this.question = question;
    }

    /** Those of which most packets were dropped, without rates. */
    static List<TopSource> most(List<DroppedSource> sources, int limit) {
        return sources.stream()
                .filter(source -> source.decision().verdict() == Verdict.DROP)
                .map(source -> message(source, Count.NONE, 0))
                .sorted(MOST_FIRST)
                .limit(limit)
                .toList();
    }

    /**
     * @param nanos of a clock that only goes forward
     * @param unknown denied packets that are in no source
     */
    TopResponse next(
            long nanos, List<DroppedSource> sources, List<Counter> counters, long unknown) {
        double seconds = first ? 0 : (nanos - before) / NANOS;
        Count total = total(counters);
        Count fresh = total.since(totalBefore);
        List<DroppedSource> asked =
                sources.stream().filter(source -> question.isAbout(source.decision())).toList();
        TopResponse.Builder response =
                TopResponse.newBuilder()
                        .setTime(Times.timestamp(Instant.now()))
                        .setSeconds(seconds)
                        .setPackets(total.packets)
                        .setBytes(total.bytes)
                        .setPacketsPerSecond(rate(fresh.packets, seconds))
                        .setBytesPerSecond(rate(fresh.bytes, seconds))
                        .setKnownSources(asked.size())
                        .setUnknownSourcePackets(unknown);
        asked.stream()
                .map(source -> message(source, fresh(source), seconds))
                .sorted(MOST_FIRST)
                .limit(question.limit())
                .forEach(response::addSources);
        first = false;
        before = nanos;
        totalBefore = total;
        countsBefore = counts(asked);
        return response.build();
    }

    private Count total(List<Counter> counters) {
        return counters.stream()
                .filter(counter -> question.isAbout(counter.decision()))
                .map(counter -> new Count(counter.packets(), counter.bytes()))
                .reduce(
                        Count.NONE,
                        (one, other) ->
                                new Count(one.packets + other.packets, one.bytes + other.bytes));
    }

    private Count fresh(DroppedSource source) {
        return count(source).since(countsBefore.getOrDefault(Key.of(source), Count.NONE));
    }

    private static Map<Key, Count> counts(List<DroppedSource> sources) {
        Map<Key, Count> counts = new HashMap<>();
        sources.forEach(source -> counts.put(Key.of(source), count(source)));
        return counts;
    }

    private static Count count(DroppedSource source) {
        return new Count(source.packets(), source.bytes());
    }

    private static TopSource message(DroppedSource source, Count fresh, double seconds) {
        Decision decision = source.decision();
        TopSource.Builder message = TopSource.newBuilder();
        source.original().map(OriginalText::message).ifPresent(message::setOriginal);
        return message.setAddress(source.remote().map(Address::toString).orElse(""))
                .setDirection(decision.direction().label())
                .setResource(decision.resource())
                .setReason(decision.reason().label())
                .setPolicy(decision.policy())
                .setAudit(decision.audit())
                .setPackets(source.packets())
                .setBytes(source.bytes())
                .setPacketsPerSecond(rate(fresh.packets, seconds))
                .setBytesPerSecond(rate(fresh.bytes, seconds))
                .setFirst(Times.timestamp(source.first()))
                .setLast(Times.timestamp(source.last()))
                .build();
    }

    private static double rate(long count, double seconds) {
        return seconds > 0 ? count / seconds : 0;
    }
}
