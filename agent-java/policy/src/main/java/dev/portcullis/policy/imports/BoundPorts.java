// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.validation.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ports of an interface.
 *
 * @param ranges empty if nothing is known of them
 */
record BoundPorts(List<PortRange> ranges, List<Remark> remarks) {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:\\s*-\\s*(\\d{1,5}))?");
    private static final String RANGES = RANGE + "(?:\\s*,\\s*" + RANGE + ")*";

    BoundPorts {
        ranges = List.copyOf(ranges);
        remarks = List.copyOf(remarks);
    }

    static BoundPorts of(NodeSettings settings, NodeInterface at) {
        for (String name : at.ports()) {
            Optional<NodeSettings.Value> value = settings.single(name);
            if (value.isPresent()) {
                return of(settings, at, name, value.get());
            }
        }
        return unset(at, List.of());
    }

    private static BoundPorts of(
            NodeSettings settings, NodeInterface at, String name, NodeSettings.Value value) {
        if (value.isSubstituted() || value.text().equals("0")) {
            String why =
                    value.isSubstituted()
                            ? "it comes from the node's environment"
                            : "that is any port that is free";
            return unset(
                    at,
                    List.of(
                            Remark.lost(
                                    name
                                            + ": "
                                            + Quoted.of(value.text())
                                            + " is left out: "
                                            + why
                                            + "; write the port that the node listens on")));
        }
        List<PortRange> ranges = ranges(value.text());
        if (ranges.isEmpty()) {
            settings.refuse(
                    value.line(),
                    name,
                    Quoted.of(value.text()) + " is not a port from 1 to 65535 or a range of ports");
        }
        boolean several = ranges.size() > 1 || ranges.stream().anyMatch(r -> r.width() > 1);
        return new BoundPorts(ranges, several ? List.of(Remark.about(oneOf(name))) : List.of());
    }

    private static BoundPorts unset(NodeInterface at, List<Remark> remarks) {
        return new BoundPorts(
                at.defaultPort() == 0
                        ? List.of()
                        : List.of(new PortRange(at.defaultPort(), at.defaultPort())),
                remarks);
    }

    private static List<PortRange> ranges(String text) {
        List<PortRange> ranges = new ArrayList<>();
        if (text.matches(RANGES)) {
            Matcher matcher = RANGE.matcher(text);
            for (MatchResult range : matcher.results().toList()) {
                int first = Integer.parseInt(range.group(1));
                int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
                if (first < 1 || last < first || last > 65_535) {
                    return List.of();
                }
                ranges.add(new PortRange(first, last));
            }
        }
        return ranges;
    }

    private static String oneOf(String name) {
        return name
                + " is a range, of which the node takes the first port that is free; all of it is"
                + " guarded";
    }

    /**
     * Without what {@code others} have, where the two would tie because neither is narrower.
     *
     * @param others of interfaces that may have the same addresses
     */
    List<PortRange> without(List<PortRange> others) {
        List<PortRange> left = new ArrayList<>(ranges);
        for (int i = 0; i < left.size(); i++) {
            PortRange range = left.get(i);
            Optional<PortRange> tied =
                    others.stream()
                            .filter(o -> o.width() == range.width() && o.overlaps(range))
                            .findFirst();
            if (tied.isPresent()) {
                left.remove(i);
                if (range.first() < tied.get().first()) {
                    left.add(i, new PortRange(range.first(), tied.get().first() - 1));
                } else if (range.last() > tied.get().last()) {
                    left.add(i, new PortRange(tied.get().last() + 1, range.last()));
                }
                i--;
            }
        }
        return left;
    }
}
