// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent;

import dev.portcullis.agent.config.AgentConfig;
import dev.portcullis.agent.config.InvalidConfigException;
import dev.portcullis.agent.control.Refusal;
import dev.portcullis.agent.store.StoreException;
import dev.portcullis.agent.store.StoreInUseException;
import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.DataplaneException;
import dev.portcullis.dataplane.InterfaceState;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.spi.LibbpfUnavailableException;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the stored rules into the kernel and ends: for the time of a boot before the daemon runs,
 * and for a daemon that does not start. It needs none of what only the daemon does: no sockets, no
 * certificates, no servers of names or lists.
 */
public final class Restore {
    private static final Logger LOG = LoggerFactory.getLogger(Restore.class);

    /** What everything is closed by when what was stored is lost. */
    private static final String LOST = "state-lost";

    private Restore() {}

    /**
     * @return the exit code: 0 if what was stored is in force, or an agent runs; 1 if it is not
     */
    public static int run(Path configFile) {
        AgentConfig config;
        Libbpf libbpf;
        try {
            config = LastGoodConfig.forRules(configFile);
            libbpf = Libbpf.get();
        } catch (InvalidConfigException e) {
            e.log(LOG);
            return 1;
        } catch (LibbpfUnavailableException e) {
            LOG.error("event=restore_failed message=\"{}\"", e.getMessage());
            return 1;
        }
        try (Parts parts = new Parts()) {
            Enforcement in = Enforcement.begin(config, true, libbpf, (done, took) -> {}, parts);
            report("restored", in.control().revision(), in.dataplane());
            return 0;
        } catch (StoreInUseException e) {
            LOG.info("event=restore_not_needed message=\"{}\"", e.getMessage());
            return 0;
        } catch (StoreException | Refusal e) {
            LOG.error("event=restore_failed message=\"{}\"", e.getMessage());
            close(config, libbpf);
            return 1;
        } catch (DataplaneException e) {
            LOG.error("event=restore_failed message=\"{}\"", e.getMessage());
            return 1;
        }
    }

    private static void report(String event, long revision, Dataplane dataplane) {
        LOG.info(
                "event={} revision={} generation={} interfaces={}",
                event,
                revision,
                dataplane.generation(),
                dataplane.interfaces().stream()
                        .map(InterfaceState::name)
                        .collect(Collectors.joining(",")));
        dataplane.interfaces().stream()
                .filter(state -> !state.problem().isEmpty())
                .forEach(state -> LOG.error("event=not_guarded message=\"{}\"", state.problem()));
    }

    /**
     * Nobody knows what was protected, so everything is, unless the configuration says otherwise,
     * or rules are in force that an agent has left.
     */
    private static void close(AgentConfig config, Libbpf libbpf) {
        if (!config.closeWhenStateIsLost()) {
            return;
        }
        try (Dataplane dataplane = Dataplane.open(libbpf, config.dataplane(), DecisionIds.none())) {
            if (dataplane.follows()) {
                return;
            }
            Resource everything =
                    Resource.of(
                            LOST,
                            LocalAddresses.EVERY,
                            List.of(PortMatch.EVERYTHING),
                            Set.of(),
                            List.of(LOST));
            Policy nobody = Policy.of(LOST, PolicyType.IP, List.of());
            DesiredState closed = new DesiredState(Map.of(LOST, nobody), Map.of(LOST, everything));
            dataplane.commit(closed, Environment.of(dataplane.hostAddresses()));
            LOG.error(
                    "event=closed message=\"what was stored is lost, so only the failsafe list and"
                            + " answers get in (onStateLost in agent.yaml)\"");
            report("restored", 0, dataplane);
        } catch (DataplaneException e) {
            LOG.error("event=restore_failed message=\"{}\"", e.getMessage());
        }
    }
}
