// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.policy.file.DocumentReader;
import dev.portcullis.policy.file.SourceText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The texts that {@code -f} names: files, directories, and {@code -} for standard input. */
final class InputFiles {
    private static final String STANDARD_INPUT = "-";

    /** No text of the allowed number of characters is longer than this. */
    private static final long MAX_BYTES = 4L * DocumentReader.MAX_CHARACTERS;

    private final InputStream standardInput;
    private final List<String> problems = new ArrayList<>();

    InputFiles(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    /** Reads all of them, or tells everything that can't be read. */
    List<SourceText> read(List<String> names) {
        List<SourceText> texts = new ArrayList<>();
        for (String name : expanded(names)) {
            try {
                texts.add(new SourceText(name, text(name)));
            } catch (NoSuchFileException e) {
                problems.add(name + ": there is no such file");
            } catch (AccessDeniedException e) {
                problems.add(name + ": no permission to read it");
            } catch (CharacterCodingException e) {
                problems.add(name + ": is not text in UTF-8");
            } catch (IOException e) {
                problems.add(name + ": can't be read: " + e.getMessage());
            }
        }
        if (problems.size() == 1) {
            throw CommandFailure.refused(problems.get(0));
        }
        if (!problems.isEmpty()) {
            throw CommandFailure.refused(
                    problems.size() + " files can't be read; nothing was applied", problems);
        }
        return texts;
    }

    /** Each file once, those of a directory by name. */
    private Set<String> expanded(List<String> names) {
        Set<String> files = new LinkedHashSet<>();
        for (String name : names) {
            if (name.equals(STANDARD_INPUT) || !Files.isDirectory(Path.of(name))) {
                files.add(name);
            } else {
                files.addAll(inside(Path.of(name)));
            }
        }
        return files;
    }

    private List<String> inside(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            List<String> files =
                    entries.filter(InputFiles::holdsObjects)
                            .filter(Files::isRegularFile)
                            .map(Path::toString)
                            .sorted()
                            .toList();
            if (files.isEmpty()) {
                problems.add(directory + ": holds no file that ends in .yaml, .yml or .json");
            }
            return files;
        } catch (IOException e) {
            problems.add(directory + ": no permission to list it");
            return List.of();
        }
    }

    private static boolean holdsObjects(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private String text(String name) throws IOException {
        byte[] bytes;
        if (name.equals(STANDARD_INPUT)) {
            bytes = limited(standardInput);
        } else {
            try (InputStream file = Files.newInputStream(Path.of(name))) {
                bytes = limited(file);
            }
        }
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private static byte[] limited(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, MAX_BYTES));
        if (in.read() >= 0) {
            throw new IOException("it is longer than 512 MiB; split it into several files");
        }
        return bytes;
    }
}
