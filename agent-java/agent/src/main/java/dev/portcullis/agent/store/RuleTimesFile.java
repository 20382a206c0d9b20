// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import dev.portcullis.dataplane.Dataplane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When rules last matched, in a file {@code rule-times} of the state directory, for the agent after
 * this one. Losing it costs no more than the times: nothing is judged by it.
 */
public final class RuleTimesFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RuleTimesFile.class);

    private final Path file;
    private final Dataplane dataplane;
    private HashCode saved = HashCode.fromInt(0);

    public RuleTimesFile(Path stateDirectory, Dataplane dataplane) {
        this.file = stateDirectory.resolve("rule-times");
        this.dataplane = dataplane;
    }

    /** Brings the times back; before the first commit. */
    public void restore() {
        try {
            dataplane.restoreTimes(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            // Nothing was saved yet.
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "event=rule_times_lost file={} error=\"{}\" message=\"rules show only matches"
                            + " from now on\"",
                    file,
                    e.getMessage());
        }
    }

    /** Writes the times if any has changed. */
    public synchronized void save() {
        byte[] bytes = dataplane.ruleTimes().save();
        HashCode hash = Hashing.sha256().hashBytes(bytes);
        if (hash.equals(saved)) {
            return;
        }
        try {
            Durable.publish(Durable.write(file, bytes), file);
            saved = hash;
        } catch (IOException e) {
            LOG.warn("event=rule_times_not_saved file={} error=\"{}\"", file, e.getMessage());
        }
    }

    /** Saves a last time. */
    @Override
    public void close() {
        save();
    }
}
