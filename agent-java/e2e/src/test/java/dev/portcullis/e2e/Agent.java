// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import dev.portcullis.api.v1.PortcullisGrpc;
import io.grpc.StatusException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A daemon of the built tree in a server's namespace, with directories of its own, and the command
 * to reach it.
 */
public final class Agent implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    static final String LAUNCHER =
            Path.of(
                            System.getProperty("portcullis.home", "../../target/portcullis"),
                            "bin/portcullis")
                    .toAbsolutePath()
                    .normalize()
                    .toString();

    private final String namespace;
    private final Path directory;
    private final Path bpffs =
            Path.of(
                    "/sys/fs/bpf/pce2e-"
                            + ProcessHandle.current().pid()
                            + "-"
                            + NUMBER.incrementAndGet());
    private List<String> behind = List.of();
    private String launcher = LAUNCHER;
    private Process process;

    /**
     * @param directory empty, for configuration, state and socket
     * @param config lines of agent.yaml beyond the paths
     */
    public Agent(String namespace, Path directory, String config) {
        this.namespace = namespace;
        this.directory = directory;
        write(
                "agent.yaml",
                "socket: "
                        + socket()
                        + "\nstateDirectory: "
                        + state()
                        + "\nbpffs: "
                        + bpffs
                        + "\n"
                        + config);
    }

    /** Where it listens. */
    public Path socket() {
        return directory.resolve("agent.sock");
    }

    /** Where it keeps the objects. */
    Path state() {
        return directory.resolve("state");
    }

    /** What it has told, which {@link #log} reads. */
    Path logFile() {
        return directory.resolve("log");
    }

    public Path write(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it pins. */
    Path bpffs() {
        return bpffs;
    }

    /** Its agent.yaml. */
    String config() {
        try {
            return Files.readString(directory.resolve("agent.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it and waits until it answers. */
    public Agent start(String... options) {
        launch(options);
        await("the agent answers", () -> answers() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("the agent ended:\n" + log());
        }
        return this;
    }

    private boolean answers() {
        if (!Files.exists(socket())) {
            return false;
        }
        try (Client client = new Client(socket())) {
            return client.health(PortcullisGrpc.SERVICE_NAME).equals("SERVING");
        } catch (StatusException e) {
            return false; // The socket is one that a killed agent left, or not yet listened at.
        }
    }

    void launch(String... options) {
        List<String> line = new ArrayList<>(behind);
        line.addAll(
                List.of(launcher, "agent", "--config", directory.resolve("agent.yaml").toString()));
        line.addAll(List.of(options));
        try {
            process =
                    new ProcessBuilder(Network.inside(namespace, line))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the daemon, once it was started. */
    public long pid() {
        return process.pid();
    }

    /** Starts it, and waits until it has ended by itself. */
    int startAndFail() {
        launch();
        await("the agent ends", () -> !process.isAlive());
        return process.exitValue();
    }

    /** Takes the daemon of another build from the next start on. */
    void use(String otherLauncher) {
        launcher = otherLauncher;
    }

    /** Runs the daemon behind another command, such as one that takes rights away. */
    Agent behind(String... command) {
        behind = List.of(command);
        return this;
    }

    /** A bpffs directory of its own that a user may use, as the unit makes one. */
    void giveBpffsTo(String user) {
        Command.run(List.of("install", "-d", "-m", "0700", "-o", user, bpffs.toString())).ok();
    }

    public String log() {
        try {
            return Files.readString(logFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the command against this daemon. */
    public Command portcullis(String... arguments) {
        List<String> line = new ArrayList<>(List.of(LAUNCHER, "--socket", socket().toString()));
        line.addAll(List.of(arguments));
        return Command.run(line);
    }

    /** Starts a command that goes on until it is ended. */
    Process follow(String... arguments) {
        List<String> line = new ArrayList<>(List.of(LAUNCHER, "--socket", socket().toString()));
        line.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Applies YAML text. */
    public Command apply(String yaml, String... options) {
        List<String> line =
                new ArrayList<>(
                        List.of(LAUNCHER, "--socket", socket().toString(), "apply", "-f", "-"));
        line.addAll(List.of(options));
        return Command.run(line, yaml);
    }

    Command inside(String... line) {
        return Command.run(Network.inside(namespace, List.of(line)));
    }

    /** Loads the stored rules, as a boot does. */
    public Command restore() {
        return inside(launcher, "restore", "--config", directory.resolve("agent.yaml").toString());
    }

    /** Takes the programs and maps out of the kernel, as a boot begins. */
    public void forgetKernel() {
        inside(launcher, "detach", "--bpffs", bpffs.toString()).ok();
    }

    /** The way that nothing can be prepared for. */
    public void kill() {
        // The launcher becomes the JVM by exec, and nsenter the launcher.
        process.destroyForcibly();
        await("the agent is dead", () -> !process.isAlive());
    }

    void stop() {
        process.destroy();
        await("the agent stops", () -> !process.isAlive());
    }

    static void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("waited 30 s until " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            await("the agent is gone", () -> !process.isAlive());
        }
        Command.run(List.of("rm", "-rf", bpffs.toString()));
    }
}
