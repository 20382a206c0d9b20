// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import dev.portcullis.agent.config.AgentConfig;
import dev.portcullis.agent.config.ConfigFile;
import dev.portcullis.agent.config.InvalidConfigException;
import dev.portcullis.policy.validation.Violation;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** agent.yaml, with everything that is wrong with it. */
final class ConfigurationCheck implements Check {
    private final Path file;
    private final Optional<AgentConfig> config;
    private final List<Violation> violations = new ArrayList<>();
    private boolean hidden;

    ConfigurationCheck(Path file) {
        this.file = file;
        config = read();
    }

    private Optional<AgentConfig> read() {
        try {
            return Optional.of(ConfigFile.read(file));
        } catch (InvalidConfigException e) {
            violations.addAll(e.violations());
            hidden = e.getCause() instanceof AccessDeniedException;
            return Optional.empty();
        }
    }

    /** What other checks go by; empty if an agent would not start with it. */
    Optional<AgentConfig> config() {
        return config;
    }

    @Override
    public Subject subject() {
        return Subject.CONFIGURATION;
    }

    @Override
    public String name() {
        return "agent.yaml";
    }

    @Override
    public List<Finding> findings() {
        if (config.isPresent()) {
            return List.of(
                    subject()
                            .ok(name(), file + " guards " + config.get().dataplane().interfaces()));
        }
        return violations.stream().map(this::finding).toList();
    }

    /** The last part of a violation's sentence is what helps. */
    private Finding finding(Violation violation) {
        String sentence = violation.toString();
        int end = sentence.lastIndexOf("; ");
        String found = end < 0 ? sentence : sentence.substring(0, end);
        String remedy =
                end < 0
                        ? "correct it: docs/operations.md tells what each key takes"
                        : sentence.substring(end + 2);
        return hidden ? subject().hidden(name(), found) : subject().failed(name(), found, remedy);
    }
}
