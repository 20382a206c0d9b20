// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The numbers by which the kernel knows decisions. A decision keeps its number, and so its
 * counters, as long as any rule set in a row uses it. A number that is given back rests for one
 * generation, because the rule set that the kernel judged by until then may still stand in the
 * other slot.
 */
public final class DecisionIds {
    /** Numbers below this one mean the same in every rule set: {@link #FIXED}. */
    public static final int FIRST_FREE = 32;

    /** How much higher the number of such a decision is at egress. */
    public static final int EGRESS = 16;

    /** Those of the numbers from 1. */
    private static final List<Reason> REASONS =
            List.of(
                    Reason.NOT_IP,
                    Reason.NO_RESOURCE,
                    Reason.HOST_PROTOCOL,
                    Reason.FAILSAFE,
                    Reason.OPEN,
                    Reason.MALFORMED,
                    Reason.FRAGMENT,
                    Reason.FAULT);

    /**
     * The decisions that are the same in every rule set, as in the kernel's {@code enum
     * fixed_decision}.
     */
    public static final Map<Integer, Decision> FIXED = fixed();

    private final SortedMap<Integer, Decision> byNumber;
    private final Map<Decision, Integer> byDecision = new HashMap<>();
    private final SortedSet<Integer> resting;

    private DecisionIds(SortedMap<Integer, Decision> byNumber, SortedSet<Integer> resting) {
        this.byNumber = Collections.unmodifiableSortedMap(byNumber);
        this.resting = Collections.unmodifiableSortedSet(resting);
        byNumber.forEach((number, decision) -> byDecision.put(decision, number));
    }

    private static Map<Integer, Decision> fixed() {
        Map<Integer, Decision> fixed = new TreeMap<>();
        for (Direction direction : Direction.values()) {
            int first = direction == Direction.EGRESS ? EGRESS : 0;
            for (int i = 0; i < REASONS.size(); i++) {
                fixed.put(first + i + 1, new Decision("", "", direction, REASONS.get(i), false));
            }
            fixed.put(first + 9, new Decision("", "", direction, Reason.MALFORMED, true));
            fixed.put(first + 10, new Decision("", "", direction, Reason.FRAGMENT, true));
            fixed.put(first + 11, new Decision("", "", direction, Reason.RELATED, false));
        }
        return Collections.unmodifiableMap(fixed);
    }

    /** The number of the decision that the failsafe list made. */
    static int failsafe(Direction direction) {
        return 1 + REASONS.indexOf(Reason.FAILSAFE) + (direction == Direction.EGRESS ? EGRESS : 0);
    }

    /** What a first rule set starts from. */
    public static DecisionIds none() {
        return new DecisionIds(new TreeMap<>(), new TreeSet<>());
    }

    /**
     * These numbers for the decisions of the next rule set: kept where they are known, the lowest
     * free ones else.
     */
    DecisionIds assign(Set<Decision> decisions) {
        SortedMap<Integer, Decision> next = new TreeMap<>();
        SortedSet<Integer> released = new TreeSet<>();
        byNumber.forEach((number, decision) -> {
            if (decisions.contains(decision)) {
                next.put(number, decision);
            } else {
                released.add(number);
            }
        });
        int free = FIRST_FREE;
        for (Decision decision : inOrder(decisions)) {
            if (!byDecision.containsKey(decision)) {
                while (next.containsKey(free)
                        || released.contains(free)
                        || resting.contains(free)) {
                    free++;
                }
                next.put(free, decision);
            }
        }
        return new DecisionIds(next, released);
    }

    /** The same, with the numbers of another rule set resting, too: that one may come back. */
    public DecisionIds keeping(DecisionIds other) {
        SortedSet<Integer> rest = new TreeSet<>(resting);
        rest.addAll(other.byNumber.keySet());
        rest.removeAll(byNumber.keySet());
        return new DecisionIds(byNumber, rest);
    }

    private static Iterable<Decision> inOrder(Set<Decision> decisions) {
        return decisions.stream().sorted(Comparator.comparing(Decision::toString)).toList();
    }

    /** Decisions by number, without the {@link #FIXED} ones. */
    public SortedMap<Integer, Decision> byNumber() {
        return byNumber;
    }

    /** Those of {@code byNumber} that {@code before} did not have under the same number. */
    public Set<Integer> newSince(DecisionIds before) {
        Set<Integer> fresh = new HashSet<>();
        byNumber.forEach((number, decision) -> {
            if (!decision.equals(before.byNumber.get(number))) {
                fresh.add(number);
            }
        });
        return fresh;
    }

    /** The least capacity of the counters' map. */
    public int capacity() {
        return byNumber.isEmpty() ? FIRST_FREE : byNumber.lastKey() + 1;
    }

    int number(Decision decision) {
        return byDecision.get(decision);
    }

    /**
     * A form for the store: a line for each number, fields separated by tabs, which names never
     * hold.
     */
    public byte[] toBytes() {
        StringBuilder text = new StringBuilder();
        byNumber.forEach((number, decision) ->
                text.append(number)
                        .append('\t')
                        .append(decision.resource())
                        .append('\t')
                        .append(decision.policy())
                        .append('\t')
                        .append(decision.direction())
                        .append('\t')
                        .append(decision.reason())
                        .append('\t')
                        .append(decision.audit())
                        .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if the bytes are something else
     */
    public static DecisionIds fromBytes(byte[] bytes) {
        SortedMap<Integer, Decision> byNumber = new TreeMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
            String[] fields = line.split("\t", -1);
            if (fields.length != 6) {
                throw new IllegalArgumentException(
                        "not a line of decision numbers: '" + line + "'");
            }
            int number = Integer.parseInt(fields[0]);
            // Another version may have had fewer fixed ones; its counters are not taken over
            // either.
            if (number >= FIRST_FREE) {
                byNumber.put(
                        number,
                        new Decision(
                                fields[1],
                                fields[2],
                                Direction.valueOf(fields[3]),
                                Reason.valueOf(fields[4]),
                                Boolean.parseBoolean(fields[5])));
            }
        }
        return new DecisionIds(byNumber, new TreeSet<>());
    }
}
