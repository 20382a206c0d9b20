// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.bench;

import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.libbpf.BpfObject;
import dev.portcullis.libbpf.BpfProgram;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.TestRunOptions;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What each form of a packet costs, in both directions, where no policy has a say, where one does,
 * and where conversations are noted and looked for besides.
 */
final class FormBench {
    private static final int REPEAT = 200_000;
    private static final int ROUNDS = 7;

    /** A test run of a program at egress takes no longer frames. */
    private static final int LONGEST_LEAVING = 3_000;

    private static final Policy IN = neighbours("in", PolicyType.IP);
    private static final Policy OUT = neighbours("out", PolicyType.EGRESS_FIREWALL);
    private static final Policy NOBODY = Policy.of("nobody", PolicyType.IP, List.of());

    private final Libbpf libbpf;

    FormBench(Libbpf libbpf) {
        this.libbpf = libbpf;
    }

    /** A rule set, and which way packets go. */
    private record Column(String name, boolean arrives, List<Policy> policies) {}

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("in: no policy", true, List.of()),
                    new Column("allowed", true, List.of(IN)),
                    new Column("and noted", true, List.of(IN, OUT)),
                    new Column("answer", true, List.of(NOBODY)),
                    new Column("out: no policy", false, List.of()),
                    new Column("allowed", false, List.of(OUT)),
                    new Column("noted", false, List.of(NOBODY)),
                    new Column("both", false, List.of(NOBODY, OUT)));

    void run(Path bpffs) throws IOException {
        System.out.printf(
                "cost of the forms of packets, ns a packet over an empty program (median of %d rounds of"
                        + " %,d equal packets)%n",
                ROUNDS, REPEAT);
        System.out.printf("  %-35s", "");
        COLUMNS.forEach(column -> System.out.printf("%15s", column.name));
        System.out.println();
        try (Dataplane dataplane = Programs.dataplane(libbpf, bpffs);
                BpfObject object = Programs.bench(libbpf)) {
            Map<String, ByteBuffer> in = Forms.arriving().frames();
            Map<String, ByteBuffer> out = Forms.arriving().back().frames();
            Map<String, double[]> costs = new LinkedHashMap<>();
            in.keySet().forEach(form -> costs.put(form, new double[COLUMNS.size()]));
            for (int i = 0; i < COLUMNS.size(); i++) {
                Column column = COLUMNS.get(i);
                dataplane.commit(
                        state(column.policies), Environment.of(HostAddresses.of(List.of())));
                for (String form : in.keySet()) {
                    ByteBuffer leaving = direct(out.get(form));
                    boolean leaves = leaving.limit() <= LONGEST_LEAVING;
                    if (leaves) {
                        // So that what comes in is an answer where nobody may begin.
                        dataplane.egressProgram().testRun(TestRunOptions.of(leaving.duplicate()));
                    }
                    ByteBuffer frame = column.arrives ? direct(in.get(form)) : leaving;
                    costs.get(form)[i] =
                            column.arrives || leaves
                                    ? cost(dataplane, object, column.arrives, frame)
                                    : Double.NaN;
                }
            }
            costs.forEach((form, row) -> {
                System.out.printf("  %-35s", form);
                for (double cost : row) {
                    System.out.printf(
                            Locale.ROOT, "%15s", Double.isNaN(cost) ? "-" : Math.round(cost));
                }
                System.out.println();
            });
        }
    }

    private static double cost(
            Dataplane dataplane, BpfObject object, boolean arrives, ByteBuffer frame) {
        try (BpfProgram empty = object.program(arrives ? "bench_empty" : "bench_empty_tc")) {
            BpfProgram program = arrives ? dataplane.program() : dataplane.egressProgram();
            double[] costs = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                double base = nanos(empty, frame);
                costs[round] = nanos(program, frame) - base;
            }
            Arrays.sort(costs);
            return costs[ROUNDS / 2];
        }
    }

    private static double nanos(BpfProgram program, ByteBuffer frame) {
        return program.testRun(TestRunOptions.of(frame.duplicate()).withRepeat(REPEAT))
                .durationNanos();
    }

    private static ByteBuffer direct(ByteBuffer frame) {
        return ByteBuffer.allocateDirect(frame.limit()).put(frame.duplicate().rewind()).flip();
    }

    /** Of the other host's networks alone, so that others can be denied. */
    private static Policy neighbours(String name, PolicyType type) {
        List<Rule> rules =
                Stream.of(
                                Prefix.of(Address.parse("198.51.100.0"), 24),
                                Prefix.of(Address.parse("2001:db8::"), 32))
                        .map(prefix -> Rule.allow(prefix.toString(), prefix))
                        .toList();
        return Policy.of(name, type, rules);
    }

    private static DesiredState state(List<Policy> policies) {
        Map<String, Policy> byName = new TreeMap<>();
        policies.forEach(policy -> byName.put(policy.name(), policy));
        Resource resource =
                Resource.of(
                        "bench",
                        LocalAddresses.EVERY,
                        List.of(PortMatch.EVERYTHING),
                        Set.of(),
                        List.copyOf(byName.keySet()));
        Map<String, Resource> resources = policies.isEmpty() ? Map.of() : Map.of("bench", resource);
        return new DesiredState(byName, resources);
    }
}
