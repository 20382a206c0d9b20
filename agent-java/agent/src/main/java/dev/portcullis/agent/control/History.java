// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.store.StoreException;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.api.v1.ListHistoryResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The revisions that are kept, as seen from the one in force. */
public final class History {
    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private final Store store;
    private final long current;

    History(Store store, long current) {
        this.store = store;
        this.current = current;
    }

    /**
     * The newest first.
     *
     * @param limit how many at most; 0 for all
     */
    public List<ListHistoryResponse> list(int limit) {
        List<ListHistoryResponse> entries = new ArrayList<>();
        for (long number : numbers()) {
            if (limit != 0 && entries.size() == limit) {
                break;
            }
            read(number).map(this::entry).ifPresent(entries::add);
        }
        return entries;
    }

    /**
     * @throws Refusal if it is not kept
     */
    public ListHistoryResponse one(long number) {
        return entry(kept(number));
    }

    /** The one to go back to; see {@link Rollback}. */
    Manifest target(OptionalLong to) {
        if (to.isPresent()) {
            return kept(to.getAsLong());
        }
        long before =
                numbers().stream()
                        .filter(number -> number < current)
                        .findFirst()
                        .orElseThrow(() ->
                                new Refusal(
                                        Refusal.Cause.NOT_FOUND,
                                        "no revision before "
                                                + current
                                                + " is kept, so there is none to go back to"));
        return kept(before);
    }

    private Manifest kept(long number) {
        List<Long> numbers = numbers();
        Optional<Manifest> manifest =
                numbers.contains(number) ? store.revision(number) : Optional.empty();
        return manifest.orElseThrow(() ->
                new Refusal(
                        Refusal.Cause.NOT_FOUND,
                        "revision "
                                + Long.toUnsignedString(number)
                                + " is not kept; "
                                + (numbers.isEmpty()
                                        ? "none is yet"
                                        : "those that are: " + ranges(numbers))));
    }

    /** What a later one brought is none of its business. */
    private List<Long> numbers() {
        return store.revisions().stream().filter(number -> number <= current).toList();
    }

    /** Such as {@code 3, 7 to 12}. */
    private static String ranges(List<Long> newestFirst) {
        List<String> ranges = new ArrayList<>();
        int start = newestFirst.size() - 1;
        for (int i = start; i >= 0; i--) {
            long number = newestFirst.get(i);
            if (i == 0 || newestFirst.get(i - 1) != number + 1) {
                long first = newestFirst.get(start);
                ranges.add(first == number ? "" + number : first + " to " + number);
                start = i - 1;
            }
        }
        return String.join(", ", ranges);
    }

    /** One that was damaged since the agent started is left out. */
    private Optional<Manifest> read(long number) {
        try {
            return store.revision(number);
        } catch (StoreException e) {
            LOG.error("event=revision_corrupt revision={} error=\"{}\"", number, e.getMessage());
            return Optional.empty();
        }
    }

    private ListHistoryResponse entry(Manifest manifest) {
        ListHistoryResponse.Builder entry =
                ListHistoryResponse.newBuilder()
                        .setRevision(manifest.getRevision())
                        .setTime(manifest.getTime())
                        .setCurrent(manifest.getRevision() == current);
        if (manifest.hasOrigin()) {
            entry.setOrigin(manifest.getOrigin());
        }
        return entry.build();
    }
}
