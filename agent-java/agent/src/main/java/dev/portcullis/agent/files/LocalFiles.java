// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.files;

import dev.portcullis.policy.addresses.AddressList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files of this host that operators name. */
public final class LocalFiles {
    private LocalFiles() {}

    /**
     * All that a file holds: at most 64 MiB.
     *
     * @param remedy what to do if it is not there
     */
    public static byte[] read(Path path, String remedy) throws UnreadableFileException {
        // A pipe or a device would keep the reader for ever.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new UnreadableFileException(path + " is not a file; name a file");
        }
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(AddressList.MOST_BYTES + 1);
            if (bytes.length > AddressList.MOST_BYTES) {
                throw new UnreadableFileException(path + " is larger than 64 MiB");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new UnreadableFileException(path + " is not there; " + remedy);
        } catch (AccessDeniedException e) {
            throw new UnreadableFileException(
                    path + " can't be read; give the agent's user the right to");
        } catch (IOException e) {
            throw new UnreadableFileException(path + " can't be read (" + e.getMessage() + ")");
        }
    }
}
