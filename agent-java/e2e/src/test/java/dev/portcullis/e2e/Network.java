// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server and clients, each in a network namespace of its own, each client on its own wire: client
 * N has 10.77.N.2 and fd77:N::2, and the server 10.77.N.1 and fd77:N::1 on interface cN.
 */
public final class Network implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Becomes the command that follows, in the cgroup whose directory is its name. */
    private static final String ENTER = "echo $$ >$0/cgroup.procs && exec \"$@\"";

    private final String prefix =
            "pce2e-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    private final List<String> namespaces = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    public Network(int clients) {
        requireRoot();
        add(server());
        for (int client = 1; client <= clients; client++) {
            add(client(client));
            plug(client);
        }
    }

    private static void requireRoot() {
        if (!Command.run(List.of("id", "-u")).out().strip().equals("0")) {
            throw new AssertionError(
                    "these tests make network namespaces and load BPF programs: run them as root");
        }
        try {
            if (!Files.getFileStore(Path.of("/sys/fs/bpf")).type().equals("bpf")) {
                Command.run(List.of("mount", "-t", "bpf", "bpf", "/sys/fs/bpf")).ok();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String server() {
        return prefix + "-server";
    }

    public String client(int client) {
        return prefix + "-client" + client;
    }

    static String address4(int client, int host) {
        return "10.77." + client + "." + host;
    }

    static String address6(int client, int host) {
        return "fd77:" + client + "::" + host;
    }

    private void add(String namespace) {
        ip("netns", "add", namespace);
        namespaces.add(namespace);
        ip("-n", namespace, "link", "set", "lo", "up");
    }

    /** Lays the wire between a client and the server. */
    void plug(int client) {
        String port = "c" + client;
        ip(
                "-n",
                server(),
                "link",
                "add",
                port,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                client(client));
        configure(server(), port, client, 1);
        configure(client(client), "eth0", client, 2);
    }

    /**
     * Adds a namespace behind a client, on a wire of its own between 10.88.N.1 and fd88:N::1 and
     * hosts from 2 on, all of which it has.
     */
    String addBehind(int client, int hosts) {
        String behind = client(client) + "-behind";
        add(behind);
        ip(
                "-n",
                client(client),
                "link",
                "add",
                "eth1",
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                behind);
        for (int host = 1; host <= 1 + hosts; host++) {
            String namespace = host == 1 ? client(client) : behind;
            String device = host == 1 ? "eth1" : "eth0";
            ip("-n", namespace, "addr", "add", behind4(client, host) + "/24", "dev", device);
            ip(
                    "-n",
                    namespace,
                    "addr",
                    "add",
                    behind6(client, host) + "/64",
                    "dev",
                    device,
                    "nodad");
        }
        ip("-n", client(client), "link", "set", "eth1", "up");
        ip("-n", behind, "link", "set", "eth0", "up");
        return behind;
    }

    static String behind4(int client, int host) {
        return "10.88." + client + "." + host;
    }

    static String behind6(int client, int host) {
        return "fd88:" + client + "::" + host;
    }

    private static void configure(String namespace, String device, int client, int host) {
        ip("-n", namespace, "addr", "add", address4(client, host) + "/24", "dev", device);
        ip("-n", namespace, "addr", "add", address6(client, host) + "/64", "dev", device, "nodad");
        ip("-n", namespace, "link", "set", device, "up");
    }

    public static Command ip(String... arguments) {
        List<String> line = new ArrayList<>(List.of("ip"));
        line.addAll(List.of(arguments));
        return Command.run(line).ok();
    }

    /** The command line that runs another one inside a namespace; /sys stays as it is. */
    public static List<String> inside(String namespace, List<String> line) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace));
        whole.addAll(line);
        return whole;
    }

    /** Starts the service of service.py on these ports of the server. */
    public void serve(int... ports) {
        serveIn(server(), ports);
    }

    /** The same on a client's. */
    void serveAt(int client, int... ports) {
        serveIn(client(client), ports);
    }

    private void serveIn(String namespace, int... ports) {
        List<String> line = new ArrayList<>(List.of("python3", resource("service.py")));
        for (int port : ports) {
            line.add(Integer.toString(port));
        }
        start(namespace, line, "ready");
    }

    /** Starts a client that connects over and over; {@link #finish} tells how it went. */
    Process steady(int client, String address, int port) {
        return start(
                client(client),
                List.of(
                        "python3",
                        resource("client.py"),
                        "steady",
                        address,
                        Integer.toString(port)),
                "started");
    }

    /** Has a client keep a connection to a port of the server open. */
    void hold(int client, String address, int port) {
        String number = Integer.toString(port);
        start(server(), List.of("python3", resource("hold.py"), "serve", number), "ready");
        start(
                client(client),
                List.of("python3", resource("hold.py"), "connect", address, number),
                "connected");
    }

    /** Answered and unanswered connections. */
    static int[] finish(Process steady) throws IOException {
        steady.getOutputStream().close();
        String[] counts = steady.inputReader().readLine().split(" ");
        return new int[] {Integer.parseInt(counts[0]), Integer.parseInt(counts[1])};
    }

    /** Starts a command inside a namespace that ends with the network. */
    void run(String namespace, List<String> line) {
        try {
            processes.add(
                    new ProcessBuilder(inside(namespace, line))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a DNS server on port 5353 of the server's loopback, with dnsmasq's options. */
    void resolve(String... options) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "dnsmasq",
                                "--keep-in-foreground",
                                "--conf-file=/dev/null",
                                "--pid-file",
                                "--no-resolv",
                                "--no-hosts",
                                "--user=root",
                                "--port=5353",
                                "--listen-address=127.0.0.1",
                                "--bind-interfaces",
                                "--local-ttl=60",
                                "--local=/./"));
        line.addAll(List.of(options));
        run(server(), line);
    }

    /** Sends every datagram to a port of the server back. */
    void echo(int port) {
        echoIn(server(), port);
    }

    /** The same to a client's. */
    void echoAt(int client, int port) {
        echoIn(client(client), port);
    }

    private void echoIn(String namespace, int port) {
        start(
                namespace,
                List.of("python3", resource("stream.py"), "serve", Integer.toString(port)),
                "ready");
    }

    /**
     * Starts a client that sends datagrams at a steady pace; {@link #answers} tells how it goes.
     */
    Process stream(int client, String address, int port, int perSecond) {
        return streamIn(client(client), address, port, perSecond);
    }

    /** The same from the server. */
    Process streamFromServer(String address, int port, int perSecond) {
        return streamIn(server(), address, port, perSecond);
    }

    /** How many datagrams of a stream were sent since the last question, and were answered. */
    static int[] answers(Process stream) throws IOException {
        stream.outputWriter().write('\n');
        stream.outputWriter().flush();
        String[] counts = stream.inputReader().readLine().split(" ");
        return new int[] {Integer.parseInt(counts[0]), Integer.parseInt(counts[1])};
    }

    private Process streamIn(String namespace, String address, int port, int perSecond) {
        return start(
                namespace,
                List.of(
                        "python3",
                        resource("stream.py"),
                        "send",
                        address,
                        Integer.toString(port),
                        Integer.toString(perSecond)),
                "started");
    }

    /** Starts a command inside a namespace and waits for the first line that it says. */
    Process start(String namespace, List<String> line, String firstLine) {
        try {
            Process process =
                    new ProcessBuilder(inside(namespace, line))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            processes.add(process);
            String said = process.inputReader().readLine();
            if (!firstLine.equals(said)) {
                throw new AssertionError(line + " said " + said);
            }
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What client.py says of one try: answered, refused or silent. */
    public String connect(int client, String protocol, String address, int port, String... more) {
        List<String> line = new ArrayList<>(tryTo(protocol, address, port));
        line.addAll(List.of(more));
        return Command.run(inside(client(client), line)).ok().out().strip();
    }

    /** The same of the server's try. */
    String reach(String protocol, String address, int port) {
        return Command.run(inside(server(), tryTo(protocol, address, port))).ok().out().strip();
    }

    /** The same of a process of the server in a cgroup. */
    String reachFrom(Path cgroup, String protocol, String address, int port) {
        List<String> line = new ArrayList<>(List.of("sh", "-c", ENTER, cgroup.toString()));
        line.addAll(tryTo(protocol, address, port));
        return Command.run(inside(server(), line)).ok().out().strip();
    }

    private static List<String> tryTo(String protocol, String address, int port) {
        return List.of("python3", resource("client.py"), protocol, address, Integer.toString(port));
    }

    static String resource(String name) {
        return Path.of("src/test/resources", name).toAbsolutePath().toString();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        namespaces.forEach(namespace -> Command.run(List.of("ip", "netns", "del", namespace)));
    }
}
