// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.compiler.Image;
import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the step from one image to another changes in verdicts, for whole packets of any kind. A
 * source that is denied only in audit mode counts as allowed, because its packets pass; one that
 * waits for its name counts as denied.
 */
public final class AccessDiff {
    private static final int SAME = 0;
    private static final int GAINED = 1;
    private static final int LOST = 2;

    private record Sources(String resource, List<Prefix> gained, List<Prefix> lost) {}

    private final Image before;
    private final Image after;

    private AccessDiff(Image before, Image after) {
        this.before = before;
        this.after = after;
    }

    /** Every change, each resource's endpoints that change alike as one. */
    public static List<AccessChange> between(Image before, Image after) {
        AccessDiff diff = new AccessDiff(before, after);
        EndpointPairs pairs = new EndpointPairs(before, after);
        Map<Sources, List<Endpoints>> changes = new LinkedHashMap<>();
        for (EndpointPairs.Pair rows : pairs.rows()) {
            Sources sources = diff.sources(rows);
            if (!sources.gained.isEmpty() || !sources.lost.isEmpty()) {
                changes.computeIfAbsent(sources, key -> new ArrayList<>())
                        .addAll(pairs.endpoints(rows));
            }
        }
        return changes.entrySet().stream()
                .map(change ->
                        new AccessChange(
                                change.getKey().resource,
                                change.getValue(),
                                change.getKey().gained,
                                change.getKey().lost))
                .toList();
    }

    private Sources sources(EndpointPairs.Pair rows) {
        List<Prefix> gained = new ArrayList<>();
        List<Prefix> lost = new ArrayList<>();
        for (Family family : Family.values()) {
            PrefixTable old = family == Family.IPV4 ? before.sources4() : before.sources6();
            PrefixTable now = family == Family.IPV4 ? after.sources4() : after.sources6();
            PrefixPairs.walk(
                    old,
                    now,
                    (classBefore, classAfter) -> {
                        boolean passed = passes(before, rows.before(), classBefore);
                        boolean passes = passes(after, rows.after(), classAfter);
                        return passed == passes ? SAME : passes ? GAINED : LOST;
                    },
                    (prefix, result) -> {
                        if (result != SAME) {
                            (result == GAINED ? gained : lost).add(prefix);
                        }
                    });
        }
        String resource =
                rows.after() == 0 ? resource(before, rows.before()) : resource(after, rows.after());
        return new Sources(resource, gained, lost);
    }

    private static boolean passes(Image image, int row, int sourceClass) {
        return row == 0 || (word(image, row, sourceClass) & Image.DROP) == 0;
    }

    private static int word(Image image, int row, int sourceClass) {
        Image.Row found = image.rows().get(row);
        return found.isForEverybody()
                ? found.decision()
                : image.verdicts().get(found.verdicts() + sourceClass);
    }

    /** The resource whose row it is; a failsafe entry for everybody is nobody's. */
    private static String resource(Image image, int row) {
        // By the class of sources that nothing names, which no failsafe entry for some holds.
        int number = word(image, row, 0) & Image.NUMBER;
        Decision decision = image.decisions().byNumber().get(number);
        return decision == null ? "" : decision.resource();
    }
}
