// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.endpoints;

import dev.portcullis.agent.files.FileWatch;
import dev.portcullis.agent.files.LocalFiles;
import dev.portcullis.agent.files.RefreshThread;
import dev.portcullis.agent.files.UnreadableFileException;
import dev.portcullis.policy.endpoints.AzureConnections;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What private endpoints of Azure stand for, by the file that {@code azureConnections} of
 * agent.yaml names, which is read again when it changes. One that can't be read takes nothing away.
 */
public final class EndpointBook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointBook.class);
    private static final Duration LOOK_PAUSE = Duration.ofSeconds(1);
    private static final int TOLD = 10;
    private static final String EXPORT = "\"az network private-link-service show -o json\"";

    private final Optional<Path> file;
    private final RefreshThread thread = new RefreshThread("azure-connections");
    private volatile Runnable listener = () -> {};

    /** Held while the file is read, so that what was read last is taken last. */
    private final Object reading = new Object();

    private Map<Peers.AzureEndpoint, PrivateEndpoint> endpoints = Map.of();
    private Optional<Instant> lastSuccess = Optional.empty();
    private String failure = "";
    private List<String> warnings = List.of();
    private List<NamedEndpoint> followed = List.of();
    private boolean starting = true;

    private EndpointBook(Optional<Path> file) {
        this.file = file;
    }

    /**
     * @param file empty if the configuration names none
     */
    public static EndpointBook open(Optional<Path> file) {
        return open(file, LOOK_PAUSE);
    }

    /**
     * @param pause between two looks at the file
     */
    static EndpointBook open(Optional<Path> file, Duration pause) {
        EndpointBook book = new EndpointBook(file);
        file.ifPresent(path ->
                new FileWatch(path, pause, () -> book.refresh(path))
                        .start(book.thread, () -> false));
        return book;
    }

    /** What is known now. */
    public synchronized Map<Peers.AzureEndpoint, PrivateEndpoint> endpoints() {
        return endpoints;
    }

    /** Reads the file here and now, for rules that may have come with it. */
    public void readNow() {
        file.filter(this::read).ifPresent(path -> thread.execute(this::tellListener));
    }

    private void refresh(Path path) {
        if (read(path)) {
            tellListener();
        }
    }

    /** Whether somebody has to know. */
    private boolean read(Path path) {
        synchronized (reading) {
            try {
                byte[] content = LocalFiles.read(path, "put there what " + EXPORT + " prints");
                return take(path, AzureConnections.read(path.toString(), content));
            } catch (UnreadableFileException e) {
                failed(e.getMessage());
                return false;
            }
        }
    }

    private synchronized boolean take(
            Path path, Checked<Map<Peers.AzureEndpoint, PrivateEndpoint>> read) {
        if (read.value().isEmpty()) {
            failed(
                    String.join(
                            "; ",
                            read.violations().stream()
                                    .limit(TOLD)
                                    .map(Violation::toString)
                                    .toList()));
            return false;
        }
        if (!failure.isEmpty()) {
            LOG.info("event=azure_connections_recovered file={}", path);
        }
        failure = "";
        lastSuccess = Optional.of(Instant.now());
        return take(path, read.value().get(), read.warnings());
    }

    private synchronized void failed(String problem) {
        if (!problem.equals(failure)) {
            LOG.warn("event=azure_connections_failed message=\"{}\"", problem);
        }
        failure = problem;
    }

    private boolean take(
            Path path, Map<Peers.AzureEndpoint, PrivateEndpoint> now, List<String> newWarnings) {
        Map<Peers.AzureEndpoint, PrivateEndpoint> before = endpoints;
        endpoints = now;
        if (!newWarnings.equals(warnings)) {
            newWarnings.forEach(w -> LOG.warn("event=azure_connections_warning message=\"{}\"", w));
        }
        warnings = newWarnings;
        if (now.equals(before)) {
            return false;
        }
        LOG.info(
                "event=azure_connections_changed file={} connections={} before={}",
                path,
                now.size(),
                before.size());
        followed.stream()
                .filter(named -> before.containsKey(named.endpoint()))
                .flatMap(named -> unmatched(named).stream())
                .forEach(lost -> LOG.warn("event=azure_endpoint_lost message=\"{}\"", lost));
        return !starting;
    }

    private void tellListener() {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("event=azure_connections_fault error=\"{}\"", e.getMessage(), e);
        }
    }

    /** Why a rule can't be enforced, with what to do; empty if it can. */
    public synchronized Optional<Violation> problem(NamedEndpoint named) {
        return endpoints.containsKey(named.endpoint())
                ? Optional.empty()
                : Optional.of(named.violation(why(named.endpoint())));
    }

    private String why(Peers.AzureEndpoint endpoint) {
        String quoted = Quoted.of(endpoint.name());
        if (file.isEmpty()) {
            return "nothing tells the link identifier of "
                    + quoted
                    + "; set azureConnections in agent.yaml to a file with what "
                    + EXPORT
                    + " prints, or write linkId";
        }
        if (!failure.isEmpty()) {
            return "the link identifier of " + quoted + " is not known: " + failure;
        }
        return "no connection in "
                + file.get()
                + " is of "
                + quoted
                + " with the GUID "
                + endpoint.guid()
                + others(endpoint)
                + "; put there what "
                + EXPORT
                + " prints now, or write linkId";
    }

    private String others(Peers.AzureEndpoint endpoint) {
        return endpoints.keySet().stream()
                .filter(other -> other.name().equals(endpoint.name()))
                .map(Peers.AzureEndpoint::guid)
                .min(String::compareTo)
                .map(guid -> " (there is one of that name with the GUID " + guid + ")")
                .orElse("");
    }

    /** What becomes of a rule that is in force and can't be enforced. */
    public Optional<String> unmatched(NamedEndpoint named) {
        return problem(named).map(problem -> problem + "; until then the rule matches nobody");
    }

    /** Which rules are in force from now on. */
    public synchronized void follow(List<NamedEndpoint> inForce) {
        followed = List.copyOf(inForce);
        starting = false;
    }

    /** Has a listener called after an endpoint came to stand for something else. */
    public void onChange(Runnable newListener) {
        listener = newListener;
    }

    /** What an operator should know, a sentence each. */
    public synchronized List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!failure.isEmpty()) {
            problems.add(
                    "azureConnections "
                            + lastSuccess.map(time -> "is as of " + time).orElse("was never read")
                            + ": "
                            + failure);
        }
        warnings.forEach(warning -> problems.add("azureConnections: " + warning));
        List<String> unmatched =
                followed.stream().flatMap(named -> unmatched(named).stream()).toList();
        unmatched.stream().limit(TOLD).forEach(problems::add);
        if (unmatched.size() > TOLD) {
            problems.add(
                    (unmatched.size() - TOLD)
                            + " more rules by azureEndpointName match nobody for want of a link"
                            + " identifier");
        }
        return problems;
    }

    /** Ends the looks at the file. */
    @Override
    public void close() {
        thread.close();
    }
}
