// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import dev.portcullis.agent.config.AgentConfig;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.DataplaneException;
import dev.portcullis.libbpf.BpfException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Examines this host. */
public final class Doctor {
    private Doctor() {}

    /**
     * Looks at everything, and changes nothing.
     *
     * @param configFile what the agent is started with; where it can't be read, its defaults are
     *     looked at
     * @return what was found, a subject after the other
     */
    public static List<Finding> examine(Path configFile) {
        List<Finding> findings = new ArrayList<>();
        for (Check check : checks(configFile)) {
            findings.addAll(findings(check));
        }
        return findings;
    }

    private static List<Check> checks(Path configFile) {
        Host host = Host.here();
        ConfigurationCheck configuration = new ConfigurationCheck(configFile);
        Optional<AgentConfig> config = configuration.config();
        Optional<Dataplane.Options> dataplane = config.map(AgentConfig::dataplane);
        Path bpffs = dataplane.map(Dataplane.Options::bpffs).orElse(BpffsCheck.STANDARD);
        Path state = config.map(AgentConfig::stateDirectory).orElse(StateDirectoryCheck.STANDARD);
        Library library = Library.load();
        Trial trial = library.libbpf().map(Trial::of).orElse(Trial.NONE);
        CapabilitiesCheck capabilities = new CapabilitiesCheck(host);
        return List.of(
                configuration,
                new KernelCheck(host),
                new JitCheck(host, trial.compiled()),
                new MemlockCheck(host),
                new LibraryCheck(library),
                capabilities,
                new ProgramsCheck(trial, capabilities),
                new BpffsCheck(host, bpffs),
                new StateDirectoryCheck(host, state),
                new InterfacesCheck(host, library.libbpf(), dataplane),
                new ClockCheck(host, Instant.now(), List.of(program(), state)));
    }

    /** The file or directory that this class comes from. */
    private static Path program() {
        try {
            return Path.of(
                    Doctor.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a check finds; that it may not or can't look is a finding, too. */
    static List<Finding> findings(Check check) {
        try {
            return check.findings();
        } catch (AccessDeniedException e) {
            return List.of(
                    check.subject()
                            .hidden(
                                    check.name(),
                                    e.getFile() + " may not be looked at by this user"));
        } catch (IOException | UncheckedIOException e) {
            return List.of(
                    check.subject()
                            .hidden(check.name(), "a file can't be read: " + e.getMessage()));
        } catch (BpfException | DataplaneException e) {
            return List.of(check.subject().hidden(check.name(), e.getMessage()));
        }
    }
}
