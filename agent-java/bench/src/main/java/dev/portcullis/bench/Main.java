// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.bench;

import dev.portcullis.libbpf.Libbpf;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.logging.LogManager;
import java.util.stream.Stream;

/** Runs the benchmarks that are named, or all. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        // The client's library has nothing to say that belongs between the figures.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        LogManager.getLogManager().reset();
        List<String> wanted =
                args.length == 0
                        ? List.of("verdict", "forms", "proxied", "push", "start", "compile")
                        : List.of(args);
        Path directory = Files.createTempDirectory("portcullis-bench");
        Path bpffs = Path.of("/sys/fs/bpf/pcbench-" + ProcessHandle.current().pid());
        try {
            for (String name : wanted) {
                switch (name) {
                    case "verdict" -> new VerdictBench(Libbpf.get()).run(bpffs);
                    case "forms" -> new FormBench(Libbpf.get()).run(bpffs);
                    case "proxied" ->
                            new ProxiedBench(Libbpf.get())
                                    .run(bpffs, Files.createTempDirectory(directory, "proxied"));
                    case "push" -> new PushBench(directory).run();
                    case "start" ->
                            new StartBench(Files.createTempDirectory(directory, "start")).run();
                    case "compile" -> new CompileBench().run();
                    default ->
                            throw new IllegalArgumentException(
                                    "no benchmark is named "
                                            + name
                                            + ": verdict, forms, proxied, push, start, compile");
                }
            }
        } finally {
            delete(directory);
            delete(bpffs);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
