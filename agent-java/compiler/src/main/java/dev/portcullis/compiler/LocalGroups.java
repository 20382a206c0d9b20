// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Local addresses that the same resources select by equally long prefixes share a group. Group 0 is
 * those that no resource selects.
 */
final class LocalGroups {
    /** A resource that selects a group, by a prefix of this length. */
    private record Member(int resource, int length) {}

    private final List<Resource> resources;
    private final List<Member> members = new ArrayList<>();
    private final Map<Member, Integer> numbers = new HashMap<>();
    private final Map<Family, PrefixTable> tables = new HashMap<>();
    private final List<Map<Integer, Integer>> lengths = new ArrayList<>();
    private final Overlay overlay = new Overlay();

    LocalGroups(List<Resource> resources, HostAddresses host) {
        this.resources = resources;
        for (int i = 0; i < resources.size(); i++) {
            for (Prefix prefix : resources.get(i).addresses().resolve(host)) {
                overlay.add(prefix, number(new Member(i, prefix.length())));
            }
        }
        for (Family family : Family.values()) {
            tables.put(family, overlay.table(family));
        }
        for (int group = 0; group < size(); group++) {
            lengths.add(longest(group));
        }
    }

    private int number(Member member) {
        return numbers.computeIfAbsent(
                member,
                key -> {
                    members.add(member);
                    return members.size() - 1;
                });
    }

    /**
     * The resources that select the group, each with the length of the longest prefix by which it
     * does.
     */
    private Map<Integer, Integer> longest(int group) {
        Map<Integer, Integer> longest = new HashMap<>();
        for (int number : overlay.sets().members(group)) {
            Member member = members.get(number);
            longest.merge(member.resource, member.length, Math::max);
        }
        return longest;
    }

    int size() {
        return overlay.sets().size();
    }

    PrefixTable table(Family family) {
        return tables.get(family);
    }

    /**
     * The resources that select the group and are there at a place. Those of group 0, the unknown
     * address, are all.
     */
    List<Resource> candidates(int group, Place place) {
        List<Resource> candidates = new ArrayList<>();
        for (int i = 0; i < resources.size(); i++) {
            boolean selected = group == MemberSets.EMPTY || lengths.get(group).containsKey(i);
            if (selected && place.isIn(resources.get(i))) {
                candidates.add(resources.get(i));
            }
        }
        return candidates;
    }

    /**
     * The match of the resource that governs, if one does: a named workload over none, the deepest
     * first; then the longest local prefix, then a named interface over none, then a named protocol
     * over any, then the narrowest port range.
     */
    Optional<PortClasses.Match> mostSpecific(
            int group, Place place, List<PortClasses.Match> matches) {
        Map<Integer, Integer> length = lengths.get(group);
        PortClasses.Match best = null;
        for (PortClasses.Match match : matches) {
            if (length.containsKey(match.resource())
                    && place.isIn(resources.get(match.resource()))
                    && (best == null || moreSpecific(match, best, place, length))) {
                best = match;
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean moreSpecific(
            PortClasses.Match one,
            PortClasses.Match other,
            Place place,
            Map<Integer, Integer> length) {
        Resource first = resources.get(one.resource());
        Resource second = resources.get(other.resource());
        int order = Integer.compare(place.depth(second), place.depth(first));
        if (order == 0) {
            order = Integer.compare(length.get(other.resource()), length.get(one.resource()));
        }
        if (order == 0) {
            order = Boolean.compare(!second.interfaces().isEmpty(), !first.interfaces().isEmpty());
        }
        return (order != 0 ? order : PortClasses.compare(one, other)) < 0;
    }
}
