// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import dev.portcullis.policy.addresses.AddressList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads lists from this host. */
final class LocalFiles {
    private static final String FIELD = "spec.file";

    private LocalFiles() {}

    static byte[] read(Path path) throws SourceException {
        // A pipe or a device would keep the reader for ever.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new SourceException(FIELD, path + " is not a file; name a file");
        }
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(AddressList.MOST_BYTES + 1);
            if (bytes.length > AddressList.MOST_BYTES) {
                throw new SourceException(FIELD, path + " is larger than 64 MiB");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new SourceException(FIELD, path + " is not there; put the list there");
        } catch (AccessDeniedException e) {
            throw new SourceException(
                    FIELD, path + " can't be read; give the agent's user the right to");
        } catch (IOException e) {
            throw new SourceException(FIELD, path + " can't be read (" + e.getMessage() + ")");
        }
    }
}
