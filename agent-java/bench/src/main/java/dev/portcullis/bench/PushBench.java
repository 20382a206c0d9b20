// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.bench;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.ApplyOptions;
import dev.portcullis.api.v1.ApplyRequest;
import dev.portcullis.api.v1.ExplainRequest;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.Port;
import dev.portcullis.api.v1.PortcullisGrpc;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.api.v1.Rule;
import dev.portcullis.e2e.Agent;
import dev.portcullis.e2e.Client;
import dev.portcullis.e2e.Command;
import dev.portcullis.e2e.Network;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.transfer.ObjectParts;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How long pushes take until the kernel judges by them, and how much memory the daemon takes. */
final class PushBench {
    private static final int MANY = 100_000;
    private static final int ROUNDS = 20;
    private static final String INTERFACES = "interfaces: [\"c*\"]\nmetrics: null\n";

    private final Path directory;
    private PortcullisGrpc.PortcullisBlockingV2Stub agent;

    PushBench(Path directory) {
        this.directory = directory;
    }

    void run() throws Exception {
        try (Network network = new Network(1);
                Agent daemon = new Agent(network.server(), directory, INTERFACES)) {
            daemon.start();
            try (Client client = new Client(daemon.socket())) {
                agent = client.portcullis();
                push(daemon, network);
            }
        }
    }

    private void push(Agent daemon, Network network) throws Exception {
        System.out.println("pushes through gRPC, until the kernel judges by them");
        memory(daemon, "idle");
        List<Prefix> many = new Prefixes(Family.IPV4).some(MANY);
        Resource web = resource("many", "one");
        Policy large = policy("many", many);
        double first = seconds(large, policy("one", List.of()), web);
        System.out.printf("  %,d CIDRs, daemon just started: %.2f s%n", MANY, first);
        double[] again = new double[5];
        for (int i = 0; i < again.length; i++) {
            List<Prefix> rest = many.subList(i + 1, MANY);
            again[i] = seconds(policy("many", rest));
        }
        System.out.printf(
                "  %,d CIDRs again, one fewer each time: %s%n", MANY, spread(again, 1, "s"));
        double[] single = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            Prefix rule = Prefix.of(Address.parse("192.0.2." + i));
            single[i] = seconds(policy("one", List.of(rule)));
            requirePass(rule);
        }
        System.out.printf("  one rule among them: %s%n", spread(single, 1_000, "ms"));
        memory(daemon, "with " + MANY + " CIDRs");
        peer(network, many, again, single);
    }

    private double seconds(Message... objects) throws StatusException, InterruptedException {
        long begun = System.nanoTime();
        BlockingClientCall<ApplyRequest, ?> call = agent.apply();
        call.write(ApplyRequest.newBuilder().setOptions(ApplyOptions.getDefaultInstance()).build());
        for (Message object : objects) {
            ObjectParts.send(
                    object, part -> call.write(ApplyRequest.newBuilder().setObject(part).build()));
        }
        call.halfClose();
        if (call.read() == null) {
            throw new IllegalStateException("the push was not answered");
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    private void requirePass(Prefix rule) throws StatusException {
        ExplainRequest request =
                ExplainRequest.newBuilder()
                        .setFrom(rule.network().toString())
                        .setTo("10.77.1.1:9200/tcp")
                        .build();
        if (!agent.explain(request).getVerdict().equals("PASS")) {
            throw new IllegalStateException(rule + " is not enforced");
        }
    }

    /** The same into a set of nftables, in the same namespaces. */
    private void peer(Network network, List<Prefix> many, double[] again, double[] single)
            throws IOException {
        if (!Files.isExecutable(Path.of("/usr/sbin/nft"))) {
            System.out.println("  (nft is not installed, so there is nothing to compare with)");
            return;
        }
        Path file = directory.resolve("set.nft");
        List<Prefix> apart = apart(many);
        String elements = apart.stream().map(Prefix::toString).collect(Collectors.joining(",\n"));
        Files.writeString(
                file,
                "table inet bench {\nset many {\ntype ipv4_addr; flags interval; elements = { "
                        + elements
                        + " }\n}\n}\n");
        double load = seconds(network, List.of("nft", "-f", file.toString()));
        double add =
                seconds(
                        network,
                        List.of("nft", "add", "element", "inet", "bench", "many", "{192.0.2.77}"));
        System.out.printf(
                "  nft, those %,d of them that do not overlap: %.2f s, which is %.1f times as long;"
                        + " one more: %.0f ms, %.1f times%n",
                apart.size(), load, load / median(again), add * 1_000, add / median(single));
    }

    /** Without those inside others, which an interval set refuses. */
    private static List<Prefix> apart(List<Prefix> prefixes) {
        List<Prefix> apart = new ArrayList<>();
        for (Prefix prefix : prefixes.stream().sorted().toList()) {
            if (apart.isEmpty() || !apart.get(apart.size() - 1).contains(prefix)) {
                apart.add(prefix);
            }
        }
        return apart;
    }

    private static double seconds(Network network, List<String> line) {
        long begun = System.nanoTime();
        Command.run(Network.inside(network.server(), line)).ok();
        return (System.nanoTime() - begun) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String spread(double[] values, double unit, String name) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(
                "median %.3g %s, min %.3g, max %.3g",
                median(values) * unit, name, sorted[0] * unit, sorted[sorted.length - 1] * unit);
    }

    private static void memory(Agent daemon, String when) throws IOException {
        String resident =
                Files.readAllLines(Path.of("/proc/" + daemon.pid() + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS"))
                        .findFirst()
                        .orElseThrow()
                        .replaceAll("[^0-9]", "");
        System.out.printf(
                "  resident memory of the daemon %s: %d MiB%n",
                when, Long.parseLong(resident) / 1_024);
    }

    private static Policy policy(String name, List<Prefix> prefixes) {
        PolicySpec.Builder spec = PolicySpec.newBuilder().setType("ip");
        prefixes.forEach(p -> spec.addRules(Rule.newBuilder().setSource(p.toString())));
        return Policy.newBuilder()
                .setMetadata(Metadata.newBuilder().setName(name))
                .setSpec(spec)
                .build();
    }

    private static Resource resource(String... policies) {
        return Resource.newBuilder()
                .setMetadata(Metadata.newBuilder().setName("web"))
                .setSpec(
                        ResourceSpec.newBuilder()
                                .addPorts(Port.newBuilder().setProtocol("TCP").setPort(9200))
                                .addAllPolicies(List.of(policies)))
                .build();
    }
}
