// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Another version of what is under test: the same sources, with other layouts of what the agent and
 * the kernel programs share. Whoever takes the maps of one for those of the other judges nonsense.
 */
final class OtherBuild {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path TREE = Path.of(Agent.LAUNCHER).getParent().getParent();

    private final Path directory;

    private OtherBuild(Path directory) {
        this.directory = directory;
    }

    /**
     * Builds it below an empty directory.
     *
     * @return the launcher
     */
    static String make(Path directory) {
        try {
            return new OtherBuild(directory).make();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String make() throws IOException {
        Command.run(List.of("cp", "-r", ROOT.resolve("bpf").toString(), directory.toString())).ok();
        Path types = directory.resolve("bpf/types.h");
        Files.writeString(types, changed(Files.readString(types)));
        Command.run(List.of(directory.resolve("bpf/build.sh").toString(), directory.toString()))
                .ok();

        Path sources = directory.resolve("java");
        Path dataplane = ROOT.resolve("agent-java/dataplane");
        Command.run(
                        List.of(
                                "cp",
                                "-r",
                                dataplane.resolve("src/main/java").toString(),
                                sources.toString()))
                .ok();
        Path layout = sources.resolve("dev/portcullis/dataplane/KernelLayout.java");
        Files.writeString(layout, withNumbers(Files.readString(layout), dataplane));
        Path classes = directory.resolve("classes");
        compile(sources, classes);

        Path tree = directory.resolve("portcullis");
        Command.run(List.of("cp", "-r", TREE.toString(), tree.toString())).ok();
        replace(jar(tree, "dataplane"), classes);
        Path object = directory.resolve("object/dev/portcullis/bpf");
        Files.createDirectories(object);
        Files.move(directory.resolve("portcullis.bpf.o"), object.resolve("portcullis.bpf.o"));
        replace(jar(tree, "bpf"), directory.resolve("object"));
        return tree.resolve("bin/portcullis").toString();
    }

    private static String changed(String types) {
        String changed = types;
        for (String[] change :
                new String[][] {
                    {"#define LASTING_LAYOUT 1\n", "#define LASTING_LAYOUT 2\n"},
                    {"#define CELLS_PER_BLOCK 8\n", "#define CELLS_PER_BLOCK 4\n"},
                    {"#define VERDICTS_PER_BLOCK 16\n", "#define VERDICTS_PER_BLOCK 8\n"},
                    {"    /* enum generation_flag */\n    __u32 flags;\n", ""},
                    {
                        "    __u32 target_classes;\n",
                        "    __u32 target_classes;\n    __u32 flags;\n"
                    },
                    {
                        "struct counter {\n    __u64 packets;\n    __u64 bytes;\n",
                        "struct counter {\n    __u64 packets;\n    __u64 bytes;\n    __u64 more;\n"
                    },
                }) {
            if (!changed.contains(change[0])) {
                throw new AssertionError("bpf/types.h has no " + change[0]);
            }
            changed = changed.replace(change[0], change[1]);
        }
        return changed;
    }

    /** The numbers that a C compiler makes of the changed header. */
    private String withNumbers(String layout, Path dataplane) {
        String program = directory.resolve("layout").toString();
        Command.run(
                        List.of(
                                "clang",
                                "-I" + directory.resolve("bpf"),
                                "-o",
                                program,
                                dataplane.resolve("src/test/c/layout.c").toString()))
                .ok();
        String text = layout;
        for (String line : Command.run(List.of(program)).ok().out().lines().toList()) {
            String[] words = line.split(" ");
            text =
                    text.replaceFirst(
                            "int " + words[0] + " = -?[0-9]+;",
                            "int " + words[0] + " = " + words[1] + ";");
        }
        return text;
    }

    private static void compile(Path sources, Path classes) throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-nowarn",
                                "-proc:none",
                                "--release",
                                "17",
                                "-cp",
                                String.join(File.pathSeparator, jars(TREE)),
                                "-d",
                                classes.toString()));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString)
                    .filter(name -> name.endsWith(".java"))
                    .forEach(arguments::add);
        }
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        if (javac.run(System.out, System.err, arguments.toArray(String[]::new)) != 0) {
            throw new AssertionError("the other build does not compile");
        }
    }

    private static Path jar(Path tree, String module) throws IOException {
        return jars(tree).stream()
                .map(Path::of)
                .filter(jar -> jar.getFileName().toString().matches(module + "-[0-9].*jar"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> jars(Path tree) throws IOException {
        try (Stream<Path> files = Files.list(tree.resolve("lib"))) {
            return files.map(Path::toString).filter(name -> name.endsWith(".jar")).toList();
        }
    }

    private static void replace(Path jar, Path content) throws IOException {
        try (FileSystem inside = FileSystems.newFileSystem(jar);
                Stream<Path> files = Files.walk(content)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = inside.getPath("/" + content.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
