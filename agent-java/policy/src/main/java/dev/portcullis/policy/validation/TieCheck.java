// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds resources of which neither is more specific for some packet.
 *
 * <p>Each resource lays a claim for each combination of its prefixes, interfaces and port entries.
 * Two claims can only tie if they have the same workload (or both name none), the same prefix, the
 * same interface (or both name none), the same protocol and equally wide port ranges: that is a
 * claim's slot. So claims are put into slots, and only neighbours in a slot, in the order of their
 * ports, are compared. It costs n log n for n claims, where comparing all pairs of some thousand
 * resources would take seconds.
 *
 * <p>The word {@code local} is a slot of its own, since what it stands for changes.
 */
public final class TieCheck {
    private static final PortRange NO_PORTS = new PortRange(1, 65_535);

    private final Map<Slot, List<Claim>> slots = new HashMap<>();

    private TieCheck() {}

    /** Resources that tie whatever {@code local} stands for. */
    public static List<Violation> check(Collection<Resource> resources) {
        TieCheck check = new TieCheck();
        resources.forEach(r -> check.claim(r, r.addresses().prefixes(), r.addresses().host()));
        return check.violations();
    }

    /** Resources that tie as long as {@code local} stands for these addresses. */
    public static List<Violation> check(Collection<Resource> resources, HostAddresses host) {
        TieCheck check = new TieCheck();
        resources.forEach(r -> check.claim(r, r.addresses().resolve(host), false));
        return check.violations();
    }

    private void claim(Resource resource, Collection<Prefix> prefixes, boolean local) {
        for (int i = 0; i < resource.ports().size(); i++) {
            Claim claim = new Claim(resource, i);
            for (Prefix prefix : prefixes) {
                claim(claim, Optional.of(prefix));
            }
            if (local) {
                claim(claim, Optional.empty());
            }
        }
    }

    private void claim(Claim claim, Optional<Prefix> prefix) {
        PortMatch entry = claim.entry();
        Set<String> interfaces = claim.resource.interfaces();
        for (String name : interfaces.isEmpty() ? Set.of("") : interfaces) {
            Slot slot =
                    new Slot(
                            claim.resource.workload(),
                            prefix,
                            name,
                            entry.protocol(),
                            entry.width());
            slots.computeIfAbsent(slot, s -> new ArrayList<>(1)).add(claim);
        }
    }

    private List<Violation> violations() {
        Set<Violation> violations = new LinkedHashSet<>();
        slots.forEach((slot, claims) -> compare(slot, claims, violations));
        List<Violation> sorted = new ArrayList<>(violations);
        sorted.sort(Comparator.comparing(Violation::toString));
        return sorted;
    }

    /** Each claim with the nearest one before it that is another resource's. */
    private static void compare(Slot slot, List<Claim> claims, Set<Violation> violations) {
        claims.sort(
                Comparator.comparingInt((Claim claim) -> claim.range().first())
                        .thenComparing(claim -> claim.resource.name()));
        for (int i = 1; i < claims.size(); i++) {
            Claim claim = claims.get(i);
            int before = i - 1;
            while (before >= 0 && claims.get(before).isOverlappedByOwn(claim)) {
                before--;
            }
            if (before >= 0 && claims.get(before).range().overlaps(claim.range())) {
                violations.add(violation(slot, claims.get(before), claim));
            }
        }
    }

    private static Violation violation(Slot slot, Claim one, Claim two) {
        boolean inOrder = one.resource.name().compareTo(two.resource.name()) < 0;
        Claim named = inOrder ? two : one;
        Claim other = inOrder ? one : two;
        return new Violation(
                "resource " + named.resource.name(),
                named.field(),
                named
                        + " at "
                        + slot.where(named.resource)
                        + " ties with "
                        + other
                        + " of resource "
                        + other.resource.name()
                        + " ("
                        + other.field()
                        + "): neither is more specific; narrow the addresses, interfaces, protocol"
                        + " or ports of one of them");
    }

    /**
     * @param prefix empty for {@code local}
     * @param interfaceName empty for none
     */
    private record Slot(
            Optional<Workload> workload,
            Optional<Prefix> prefix,
            String interfaceName,
            Protocol protocol,
            int width) {
        String where(Resource resource) {
            String place =
                    resource.addresses().equals(LocalAddresses.EVERY)
                            ? "every address"
                            : prefix.map(Prefix::toString).orElse("local");
            String sender = workload.map(processes -> " of " + processes).orElse("");
            return (interfaceName.isEmpty() ? place : place + " on " + interfaceName) + sender;
        }
    }

    private record Claim(Resource resource, int index) {
        PortMatch entry() {
            return resource.ports().get(index);
        }

        PortRange range() {
            return entry().ports().orElse(NO_PORTS);
        }

        boolean isOverlappedByOwn(Claim other) {
            return resource.name().equals(other.resource.name()) && range().overlaps(other.range());
        }

        String field() {
            return resource.ports().equals(List.of(PortMatch.EVERYTHING))
                    ? "spec.ports"
                    : "spec.ports[" + index + "]";
        }

        /** In words: {@code TCP 80 to 90}. */
        @Override
        public String toString() {
            String protocol = entry().protocol().name();
            if (entry().ports().isEmpty()) {
                return protocol;
            }
            int first = range().first();
            int last = range().last();
            return protocol + " " + first + (first == last ? "" : " to " + last);
        }
    }
}
