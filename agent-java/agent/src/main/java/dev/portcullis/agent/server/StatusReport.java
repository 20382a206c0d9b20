// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import dev.portcullis.agent.control.Control;
import dev.portcullis.agent.control.Times;
import dev.portcullis.api.v1.DropEventStatus;
import dev.portcullis.api.v1.InterfaceStatus;
import dev.portcullis.api.v1.MapStatus;
import dev.portcullis.api.v1.ResourceStatus;
import dev.portcullis.api.v1.StatusResponse;
import dev.portcullis.api.v1.Unconfirmed;
import dev.portcullis.dataplane.Counter;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.InterfaceState;
import dev.portcullis.dataplane.LeftAlone;
import dev.portcullis.dataplane.MapUsage;
import dev.portcullis.dataplane.ReportTotals;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The state of everything at a moment. */
public final class StatusReport implements Supplier<StatusResponse> {
    private static final int FULL_PERCENT = 90;
    private static final int TOP_SOURCES = 10;

    private final Control control;
    private final Dataplane dataplane;
    private final String libbpf;
    private final Instant started = Instant.now();

    /**
     * @param libbpf the backend and the library's version
     */
    public StatusReport(Control control, Dataplane dataplane, String libbpf) {
        this.control = control;
        this.dataplane = dataplane;
        this.libbpf = libbpf;
    }

    @Override
    public StatusResponse get() {
        DesiredState state = control.state();
        StatusResponse.Builder status =
                StatusResponse.newBuilder()
                        .setVersion(Version.current())
                        .setRevision(control.revision())
                        .setGeneration(dataplane.generation())
                        .setStarted(Times.timestamp(started))
                        .setCommitted(Times.timestamp(control.committed()))
                        .setPolicies(state.policies().size())
                        .setPoliciesInUse(state.used().size())
                        .setLibbpf(libbpf)
                        .setKernel(System.getProperty("os.version"));
        dataplane.interfaces().forEach(i -> status.addInterfaces(of(i)));
        dataplane.leftAlone().forEach(i -> status.addInterfaces(of(i)));
        List<Counter> counters = dataplane.counters();
        Map<String, List<Policy>> associated = state.associatedPolicies();
        state.resources()
                .values()
                .forEach(r -> status.addResources(of(r, associated.get(r.name()), counters)));
        dataplane.maps().forEach(map -> status.addMaps(of(map)));
        status.addAllTopSources(TopRanking.most(dataplane.droppedSources(), TOP_SOURCES));
        ReportTotals reports = dataplane.reports();
        status.setDropEvents(
                DropEventStatus.newBuilder()
                        .setReported(reports.reported())
                        .setLimited(reports.limited())
                        .setLost(reports.lost()));
        control.pending()
                .ifPresent(pending ->
                        status.setUnconfirmed(
                                Unconfirmed.newBuilder()
                                        .setConfirmBy(Times.timestamp(pending.until()))
                                        .setBefore(pending.before())));
        return status.addAllWarnings(warnings(state)).addAllWarnings(control.problems()).build();
    }

    private static InterfaceStatus of(InterfaceState state) {
        return InterfaceStatus.newBuilder()
                .setName(state.name())
                .setIndex(state.index())
                .setMode(state.mode().name().toLowerCase(Locale.ROOT))
                .build();
    }

    private static InterfaceStatus of(LeftAlone leftAlone) {
        return InterfaceStatus.newBuilder()
                .setName(leftAlone.name())
                .setIndex(leftAlone.index())
                .setMode("left_alone")
                .setReason(leftAlone.reason())
                .build();
    }

    private static ResourceStatus of(
            Resource resource, List<Policy> associated, List<Counter> counters) {
        Map<Verdict, Long> packets = new EnumMap<>(Verdict.class);
        for (Counter counter : counters) {
            if (counter.decision().resource().equals(resource.name())) {
                packets.merge(counter.decision().verdict(), counter.packets(), Long::sum);
            }
        }
        return ResourceStatus.newBuilder()
                .setName(resource.name())
                .setProtected(DesiredState.isProtected(associated))
                .addAllPolicies(associated.stream().map(Policy::name).toList())
                .setPassedPackets(packets.getOrDefault(Verdict.PASS, 0L))
                .setDroppedPackets(packets.getOrDefault(Verdict.DROP, 0L))
                .setMode(resource.enforcement() == Enforcement.AUDIT ? "audit" : "enforce")
                .setAuditedPackets(packets.getOrDefault(Verdict.AUDIT, 0L))
                .build();
    }

    private static MapStatus of(MapUsage usage) {
        return MapStatus.newBuilder()
                .setName(usage.map())
                .setEntries(usage.entries())
                .setCapacity(usage.capacity())
                .build();
    }

    private List<String> warnings(DesiredState state) {
        List<String> warnings = new ArrayList<>();
        if (dataplane.isDetached()) {
            warnings.add("detached: nothing is judged; restart the agent to guard again");
        } else if (dataplane.interfaces().isEmpty()) {
            warnings.add("no interface matches \"interfaces\" of agent.yaml, so nothing is judged");
        }
        Set<String> guarded = new HashSet<>();
        for (InterfaceState i : dataplane.interfaces()) {
            guarded.add(i.name());
            if (!i.problem().isEmpty()) {
                warnings.add(i.problem());
            } else if (i.mode() == InterfaceState.Mode.GENERIC) {
                warnings.add(
                        "interface "
                                + i.name()
                                + " is judged in the stack (generic XDP), which is slower");
            }
        }
        warnings.addAll(dataplane.postponed());
        for (MapUsage map : dataplane.maps()) {
            if (map.entries() * 100 > map.capacity() * FULL_PERCENT) {
                warnings.add(
                        "map "
                                + map.map()
                                + " is more than "
                                + FULL_PERCENT
                                + " % full: raise its capacity in agent.yaml");
            }
        }
        for (Resource resource : state.resources().values()) {
            for (String name : resource.interfaces()) {
                if (!guarded.contains(name) && !dataplane.isDetached()) {
                    warnings.add(
                            "resource "
                                    + resource.name()
                                    + " names interface "
                                    + name
                                    + whyNotGuarded(name));
                }
            }
        }
        return warnings;
    }

    private String whyNotGuarded(String name) {
        return dataplane.leftAlone().stream()
                .filter(leftAlone -> leftAlone.name().equals(name))
                .findFirst()
                .map(leftAlone -> ", where nothing is judged, since it " + leftAlone.reason())
                .orElse(", which is not guarded");
    }
}
