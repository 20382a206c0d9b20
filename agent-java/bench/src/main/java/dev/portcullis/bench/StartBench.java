// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.bench;

import dev.portcullis.e2e.Agent;
import dev.portcullis.e2e.Network;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How long starts take: of a daemon that finds rules in the kernel, and of what a boot does, which
 * finds none.
 */
final class StartBench {
    private static final int MANY = 100_000;
    private static final int ROUNDS = 5;
    private static final String INTERFACES = "interfaces: [\"c*\"]\nmetrics: null\n";
    private static final String RESOURCE =
            """
            ---
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: web}
            spec: {ports: [{protocol: TCP, port: 9200}], policies: [many]}
            """;

    private final Path directory;

    StartBench(Path directory) {
        this.directory = directory;
    }

    void run() {
        try (Network network = new Network(1);
                Agent daemon = new Agent(network.server(), directory, INTERFACES)) {
            System.out.println("starts, from the command until it is done (JVM included)");
            daemon.start();
            double empty = starts(daemon, "a daemon without rules, until it answers", 0);
            daemon.start();
            daemon.apply(policy() + RESOURCE).ok();
            starts(daemon, count() + ", found in the kernel, until the daemon answers", empty);
            boots(daemon, empty);
        }
    }

    private static String count() {
        return String.format("%,d CIDRs", MANY);
    }

    private static String policy() {
        return new Prefixes(Family.IPV4)
                .some(MANY).stream()
                        .map(Prefix::toString)
                        .map(prefix -> "    - {source: \"" + prefix + "\"}\n")
                        .collect(
                                Collectors.joining(
                                        "",
                                        "apiVersion: portcullis.dev/v1\nkind: Policy\n"
                                                + "metadata: {name: many}\n"
                                                + "spec:\n  type: ip\n  rules:\n",
                                        ""));
    }

    private static double starts(Agent daemon, String what, double compared) {
        double[] seconds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            daemon.kill();
            long begun = System.nanoTime();
            daemon.start();
            seconds[i] = (System.nanoTime() - begun) / 1e9;
        }
        daemon.kill();
        return print(what, seconds, compared);
    }

    private static void boots(Agent daemon, double compared) {
        double[] seconds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            daemon.forgetKernel();
            long begun = System.nanoTime();
            daemon.restore().ok();
            seconds[i] = (System.nanoTime() - begun) / 1e9;
        }
        print(count() + ", loaded as at a boot, until they are enforced", seconds, compared);
    }

    private static double print(String what, double[] seconds, double compared) {
        Arrays.sort(seconds);
        double median = seconds[ROUNDS / 2];
        System.out.printf(
                "  %s: median %.2f s, min %.2f, max %.2f%s%n",
                what,
                median,
                seconds[0],
                seconds[ROUNDS - 1],
                compared == 0 ? "" : String.format(", %.1f times as long", median / compared));
        return median;
    }
}
