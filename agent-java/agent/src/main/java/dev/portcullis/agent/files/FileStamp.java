// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What tells whether a file was written to, replaced or made readable: the kernel's own time of
 * change, which nobody can set back, with size and inode.
 */
public record FileStamp(Object changed, Object size, Object inode) {
    private static final String ATTRIBUTES = "unix:ctime,size,ino";

    /** Of the file that the path leads to; empty if there is none. */
    public static Optional<FileStamp> of(Path path) {
        try {
            Map<String, Object> attributes = Files.readAttributes(path, ATTRIBUTES);
            return Optional.of(
                    new FileStamp(
                            attributes.get("ctime"),
                            attributes.get("size"),
                            attributes.get("ino")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
