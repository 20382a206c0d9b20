// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.bench;

import dev.portcullis.compiler.Compiler;
import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.compiler.Image;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
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
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** How long a large state takes to compile, without writing it to the kernel, and its heap. */
final class CompileBench {
    private static final int POLICIES = 100;
    private static final int PREFIXES_A_POLICY = 10_000;
    private static final int RESOURCES = 20;
    private static final int ROUNDS = 5;
    private static final double MOST_SECONDS = 2;
    private static final int MOST_MEBIBYTES = 1_024;
    private static final Environment HOST =
            Environment.of(HostAddresses.of(List.of(Address.parse("10.0.0.1"))));

    private final Map<String, Policy> policies = new TreeMap<>();
    private final Map<String, Resource> resources = new TreeMap<>();

    void run() {
        NestedPrefixes prefixes = new NestedPrefixes();
        for (int i = 0; i < POLICIES; i++) {
            policy("policy-" + i, prefixes.some(PREFIXES_A_POLICY));
        }
        for (int i = 0; i < RESOURCES; i++) {
            resource(i);
        }
        System.out.printf(
                "compiling %,d prefixes in %d policies on %d resources, heap of at most %,d MiB%n",
                POLICIES * PREFIXES_A_POLICY, POLICIES, RESOURCES, mebibytes(max()));

        long begun = System.nanoTime();
        Image image = compile(DecisionIds.none());
        report("in a JVM that has just started", seconds(begun));
        System.out.printf(
                "  %,d of them make a difference, in %,d classes of sources%n",
                image.prefixes(), image.classes().size());

        double[] again = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            changeOneRule(round);
            begun = System.nanoTime();
            image = compile(image.decisions());
            again[round] = seconds(begun);
        }
        Arrays.sort(again);
        report("again after one rule changed, median of " + ROUNDS, again[ROUNDS / 2]);
        System.out.printf(
                "  heap in use after a collection, with the state and the result: %,d MiB"
                        + " (target: %,d)%n",
                used(image), MOST_MEBIBYTES);
    }

    private static void report(String what, double seconds) {
        System.out.printf("  %s: %.2f s (target: under %.0f)%n", what, seconds, MOST_SECONDS);
    }

    private Image compile(DecisionIds before) {
        return Compiler.compile(new DesiredState(policies, resources), List.of(), HOST, before);
    }

    private void changeOneRule(int round) {
        Policy policy = policies.get("policy-" + round);
        List<Rule> rules = new ArrayList<>(policy.rules());
        rules.set(0, rule(Prefix.of(Address.parse("192.0.2." + round))));
        policies.put(policy.name(), Policy.of(policy.name(), policy.type(), rules));
    }

    private void policy(String name, List<Prefix> prefixes) {
        List<Rule> rules = prefixes.stream().map(CompileBench::rule).toList();
        policies.put(name, Policy.of(name, PolicyType.IP, rules));
    }

    private static Rule rule(Prefix prefix) {
        return Rule.allow(prefix.toString(), prefix);
    }

    private void resource(int number) {
        PortRange port = new PortRange(9_200 + number, 9_200 + number);
        List<String> associated = new ArrayList<>();
        for (int i = number; i < POLICIES; i += RESOURCES) {
            associated.add("policy-" + i);
        }
        resources.put(
                "resource-" + number,
                Resource.of(
                        "resource-" + number,
                        LocalAddresses.EVERY,
                        List.of(new PortMatch(Protocol.TCP, Optional.of(port))),
                        Set.of(),
                        associated));
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    /**
     * @param result kept until it has been counted
     */
    private long used(Image result) {
        System.gc();
        long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        if (result.prefixes() == 0 || policies.isEmpty()) {
            throw new IllegalStateException("nothing was compiled");
        }
        return mebibytes(used);
    }

    private static long max() {
        return Runtime.getRuntime().maxMemory();
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }
}
