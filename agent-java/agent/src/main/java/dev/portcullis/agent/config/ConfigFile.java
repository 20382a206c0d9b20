// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.config;

import dev.portcullis.agent.v1.Config;
import dev.portcullis.policy.file.SettingsReader;
import dev.portcullis.policy.file.SourceText;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.Violation;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads agent.yaml. */
public final class ConfigFile {
    private ConfigFile() {}

    /**
     * @throws InvalidConfigException with every violation, if the file can't be read or is wrong
     */
    public static AgentConfig read(Path file) throws InvalidConfigException {
        return of(new SourceText(file.toString(), text(file)), true);
    }

    /**
     * The same without what only clients of the daemon need: the files of {@code tls} may be
     * anything.
     *
     * @throws InvalidConfigException with every violation, if the file can't be read or is wrong
     */
    public static AgentConfig readForRules(Path file) throws InvalidConfigException {
        return of(new SourceText(file.toString(), text(file)), false);
    }

    static AgentConfig of(SourceText source) throws InvalidConfigException {
        return of(source, true);
    }

    private static AgentConfig of(SourceText source, boolean serves) throws InvalidConfigException {
        Config.Builder config = Config.newBuilder();
        SettingsReader reader = SettingsReader.read(source, config);
        Findings findings = new Findings("");
        Optional<AgentConfig> checked =
                new ConfigCheck(config.build(), reader.written(), serves, findings).check();
        List<Violation> violations = new ArrayList<>(reader.violations());
        findings.violations().stream()
                .filter(violation -> !reader.isTold(violation.field()))
                .map(reader::located)
                .forEach(violations::add);
        if (!violations.isEmpty()) {
            throw new InvalidConfigException(violations);
        }
        return checked.orElseThrow();
    }

    private static String text(Path file) throws InvalidConfigException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "is not there; make it, or name another one with --config", e);
        } catch (AccessDeniedException e) {
            throw unreadable(
                    file, "may not be read by this user; give it the right to, or run as root", e);
        } catch (CharacterCodingException e) {
            throw unreadable(file, "is not UTF-8; save it as that", e);
        } catch (IOException e) {
            throw unreadable(file, "can't be read (" + e.getMessage() + ")", e);
        }
    }

    private static InvalidConfigException unreadable(Path file, String why, IOException cause) {
        InvalidConfigException exception =
                new InvalidConfigException(List.of(new Violation(file.toString(), "", why)));
        exception.initCause(cause);
        return exception;
    }
}
