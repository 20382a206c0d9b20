// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A guarded server and whom it serves: client 1 of the network is a balancer, with clients of its
 * own behind it, and client 2 comes directly.
 */
final class BalancedService implements AutoCloseable {
    static final String ALLOWED = Network.behind4(1, 2);
    static final String DENIED = Network.behind4(1, 3);
    static final String BLOCKED = Network.behind4(1, 4);
    static final String NAMED = Network.behind4(1, 5);
    static final String ALLOWED6 = Network.behind6(1, 2);
    static final String DENIED6 = Network.behind6(1, 3);
    static final String BLOCKED6 = Network.behind6(1, 4);

    /** A private endpoint of Azure that is connected, and in no policy. */
    static final String ENDPOINT = "partner";

    static final String GUID = "7c0f05e4-e32b-4b10-a246-7b77f7dcc63c";
    static final int CONNECTED = 7;

    /** Seconds for what is to be answered, and for what is not. */
    static final double PATIENCE = 10;

    static final double IN_VAIN = 0.8;

    /**
     * The balancer's own addresses are in no policy. Of client 2 one is, and of {@link #NAMED} the
     * name.
     */
    static final String RULES =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: clients}
            spec:
              type: ip
              rules:
                - {source: 10.88.1.2}
                - {source: 10.88.1.4}
                - {source: "fd88:1::2"}
                - {source: "fd88:1::4"}
                - {source: 10.77.2.2}
            ---
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: threats}
            spec: {type: blocklist, rules: [{source: 10.88.1.4}, {source: "fd88:1::4"}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: names}
            spec: {type: allow_deny, allow: ["*.example.org"], deny: [_all]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: aws}
            spec: {type: vpce, rules: [{source: vpce-08d2bf15fac5001c9}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: azure}
            spec: {type: azure_private_endpoint, rules: [{linkId: 134217729}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: gcp}
            spec: {type: gcp_private_service_connect_endpoint, rules: [{source: "18446744072646845332"}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: web}
            spec:
              ports: [{protocol: TCP, port: 9200, endPort: 9202}]
              policies: [clients, threats, names, aws, azure, gcp]
              proxyProtocol: {from: [10.77.1.2, "fd77:1::2"]}
            """;

    private final Network network = new Network(2);
    private final String behind = network.addBehind(1, 4);
    private final Nginx nginx;
    private final Agent agent;
    private final Path connections;

    BalancedService(Path directory) {
        connections = directory.resolve("connections.json");
        nginx = new Nginx(network, network.server(), directory.resolve("nginx"));
        agent =
                new Agent(
                        network.server(),
                        directory,
                        """
                        interfaces: [c1, c2]
                        metrics: 127.0.0.1:9815
                        dns: {servers: ["127.0.0.1:5353"]}
                        azureConnections: %s
                        """
                                .formatted(connections));
        connect(CONNECTED);
        network.resolve("--host-record=named.example.org,10.88.1.5");
        agent.start();
        agent.apply(RULES).ok();
    }

    /** Exports from Azure that {@link #ENDPOINT} has a link identifier. */
    void connect(int linkId) {
        try {
            Path fresh = connections.resolveSibling("connections.new");
            Files.writeString(
                    fresh,
                    "[{\"name\": \"%s.%s\", \"linkIdentifier\": \"%d\"}]"
                            .formatted(ENDPOINT, GUID, linkId));
            Files.move(fresh, connections, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Network network() {
        return network;
    }

    Nginx nginx() {
        return nginx;
    }

    Agent agent() {
        return agent;
    }

    String balancer() {
        return network.client(1);
    }

    /** Where the balancer's clients are. */
    String behind() {
        return behind;
    }

    /** What curl gets in a namespace; silent if nothing. */
    static String curl(String namespace, double patience, String... arguments) {
        List<String> line =
                new ArrayList<>(List.of("curl", "-sk", "--max-time", Double.toString(patience)));
        line.addAll(List.of(arguments));
        Command curl = Command.run(Network.inside(namespace, line));
        return curl.exit() == 0 ? curl.out().strip() : "silent";
    }

    /** What one of the balancer's clients gets. */
    String fetch(String client, String... arguments) {
        return fetch(PATIENCE, client, arguments);
    }

    /** The same, of one that is to get nothing. */
    String fetchInVain(String client, String... arguments) {
        return fetch(IN_VAIN, client, arguments);
    }

    private String fetch(double patience, String client, String... arguments) {
        String[] all =
                Stream.concat(Stream.of("--interface", client), Stream.of(arguments))
                        .toArray(String[]::new);
        return curl(behind, patience, all);
    }

    /** What endpoint.py says in a namespace that sends these segments to a port of the server. */
    static String send(
            String namespace,
            String server,
            int port,
            double patience,
            List<String> options,
            byte[]... segments) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "python3",
                                Network.resource("endpoint.py"),
                                "send",
                                "--patience",
                                Double.toString(patience)));
        line.addAll(options);
        line.addAll(List.of(server, Integer.toString(port)));
        Stream.of(segments).map(HexFormat.of()::formatHex).forEach(line::add);
        return Command.run(Network.inside(namespace, line)).ok().out().strip();
    }

    /** Packets that were denied for this reason so far. */
    long denied(String reason) {
        return packets("drop", reason);
    }

    long packets(String verdict, String reason) {
        String page = agent.inside("curl", "-sS", "http://127.0.0.1:9815/metrics").ok().out();
        return page.lines()
                .filter(line ->
                        line.startsWith("portcullis_packets_total")
                                && line.contains("verdict=\"" + verdict + "\"")
                                && line.contains("reason=\"" + reason + "\""))
                .mapToLong(line ->
                        (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        agent.close();
        network.close();
    }
}
