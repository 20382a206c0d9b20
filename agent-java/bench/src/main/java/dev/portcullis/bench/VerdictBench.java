// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.bench;

import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.ProbePacket;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.BpfObject;
import dev.portcullis.libbpf.BpfProgram;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.TestRun;
import dev.portcullis.libbpf.TestRunOptions;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** What a verdict costs: nanoseconds a packet of the real program, beyond those of an empty one. */
final class VerdictBench {
    private static final int SOURCES = 65_536;
    private static final int REPEAT = 1_000_000;
    private static final int ROUNDS = 9;
    private static final int PORT = 9200;

    private final Libbpf libbpf;

    VerdictBench(Libbpf libbpf) {
        this.libbpf = libbpf;
    }

    void run(Path bpffs) throws IOException {
        System.out.println(
                "cost of a verdict, ns a packet over an empty XDP program (median of "
                        + ROUNDS
                        + " rounds, "
                        + SOURCES
                        + " changing sources)");
        System.out.printf(
                "  %-6s %9s  %-5s %8s %8s %8s %8s %8s%n",
                "family", "prefixes", "", "median", "min", "max", "empty", "ratio");
        try (Dataplane dataplane = Programs.dataplane(libbpf, bpffs);
                BpfObject object = Programs.bench(libbpf)) {
            for (Family family : Family.values()) {
                for (int count : new int[] {10, 1_000, 100_000}) {
                    Prefixes generator = new Prefixes(family);
                    List<Prefix> prefixes = generator.some(count);
                    dataplane.commit(state(prefixes), Environment.of(HostAddresses.of(List.of())));
                    measure(dataplane, object, generator, prefixes, true);
                    measure(dataplane, object, generator, prefixes, false);
                }
            }
        }
    }

    private void measure(
            Dataplane dataplane,
            BpfObject object,
            Prefixes generator,
            List<Prefix> prefixes,
            boolean hit) {
        Family family = prefixes.get(0).family();
        fill(object, generator, prefixes, hit);
        Address to = family == Family.IPV4 ? Address.parse("10.0.0.1") : Address.parse("fd00::1");
        ByteBuffer frame = frame(new ProbePacket(generator.address(true), 40_000, to, PORT, 6));
        try (BpfProgram vary = object.program("bench_vary");
                BpfProgram empty = object.program("bench_empty");
                BpfMap target = object.map("under_test")) {
            double[] costs = new double[ROUNDS];
            double[] bases = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                bases[round] = nanos(vary, target, empty, frame);
                costs[round] = nanos(vary, target, dataplane.program(), frame) - bases[round];
            }
            Arrays.sort(costs);
            Arrays.sort(bases);
            double median = costs[ROUNDS / 2];
            double base = bases[ROUNDS / 2];
            System.out.printf(
                    "  %-6s %,9d  %-5s %8.0f %8.0f %8.0f %8.0f %8.1f%n",
                    family,
                    prefixes.size(),
                    hit ? "hit" : "miss",
                    median,
                    costs[0],
                    costs[ROUNDS - 1],
                    base,
                    (base + median) / base);
        }
    }

    private static ByteBuffer frame(ProbePacket packet) {
        ByteBuffer frame = packet.frame();
        return ByteBuffer.allocateDirect(frame.remaining()).put(frame).flip();
    }

    private static double nanos(
            BpfProgram vary, BpfMap target, BpfProgram program, ByteBuffer frame) {
        ByteBuffer fd =
                ByteBuffer.allocateDirect(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(0, program.fd());
        target.update(word(0), fd);
        TestRun run =
                vary.testRun(new TestRunOptions(frame.duplicate(), Optional.empty(), REPEAT, 0));
        return run.durationNanos();
    }

    private static ByteBuffer word(int number) {
        return ByteBuffer.allocateDirect(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(0, number);
    }

    /** Sources in random order, so that neither caches nor the branch predictor learn them. */
    private static void fill(
            BpfObject object, Prefixes generator, List<Prefix> prefixes, boolean hit) {
        SplittableRandom random = new SplittableRandom(7);
        ByteBuffer keys =
                ByteBuffer.allocateDirect(SOURCES * Integer.BYTES).order(ByteOrder.nativeOrder());
        ByteBuffer values = ByteBuffer.allocateDirect(SOURCES * 16);
        for (int i = 0; i < SOURCES; i++) {
            keys.putInt(i);
            Address address =
                    hit
                            ? generator.inside(prefixes.get(random.nextInt(prefixes.size())))
                            : generator.address(true);
            values.put(Arrays.copyOf(address.bytes(), 16));
        }
        try (BpfMap sources = object.map("sources")) {
            sources.updateBatch(keys.flip(), values.flip(), SOURCES);
        }
    }

    static DesiredState state(List<Prefix> prefixes) {
        List<Rule> rules = new ArrayList<>();
        prefixes.forEach(prefix -> rules.add(Rule.allow(prefix.toString(), prefix)));
        Policy policy = Policy.of("bench", PolicyType.IP, rules);
        PortMatch port = new PortMatch(Protocol.TCP, Optional.of(new PortRange(PORT, PORT)));
        LocalAddresses local =
                new LocalAddresses(
                        Set.of(
                                Prefix.of(Address.parse("10.0.0.0"), 16),
                                Prefix.of(Address.parse("fd00::"), 64)),
                        false);
        Resource resource = Resource.of("bench", local, List.of(port), Set.of(), List.of("bench"));
        return new DesiredState(Map.of("bench", policy), Map.of("bench", resource));
    }
}
