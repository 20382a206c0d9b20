// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which file of a state directory is which. */
record Layout(Path directory) {
    private static final Pattern REVISION = Pattern.compile("0\\d{19}");
    private static final Pattern OBJECT = Pattern.compile("[0-9a-f]{64}");

    Path lock() {
        return directory.resolve("lock");
    }

    Path objects() {
        return directory.resolve("objects");
    }

    Path revisions() {
        return directory.resolve("revisions");
    }

    Path corrupt() {
        return directory.resolve("corrupt");
    }

    Path object(ByteString hash) {
        return objects().resolve(HexFormat.of().formatHex(hash.toByteArray()));
    }

    Path revision(long number) {
        return revisions().resolve(String.format(Locale.ROOT, "%020d", number));
    }

    /** The manifests by their numbers; other files are no business of the store. */
    SortedMap<Long, Path> manifests() throws IOException {
        SortedMap<Long, Path> manifests = new TreeMap<>();
        for (Path file : files(revisions())) {
            Matcher name = REVISION.matcher(file.getFileName().toString());
            if (name.matches()) {
                manifests.put(Long.parseLong(name.group()), file);
            }
        }
        return manifests;
    }

    /** What object a file is. */
    static Optional<ByteString> hashOf(Path file) {
        String name = file.getFileName().toString();
        return OBJECT.matcher(name).matches()
                ? Optional.of(ByteString.copyFrom(HexFormat.of().parseHex(name)))
                : Optional.empty();
    }

    List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
