// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The cells table of one direction: the most specific resource for each group of local addresses,
 * place and port class, as the row by which it judges.
 */
final class Cells {
    private static final int MOST_CELLS = 16_777_216;

    private final List<Resource> resources;
    private final List<Failsafe> failsafes;
    private final LocalGroups groups;
    private final List<PortClasses.PortClass> classes;
    private final List<List<Integer>> protocols;
    private final List<Place> places = new ArrayList<>();
    private final int columns;
    private final int[] cells;

    /**
     * @param interfaces those that resources name, in the order of their classes
     * @param workloads by class; one that names none for ingress
     */
    Cells(
            List<Resource> resources,
            List<Failsafe> failsafes,
            LocalGroups groups,
            PortClasses ports,
            Direction direction,
            Collection<String> interfaces,
            Workloads workloads) {
        this.resources = resources;
        this.failsafes = failsafes;
        this.groups = groups;
        classes = ports.classes();
        protocols = ports.byProtocol();
        List<String> names = new ArrayList<>(List.of(""));
        names.addAll(interfaces);
        for (String name : names) {
            workloads.classes().forEach(inside -> places.add(new Place(direction, name, inside)));
        }
        columns = classes.size() + AnyPort.COLUMNS;
        long size = (long) groups.size() * places.size() * columns;
        if (size > MOST_CELLS) {
            throw new CompileException(
                    "the resources' addresses, interfaces, workloads and ports combine in "
                            + size
                            + " ways; the limit is "
                            + MOST_CELLS
                            + ": use fewer resources, or give them the same ports");
        }
        cells = new int[(int) size];
    }

    ImmutableIntArray table() {
        return ImmutableIntArray.copyOf(cells);
    }

    private int first(int group, int place) {
        return (group * places.size() + place) * columns;
    }

    /** Fills in what the resources decide. */
    void judge(Rows rows, Verdicts judge) {
        for (int group = 0; group < groups.size(); group++) {
            for (int place = 0; place < places.size(); place++) {
                judge(group, place, rows, judge);
            }
        }
    }

    private void judge(int group, int number, Rows rows, Verdicts judge) {
        Place place = places.get(number);
        int first = first(group, number);
        int[] governing = new int[classes.size()];
        for (int i = 0; i < governing.length; i++) {
            PortClasses.PortClass portClass = classes.get(i);
            Optional<PortClasses.Match> match =
                    groups.mostSpecific(group, place, portClass.resources());
            governing[i] = match.map(PortClasses.Match::resource).orElse(-1);
            boolean arrives = judge.direction() == Direction.INGRESS;
            cells[first + i] =
                    match.map(m ->
                                    rows.row(
                                            judge.direction(),
                                            m.resource(),
                                            portClass.failsafes(),
                                            arrives && m.remoteCluster(),
                                            arrives && m.proxied()))
                            .orElse(0);
        }
        int anyPort = first + classes.size();
        for (List<Integer> protocol : protocols) {
            cells[anyPort++] = anyPort(protocol, governing, judge);
        }
        cells[anyPort] = anyPort(groups.candidates(group, place), judge);
    }

    /**
     * Marks where conversations that begin are to be noted: where the other direction denies what
     * is no answer, at whatever place of that direction.
     *
     * @return whether there are such
     */
    boolean noteFor(Cells other, Rows rows) {
        boolean any = false;
        for (int group = 0; group < groups.size(); group++) {
            for (int i = 0; i < classes.size(); i++) {
                if (other.passesReplies(group, i, rows)) {
                    any = true;
                    for (int place = 0; place < places.size(); place++) {
                        cells[first(group, place) + i] |= Image.NOTE;
                    }
                }
            }
        }
        return any;
    }

    private boolean passesReplies(int group, int portClass, Rows rows) {
        for (int place = 0; place < places.size(); place++) {
            if (rows.passesReplies(cells[first(group, place) + portClass] & Image.ROW)) {
                return true;
            }
        }
        return false;
    }

    /** What a packet with one of these port classes gets when it is not known with which. */
    private int anyPort(List<Integer> possible, int[] governing, Verdicts judge) {
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
        return failsafe ? AnyPort.FAILSAFE : anyPort(governors, judge);
    }

    private static int anyPort(List<Resource> governors, Verdicts judge) {
        if (governors.isEmpty()) {
            return AnyPort.NO_RESOURCE;
        }
        List<Resource> closed =
                governors.stream()
                        .filter(r -> DesiredState.isProtected(judge.policies(r), judge.direction()))
                        .toList();
        if (!closed.isEmpty()) {
            return closed.stream().allMatch(r -> r.enforcement() == Enforcement.AUDIT)
                    ? AnyPort.AUDITED
                    : AnyPort.PROTECTED;
        }
        return governors.stream().allMatch(r -> judge.policies(r).isEmpty())
                ? AnyPort.OPEN
                : AnyPort.WATCHED;
    }
}
