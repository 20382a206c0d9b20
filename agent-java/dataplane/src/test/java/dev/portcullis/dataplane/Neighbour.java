// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Another host behind a veth pair: a network namespace, removed with the test. */
final class Neighbour implements AutoCloseable {
    static final String HERE4 = "198.18.77.1";
    static final String THERE4 = "198.18.77.2";
    static final String HERE6 = "fd77:7c::1";
    static final String THERE6 = "fd77:7c::2";

    private final VethPairs veths = new VethPairs(1);
    private final String near = veths.names().get(0);
    private final String far = near.substring(0, near.length() - 1) + "b";
    private final String namespace = near + "n";

    Neighbour() {
        Bpffs.run("ip", "netns", "add", namespace);
        Bpffs.run("ip", "link", "set", far, "netns", namespace);
        Bpffs.run("ip", "address", "add", HERE4 + "/24", "dev", near);
        Bpffs.run("ip", "address", "add", HERE6 + "/64", "dev", near, "nodad");
        run("ip", "link", "set", far, "up");
        run("ip", "link", "set", "lo", "up");
        run("ip", "address", "add", THERE4 + "/24", "dev", far);
        run("ip", "address", "add", THERE6 + "/64", "dev", far, "nodad");
    }

    /** The interface that leads there. */
    String near() {
        return near;
    }

    /** The interface over there. */
    String far() {
        return far;
    }

    String namespace() {
        return namespace;
    }

    /** Runs a command there and gives what it prints. */
    String run(String... command) {
        return Bpffs.run(entering(command).toArray(String[]::new));
    }

    /** Starts a command there. */
    Process start(String... command) {
        try {
            return new ProcessBuilder(entering(command)).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a Python program there and waits for its first line. */
    Process serve(String program, String... arguments) throws IOException {
        List<String> command =
                Stream.concat(Stream.of("python3", "-u", "-c", program), Stream.of(arguments))
                        .toList();
        Process process = start(command.toArray(String[]::new));
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (!"ready".equals(line)) {
            throw new AssertionError("the server there said " + line);
        }
        return process;
    }

    private List<String> entering(String... command) {
        return Stream.concat(
                        Stream.of("nsenter", "--net=/run/netns/" + namespace), Stream.of(command))
                .toList();
    }

    @Override
    public void close() {
        veths.close();
        Bpffs.run("ip", "netns", "del", namespace);
    }
}
