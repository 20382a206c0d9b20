// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** A network namespace, removed with the test; what is not virtual in it then comes back. */
final class Namespace implements AutoCloseable {
    private final String name;

    Namespace(String name) {
        this.name = name;
        Bpffs.run("ip", "netns", "add", name);
        run("ip", "link", "set", "lo", "up");
    }

    /** Takes an interface of this host. */
    void take(String dev) {
        Bpffs.run("ip", "link", "set", dev, "netns", name);
        run("ip", "link", "set", dev, "up");
    }

    String name() {
        return name;
    }

    void addAddresses(String dev, String four, String six) {
        run("ip", "address", "add", four + "/24", "dev", dev);
        run("ip", "address", "add", six + "/64", "dev", dev, "nodad");
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
        return Stream.concat(Stream.of("nsenter", "--net=/run/netns/" + name), Stream.of(command))
                .toList();
    }

    @Override
    public void close() {
        Bpffs.run("ip", "netns", "del", name);
    }
}
