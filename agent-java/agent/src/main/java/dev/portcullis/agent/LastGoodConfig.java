// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent;

import dev.portcullis.agent.config.AgentConfig;
import dev.portcullis.agent.config.ConfigFile;
import dev.portcullis.agent.config.InvalidConfigException;
import dev.portcullis.agent.store.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of the configuration that the daemon last started with, in the state directory: should the
 * file be wrong at a boot, the rules are still loaded.
 */
final class LastGoodConfig {
    private static final Logger LOG = LoggerFactory.getLogger(LastGoodConfig.class);
    private static final String COPY = "agent.yaml";

    /** Where systemd puts it, and where it is unless the configuration says otherwise. */
    private static final String STATE_DIRECTORY = "STATE_DIRECTORY";

    private static final String DEFAULT = "/var/lib/portcullis";

    private LastGoodConfig() {}

    /** Keeps the file, with which the daemon has started. */
    static void keep(Path configFile, Path stateDirectory) {
        Path copy = stateDirectory.resolve(COPY);
        try {
            byte[] now = Files.readAllBytes(configFile);
            if (!Files.exists(copy) || !Arrays.equals(Files.readAllBytes(copy), now)) {
                Durable.replace(copy, now);
            }
        } catch (IOException e) {
            LOG.warn("event=config_not_kept file={} error=\"{}\"", copy, e.getMessage());
        }
    }

    /**
     * What the rules are to be loaded with: the file, without what only the daemon needs, or else
     * the copy.
     *
     * @throws InvalidConfigException if neither is any good
     */
    static AgentConfig forRules(Path configFile) throws InvalidConfigException {
        try {
            return ConfigFile.readForRules(configFile);
        } catch (InvalidConfigException e) {
            Path copy =
                    Path.of(System.getenv().getOrDefault(STATE_DIRECTORY, DEFAULT)).resolve(COPY);
            if (!Files.exists(copy)) {
                throw e;
            }
            e.log(LOG);
            LOG.error(
                    "event=config_copy_used file={} message=\"what the daemon last started with\"",
                    copy);
            return ConfigFile.readForRules(copy);
        }
    }
}
