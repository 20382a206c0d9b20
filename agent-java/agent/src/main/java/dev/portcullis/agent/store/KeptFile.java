// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a part of the agent knows, in a file of the state directory, for the agent after this one.
 * Losing it costs no more than having to find it out again: no policy is in it.
 */
public final class KeptFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptFile.class);

    private final Path file;
    private final Supplier<byte[]> content;
    private HashCode saved = HashCode.fromInt(0);

    /**
     * @param content what is known now
     */
    public KeptFile(Path stateDirectory, String name, Supplier<byte[]> content) {
        this.file = stateDirectory.resolve(name);
        this.content = content;
    }

    /**
     * Hands over what the agent before saved, if it did.
     *
     * @param reader throws if the bytes are something else
     */
    public void restore(Consumer<byte[]> reader) {
        try {
            reader.accept(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            // Nothing was saved yet.
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "event=kept_file_lost file={} error=\"{}\" message=\"what it held is found out"
                            + " anew\"",
                    file,
                    e.getMessage());
        }
    }

    /** Writes what is known if it has changed. */
    public synchronized void save() {
        byte[] bytes = content.get();
        HashCode hash = Hashing.sha256().hashBytes(bytes);
        if (hash.equals(saved)) {
            return;
        }
        try {
            Durable.replace(file, bytes);
            saved = hash;
        } catch (IOException e) {
            LOG.warn("event=kept_file_not_saved file={} error=\"{}\"", file, DiskReason.of(e));
        }
    }

    /** Saves a last time. */
    @Override
    public void close() {
        save();
    }
}
