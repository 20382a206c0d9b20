// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cells tables: the most specific resource for each group of local addresses, interface and
 * port class, as the row by which it judges.
 *
 * <p>Conversations that begin in one direction are noted where the other one can deny their
 * answers, on whatever interface these come.
 */
final class Cells {
    private static final int MOST_CELLS = 16_777_216;

    private final List<Resource> resources;
    private final Map<String, List<Policy>> associated;
    private final List<Failsafe> failsafes;
    private final LocalGroups groups;
    private final PortClasses ports;
    private final List<String> interfaces = new ArrayList<>(List.of(""));
    private final Rows rows;
    private final int columns;
    private final int[] ingress;
    private final int[] egress;

    /**
     * @param interfaces those that resources name, in the order of their classes
     */
    Cells(
            List<Resource> resources,
            Map<String, List<Policy>> associated,
            List<Failsafe> failsafes,
            LocalGroups groups,
            PortClasses ports,
            Collection<String> interfaces,
            Rows rows) {
        this.resources = resources;
        this.associated = associated;
        this.failsafes = failsafes;
        this.groups = groups;
        this.ports = ports;
        this.interfaces.addAll(interfaces);
        this.rows = rows;
        columns = ports.classes().size() + AnyPort.COLUMNS;
        long size = (long) groups.size() * this.interfaces.size() * columns;
        if (size > MOST_CELLS) {
            throw new CompileException(
                    "the resources' addresses, interfaces and ports combine in "
                            + size
                            + " ways; the limit is "
                            + MOST_CELLS
                            + ": use fewer resources, or give them the same ports");
        }
        ingress = ingressCells((int) size);
        egress = notes();
    }

    ImmutableIntArray ingress() {
        return ImmutableIntArray.copyOf(ingress);
    }

    /** Empty if packets that go out need not be looked at. */
    ImmutableIntArray egress() {
        return ImmutableIntArray.copyOf(egress);
    }

    private int first(int group, int name) {
        return (group * interfaces.size() + name) * columns;
    }

    private int[] ingressCells(int size) {
        List<PortClasses.PortClass> classes = ports.classes();
        List<List<Integer>> byProtocol = ports.byProtocol();
        int[] cells = new int[size];
        for (int group = 0; group < groups.size(); group++) {
            for (int name = 0; name < interfaces.size(); name++) {
                int first = first(group, name);
                int[] governing = new int[classes.size()];
                for (int i = 0; i < governing.length; i++) {
                    PortClasses.PortClass portClass = classes.get(i);
                    Optional<PortClasses.Match> match =
                            groups.mostSpecific(group, interfaces.get(name), portClass.resources());
                    governing[i] = match.map(PortClasses.Match::resource).orElse(-1);
                    cells[first + i] =
                            match.map(m ->
                                            rows.row(
                                                    m.resource(),
                                                    portClass.failsafes(),
                                                    m.remoteCluster()))
                                    .orElse(0);
                }
                int anyPort = first + classes.size();
                for (List<Integer> protocol : byProtocol) {
                    cells[anyPort++] = anyPort(protocol, governing, classes);
                }
                cells[anyPort] = anyPort(groups.candidates(group, interfaces.get(name)));
            }
        }
        return cells;
    }

    /** Cells of egress that judge nothing, and note what ingress may deny the answers to. */
    private int[] notes() {
        int[] cells = new int[ingress.length];
        boolean any = false;
        for (int group = 0; group < groups.size(); group++) {
            for (int i = 0; i < ports.classes().size(); i++) {
                boolean replies = false;
                for (int name = 0; name < interfaces.size(); name++) {
                    replies |= rows.passesReplies(ingress[first(group, name) + i]);
                }
                for (int name = 0; name < interfaces.size() && replies; name++) {
                    cells[first(group, name) + i] = Image.NOTE;
                }
                any |= replies;
            }
        }
        return any ? cells : new int[0];
    }

    /** What a packet with one of these port classes gets when it is not known with which. */
    private int anyPort(
            List<Integer> possible, int[] governing, List<PortClasses.PortClass> classes) {
        List<Resource> governors =
                possible.stream()
                        .map(c -> governing[c])
                        .filter(r -> r >= 0)
                        .map(resources::get)
                        .toList();
        boolean failsafe =
                !governors.isEmpty()
                        && possible.stream()
                                .allMatch(c ->
                                        classes.get(c).failsafes().stream()
                                                .anyMatch(f -> failsafes.get(f).from().isEmpty()));
        return failsafe ? AnyPort.FAILSAFE : anyPort(governors);
    }

    private int anyPort(List<Resource> governors) {
        if (governors.isEmpty()) {
            return AnyPort.NO_RESOURCE;
        }
        List<Resource> closed =
                governors.stream()
                        .filter(r -> DesiredState.isProtected(associated.get(r.name())))
                        .toList();
        if (!closed.isEmpty()) {
            return closed.stream().allMatch(r -> r.enforcement() == Enforcement.AUDIT)
                    ? AnyPort.AUDITED
                    : AnyPort.PROTECTED;
        }
        return governors.stream().allMatch(r -> associated.get(r.name()).isEmpty())
                ? AnyPort.OPEN
                : AnyPort.WATCHED;
    }
}
