// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.bench;

import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.Original;
import dev.portcullis.dataplane.ProbePacket;
import dev.portcullis.e2e.Agent;
import dev.portcullis.e2e.Network;
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
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What it costs to judge connections by their PROXY headers: packets of those that are known, and
 * how many connections can be made to a judged port and to one that is not.
 */
final class ProxiedBench {
    private static final int REPEAT = 200_000;
    private static final int ROUNDS = 7;
    private static final int CONNECTIONS = 2_000;
    private static final int JUDGED = 9200;
    private static final int UNJUDGED = 9300;
    private static final int TCP = 6;

    /** Where the sequence number stands in a frame of IPv4. */
    private static final int SEQUENCE = 14 + 20 + 4;

    private static final Address BALANCER = Address.parse("192.0.2.1");
    private static final Address SERVER = Address.parse("10.0.0.1");
    private static final Address FRIEND = Address.parse("198.51.100.7");
    private static final Address STRANGER = Address.parse("203.0.113.5");

    private static final String RULES =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: friends}
            spec: {type: ip, rules: [{source: 198.51.100.7}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: web}
            spec:
              ports: [{protocol: TCP, port: 9200}]
              proxyProtocol: {from: [10.77.1.0/24]}
              policies: [friends]
            """;

    /** Takes connections at two ports, one after the other, and answers each. */
    private static final String TAKE =
            """
            import selectors, socket, sys
            ready = selectors.DefaultSelector()
            for port in sys.argv[1:]:
                server = socket.create_server(("", int(port)), backlog=1000)
                ready.register(server, selectors.EVENT_READ)
            print("ready", flush=True)
            while True:
                for key, _ in ready.select():
                    peer, _ = key.fileobj.accept()
                    peer.recv(1000)
                    peer.send(b"k")
                    peer.close()
            """;

    /** For each line, a port: makes connections with a header, and tells the seconds that took. */
    private static final String MAKE =
            """
            import socket, sys, time
            header = bytes.fromhex("0d0a0d0a000d0a515549540a2111000cc6336407c633640100500050") + b"x"
            print("ready", flush=True)
            for line in sys.stdin:
                begin = time.monotonic()
                for _ in range(int(sys.argv[2])):
                    peer = socket.create_connection((sys.argv[1], int(line)), 10)
                    peer.sendall(header)
                    assert peer.recv(10) == b"k"
                    peer.close()
                print(time.monotonic() - begin, flush=True)
            """;

    private final Libbpf libbpf;

    ProxiedBench(Libbpf libbpf) {
        this.libbpf = libbpf;
    }

    void run(Path bpffs, Path directory) throws IOException {
        packets(bpffs);
        connections(directory);
    }

    private void packets(Path bpffs) throws IOException {
        System.out.printf(
                "packets of balancers' connections, ns a packet over an empty program (median of %d"
                        + " rounds of %,d equal packets)%n",
                ROUNDS, REPEAT);
        try (Dataplane dataplane = Programs.dataplane(libbpf, bpffs);
                BpfObject object = Programs.bench(libbpf);
                BpfProgram empty = object.program("bench_empty")) {
            dataplane.commit(state(), Environment.of(HostAddresses.of(List.of())));
            print("a client's own packet, allowed", dataplane, empty, syn(FRIEND, 1));
            print("a handshake of a balancer", dataplane, empty, ack(BALANCER, 2));
            begin(dataplane, 3, FRIEND);
            print("data of a connection that was let in", dataplane, empty, data(3, FRIEND));
            begin(dataplane, 4, STRANGER);
            print("data of a connection that is denied", dataplane, empty, data(4, STRANGER));
        }
    }

    private static void begin(Dataplane dataplane, int port, Address client) {
        dataplane.program().testRun(TestRunOptions.of(syn(BALANCER, port)));
        dataplane.program().testRun(TestRunOptions.of(data(port, client)));
    }

    private static ByteBuffer syn(Address from, int port) {
        return direct(new ProbePacket(from, port, SERVER, JUDGED, TCP).frame(), 0);
    }

    private static ByteBuffer ack(Address from, int port) {
        ByteBuffer segment = syn(from, port);
        return segment.put(SEQUENCE + 9, (byte) 0x10);
    }

    /** The header, as the first byte of the stream and those after it. */
    private static ByteBuffer data(int port, Address client) {
        Original original = new Original(Optional.of(client), Optional.empty());
        ProbePacket packet =
                new ProbePacket(BALANCER, port, SERVER, JUDGED, TCP).proxiedFor(original);
        return direct(packet.frame(), 1);
    }

    private static ByteBuffer direct(ByteBuffer frame, int sequence) {
        return ByteBuffer.allocateDirect(frame.limit())
                .put(frame)
                .putInt(SEQUENCE, sequence)
                .flip();
    }

    private static void print(
            String what, Dataplane dataplane, BpfProgram empty, ByteBuffer frame) {
        double[] costs = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double base = nanos(empty, frame);
            costs[round] = nanos(dataplane.program(), frame) - base;
        }
        Arrays.sort(costs);
        System.out.printf(
                Locale.ROOT,
                "  %-40s %5.0f (%.0f to %.0f)%n",
                what,
                costs[ROUNDS / 2],
                costs[0],
                costs[ROUNDS - 1]);
    }

    private static double nanos(BpfProgram program, ByteBuffer frame) {
        return program.testRun(TestRunOptions.of(frame.duplicate()).withRepeat(REPEAT))
                .durationNanos();
    }

    private static DesiredState state() {
        Policy friends =
                Policy.of(
                        "friends",
                        PolicyType.IP,
                        List.of(Rule.allow(FRIEND.toString(), Prefix.of(FRIEND))));
        Resource web =
                Resource.of(
                                "web",
                                LocalAddresses.EVERY,
                                List.of(PortMatch.EVERYTHING),
                                Set.of(),
                                List.of("friends"))
                        .withBalancers(Set.of(Prefix.of(BALANCER)));
        return new DesiredState(Map.of("friends", friends), Map.of("web", web));
    }

    private static void connections(Path directory) throws IOException {
        System.out.printf(
                "connections with a PROXY header, made one after the other (median of %d rounds of"
                        + " %,d, in turn)%n",
                ROUNDS, CONNECTIONS);
        try (Network network = new Network(1);
                Agent agent =
                        new Agent(
                                network.server(),
                                directory,
                                "interfaces: [\"c*\"]\nmetrics: null\n")) {
            agent.start();
            agent.apply(RULES).ok();
            Process server = start(network.server(), TAKE, "" + JUDGED, "" + UNJUDGED);
            Process client = start(network.client(1), MAKE, "10.77.1.1", "" + CONNECTIONS);
            try {
                double[] judged = new double[ROUNDS];
                double[] unjudged = new double[ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                    unjudged[round] = CONNECTIONS / seconds(client, UNJUDGED);
                    judged[round] = CONNECTIONS / seconds(client, JUDGED);
                }
                double without = print("a port that is not judged", unjudged);
                double with = print("a port that is judged by headers", judged);
                System.out.printf(Locale.ROOT, "  judged over unjudged: %.2f%n", with / without);
            } finally {
                client.destroy();
                server.destroy();
            }
        }
    }

    private static Process start(String namespace, String program, String... arguments)
            throws IOException {
        List<String> line = new ArrayList<>(List.of("python3", "-c", program));
        line.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(Network.inside(namespace, line))
                        .redirectErrorStream(true)
                        .start();
        String said = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (!"ready".equals(said)) {
            throw new IllegalStateException(said);
        }
        return process;
    }

    private static double seconds(Process client, int port) throws IOException {
        client.outputWriter(StandardCharsets.UTF_8).append(port + "\n").flush();
        BufferedReader said = client.inputReader(StandardCharsets.UTF_8);
        return Double.parseDouble(said.readLine());
    }

    private static double print(String what, double[] rates) {
        Arrays.sort(rates);
        double median = rates[ROUNDS / 2];
        System.out.printf(
                Locale.ROOT,
                "  %-40s %,7.0f a second (%,.0f to %,.0f)%n",
                what,
                median,
                rates[0],
                rates[ROUNDS - 1]);
        return median;
    }
}
