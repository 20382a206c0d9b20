// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent;

import dev.portcullis.agent.config.AgentConfig;
import dev.portcullis.agent.config.ConfigFile;
import dev.portcullis.agent.config.InvalidConfigException;
import dev.portcullis.agent.control.Control;
import dev.portcullis.agent.control.Refusal;
import dev.portcullis.agent.metrics.AgentMetrics;
import dev.portcullis.agent.server.GrpcServers;
import dev.portcullis.agent.server.PortcullisService;
import dev.portcullis.agent.server.ServerException;
import dev.portcullis.agent.server.StatusReport;
import dev.portcullis.agent.server.Version;
import dev.portcullis.agent.store.StoreException;
import dev.portcullis.agent.systemd.Notifier;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.DataplaneException;
import dev.portcullis.dataplane.InterfaceState;
import dev.portcullis.dataplane.InterfaceWatch;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.spi.LibbpfUnavailableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon, from its start to its end. It ends without touching what the kernel judges by: rules,
 * attachments and counters are pinned and go on.
 */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private static final Duration SAVE = Duration.ofSeconds(30);
    private static final Duration RETRY_SETS = Duration.ofMinutes(1);

    private final Parts parts = new Parts();

    private Agent() {}

    /**
     * Runs until the process is told to end.
     *
     * @param force whether the start may cut sessions of SSH, by a failsafe list that was narrowed
     * @return the exit code: 0, or 1 if the agent could not start
     */
    public static int run(Path configFile, boolean force) {
        Agent agent = new Agent();
        Notifier notifier = Notifier.fromEnvironment();
        try {
            agent.start(configFile, force, notifier);
        } catch (InvalidConfigException e) {
            e.log(LOG);
            return 1;
        } catch (StartException
                | DataplaneException
                | StoreException
                | ServerException
                | LibbpfUnavailableException
                | Refusal e) {
            LOG.error("event=start_failed message=\"{}\"", e.getMessage());
            LOG.debug("event=start_failed", e);
            agent.close();
            return 1;
        }
        awaitTermination(agent, notifier);
        return 0;
    }

    private void start(Path configFile, boolean force, Notifier notifier)
            throws InvalidConfigException {
        AgentConfig config = ConfigFile.read(configFile);
        Libbpf libbpf = Libbpf.get();
        String library = libbpf.backend() + " " + libbpf.version();
        AgentMetrics metrics = parts.opened(new AgentMetrics(Version.current(), library));
        Enforcement in = Enforcement.begin(config, force, libbpf, metrics, parts);
        Control control = in.control();
        Dataplane dataplane = in.dataplane();
        parts.opened(Periodic.every(SAVE, "rule-times", in.times()::save));
        parts.opened(Periodic.every(SAVE, "saved-names", in.answers()::save));
        parts.opened(Periodic.every(RETRY_SETS, "missing-sets", control::retryMissing));
        requireNamed(config.dataplane(), dataplane.interfaces());
        metrics.watch(control, dataplane, in.store(), in.sets(), in.names());
        config.metrics().ifPresent(address -> serve(metrics, address));
        StatusReport status = new StatusReport(control, dataplane, library);
        parts.opened(GrpcServers.start(config, new PortcullisService(control, dataplane, status)));
        parts.opened(
                        new Housekeeping(
                                control,
                                dataplane,
                                InterfaceWatch.open(libbpf),
                                notifier,
                                metrics::drifted))
                .start();
        LastGoodConfig.keep(configFile, config.stateDirectory());
        LOG.info(
                "event=started version={} revision={} generation={} interfaces={} socket={} libbpf=\"{}\"",
                Version.current(),
                control.revision(),
                dataplane.generation(),
                String.join(
                        ",", dataplane.interfaces().stream().map(InterfaceState::name).toList()),
                config.socket(),
                library);
        notifier.ready("revision " + control.revision() + " is enforced");
    }

    /** What an operator named has to be guarded; what a pattern finds may fail. */
    private static void requireNamed(Dataplane.Options options, List<InterfaceState> states) {
        List<String> problems =
                states.stream()
                        .filter(state -> !state.problem().isEmpty())
                        .filter(state -> options.interfaces().names().contains(state.name()))
                        .map(InterfaceState::problem)
                        .toList();
        if (!problems.isEmpty()) {
            throw new StartException(String.join("; ", problems));
        }
    }

    private static void serve(AgentMetrics metrics, InetSocketAddress address) {
        try {
            metrics.serve(address);
        } catch (IOException e) {
            throw new StartException(
                    "the metrics can't be shown at "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + " ("
                            + e.getMessage()
                            + "): set another \"metrics\", or null for none");
        }
    }

    private static void awaitTermination(Agent agent, Notifier notifier) {
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    notifier.stopping();
                                    LOG.info(
                                            "event=stopping message=\"the kernel goes on judging by"
                                                    + " the rules in force\"");
                                    agent.close();
                                    ended.countDown();
                                },
                                "stop"));
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}
