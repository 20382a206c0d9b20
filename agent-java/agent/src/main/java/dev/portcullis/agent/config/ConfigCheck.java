// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.config;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import dev.portcullis.agent.names.DnsSettings;
import dev.portcullis.agent.v1.Config;
import dev.portcullis.api.v1.Port;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.DroppedLimits;
import dev.portcullis.dataplane.InterfacePatterns;
import dev.portcullis.dataplane.Limits;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.PortCheck;
import dev.portcullis.policy.validation.PrefixText;
import dev.portcullis.policy.validation.Quota;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Suggestion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From the file's message to what it means, with the defaults. */
final class ConfigCheck {
    private static final int SSH = 22;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_INTERFACE_NAME = 15;
    private static final int MAX_SOCKET_PATH = 107;
    private static final int MAX_PREFIXES = 100_000_000;
    private static final int MIN_DECISIONS = 64;
    private static final int MAX_DECISIONS = 1 << 22;

    /** The kernel's order of use is coarse: an LRU map below this size evicts at random. */
    private static final int MIN_DROPPED_SOURCES = 4_096;

    private static final int MAX_DROPPED_SOURCES = 1 << 22;

    /** With one alone there would be none to fall back to. */
    private static final int MIN_REVISIONS = 2;

    private static final int MAX_REVISIONS = 1_000;
    private static final int REVISIONS = 50;

    private static final int MAX_REPORTS = 1_000_000;
    private static final List<String> MODES = List.of("native", "generic");
    private static final List<String> LOST_MODES = List.of("close", "open");

    private final Config config;
    private final Set<String> written;
    private final boolean serves;
    private final Findings findings;

    /**
     * @param written the fields that the file has
     * @param serves whether the files of {@code tls} have to be readable
     */
    ConfigCheck(Config config, Set<String> written, boolean serves, Findings findings) {
        this.config = config;
        this.written = written;
        this.serves = serves;
        this.findings = findings;
    }

    /** Empty if there are findings. */
    Optional<AgentConfig> check() {
        interfaces();
        mode();
        Path socket = path("socket", config.getSocket(), "/run/portcullis/agent.sock");
        if (socket.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length
                > MAX_SOCKET_PATH) {
            findings.violation(
                    "socket",
                    "is longer than the 107 bytes that Linux takes; choose a shorter path");
        }
        Path state = path("stateDirectory", config.getStateDirectory(), "/var/lib/portcullis");
        Path bpffs = path("bpffs", config.getBpffs(), "/sys/fs/bpf/portcullis");
        Optional<AgentConfig.Listener> listener = listener();
        Optional<InetSocketAddress> metrics = metrics();
        List<Failsafe> failsafe = failsafe(listener);
        Limits limits = limits();
        Quota quota = quota(limits);
        int revisions = revisions();
        Set<Integer> sshPorts = sshPorts();
        onStateLost();
        Optional<DnsSettings> dns = new DnsCheck(config.getDns(), findings).check();
        Optional<Path> azureConnections =
                config.getAzureConnections().isEmpty()
                        ? Optional.empty()
                        : Optional.of(path("azureConnections", config.getAzureConnections(), ""));
        if (!findings.violations().isEmpty()) {
            return Optional.empty();
        }
        Dataplane.Options dataplane =
                new Dataplane.Options(
                        bpffs,
                        new InterfacePatterns(config.getInterfacesList()),
                        config.getXdpMode().equals("generic"),
                        false,
                        failsafe,
                        limits);
        return Optional.of(
                new AgentConfig(
                        dataplane,
                        state,
                        socket,
                        listener,
                        metrics,
                        dns.orElseThrow(),
                        azureConnections,
                        quota,
                        revisions,
                        sshPorts,
                        !config.getOnStateLost().equals("open")));
    }

    private void interfaces() {
        if (config.getInterfacesCount() == 0) {
            findings.violation(
                    "interfaces", "is missing; name those to guard, such as [eth1, \"veth*\"]");
        }
        for (int i = 0; i < config.getInterfacesCount(); i++) {
            String name = config.getInterfaces(i);
            String field = "interfaces[" + i + "]";
            if (name.equals("lo")) {
                findings.violation(field, "is loopback, which is never judged; take it out");
            } else if (name.isEmpty()
                    || name.length() > MAX_INTERFACE_NAME
                    || !name.chars().allMatch(c -> c > ' ' && c < 127 && c != '/' && c != ':')) {
                findings.violation(
                        field,
                        Quoted.of(name)
                                + " is not the name of an interface (1 to 15 characters without"
                                + " blanks, \"/\" and \":\") nor a pattern with * and ?");
            }
        }
    }

    private void mode() {
        String mode = config.getXdpMode();
        if (!mode.isEmpty() && !MODES.contains(mode)) {
            findings.violation(
                    "xdpMode",
                    Quoted.of(mode)
                            + " is not known"
                            + Suggestion.didYouMean(mode, MODES)
                            + "; write native or generic");
        }
    }

    private Path path(String field, String text, String fallback) {
        Path path = Path.of(text.isEmpty() ? fallback : text);
        if (!path.isAbsolute()) {
            findings.violation(field, Quoted.of(text) + " is not an absolute path");
        }
        return path.normalize();
    }

    private Optional<AgentConfig.Listener> listener() {
        if (config.getListen().isEmpty()) {
            if (config.hasTls()) {
                findings.violation("tls", "is only for \"listen\", which is not set; set it too");
            }
            return Optional.empty();
        }
        Optional<InetSocketAddress> address = address("listen", config.getListen());
        if (!config.hasTls()) {
            findings.violation(
                    "tls",
                    "is missing; with \"listen\" write certificate, key and clientCa, since who may"
                            + " push here decides who gets in");
            return Optional.empty();
        }
        Path certificate = pem("tls.certificate", config.getTls().getCertificate());
        Path key = pem("tls.key", config.getTls().getKey());
        Path clientCa = pem("tls.clientCa", config.getTls().getClientCa());
        return address.map(a -> new AgentConfig.Listener(a, certificate, key, clientCa));
    }

    private Path pem(String field, String text) {
        Path file = Path.of(text);
        if (text.isEmpty()) {
            findings.violation(field, "is missing; name a PEM file");
        } else if (serves && !Files.isReadable(file)) {
            findings.violation(field, Quoted.of(text) + " can't be read; name a PEM file");
        }
        return file;
    }

    private Optional<InetSocketAddress> metrics() {
        if (!written.contains("metrics")) {
            return Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9815));
        }
        return config.getMetrics().isEmpty()
                ? Optional.empty()
                : address("metrics", config.getMetrics());
    }

    private Optional<InetSocketAddress> address(String field, String text) {
        try {
            HostAndPort parsed = HostAndPort.fromString(text);
            String host = parsed.getHost().equals("localhost") ? "127.0.0.1" : parsed.getHost();
            if (parsed.hasPort() && parsed.getPort() > 0 && InetAddresses.isInetAddress(host)) {
                return Optional.of(
                        new InetSocketAddress(InetAddresses.forString(host), parsed.getPort()));
            }
        } catch (IllegalArgumentException e) {
            // Told below, as what could be parsed and is no address.
        }
        findings.violation(
                field,
                Quoted.of(text)
                        + " is not an address and port; write them such as 127.0.0.1:9815 or"
                        + " \"[::1]:9815\"");
        return Optional.empty();
    }

    private List<Failsafe> failsafe(Optional<AgentConfig.Listener> listener) {
        List<Failsafe> failsafe = new ArrayList<>();
        if (!written.contains("failsafe")) {
            failsafe.add(tcp(SSH));
            listener.ifPresent(l -> failsafe.add(tcp(l.address().getPort())));
        }
        for (int i = 0; i < config.getFailsafeCount(); i++) {
            dev.portcullis.agent.v1.Failsafe entry = config.getFailsafe(i);
            String field = "failsafe[" + i + "]";
            Optional<PortMatch> match = PortCheck.check(port(entry), field, findings);
            List<Prefix> from = peers(entry, field);
            match.ifPresent(m -> failsafe.add(new Failsafe(m, from)));
        }
        return failsafe;
    }

    private static Failsafe tcp(int port) {
        PortRange range = new PortRange(port, port);
        return new Failsafe(new PortMatch(Protocol.TCP, Optional.of(range)), List.of());
    }

    private static Port port(dev.portcullis.agent.v1.Failsafe entry) {
        Port.Builder port = Port.newBuilder().setProtocol(entry.getProtocol());
        if (entry.hasPort()) {
            port.setPort(entry.getPort());
        }
        if (entry.hasEndPort()) {
            port.setEndPort(entry.getEndPort());
        }
        return port.build();
    }

    private List<Prefix> peers(dev.portcullis.agent.v1.Failsafe entry, String field) {
        List<Prefix> peers = new ArrayList<>();
        for (int i = 0; i < entry.getFromCount(); i++) {
            try {
                peers.add(PrefixText.parse(entry.getFrom(i)).prefix());
            } catch (IllegalArgumentException e) {
                findings.violation(field + ".from[" + i + "]", e.getMessage());
            }
        }
        return peers;
    }

    private Limits limits() {
        Limits standard = Limits.DEFAULT;
        int prefixes =
                number(
                        "capacity.prefixes",
                        config.getCapacity().hasPrefixes(),
                        config.getCapacity().getPrefixes(),
                        standard.prefixes(),
                        1,
                        MAX_PREFIXES);
        int decisions =
                number(
                        "capacity.decisions",
                        config.getCapacity().hasDecisions(),
                        config.getCapacity().getDecisions(),
                        standard.decisions(),
                        MIN_DECISIONS,
                        MAX_DECISIONS);
        int reports =
                number(
                        "dropEvents.perSecond",
                        config.getDropEvents().hasPerSecond(),
                        config.getDropEvents().getPerSecond(),
                        standard.reportsPerSecond(),
                        1,
                        MAX_REPORTS);
        int resets =
                number(
                        "resets.perSecond",
                        config.getResets().hasPerSecond(),
                        config.getResets().getPerSecond(),
                        standard.resetsPerSecond(),
                        1,
                        MAX_REPORTS);
        return new Limits(
                prefixes,
                decisions,
                reports,
                resets,
                standard.asksPerSecond(),
                new ConversationsCheck(config.getConversations(), findings).check(),
                dropped(),
                ProxiedCheck.check(config.getProxied(), findings));
    }

    private DroppedLimits dropped() {
        int sources =
                number(
                        "capacity.droppedSources",
                        config.getCapacity().hasDroppedSources(),
                        config.getCapacity().getDroppedSources(),
                        DroppedLimits.DEFAULT.capacity(),
                        MIN_DROPPED_SOURCES,
                        MAX_DROPPED_SOURCES);
        return new DroppedLimits(sources, DroppedLimits.DEFAULT.newPerSecond());
    }

    private Quota quota(Limits limits) {
        int policies =
                number(
                        "limits.policies",
                        config.getLimits().hasPolicies(),
                        config.getLimits().getPolicies(),
                        Quota.DEFAULT.policies(),
                        1,
                        MAX_PREFIXES);
        int rules =
                number(
                        "limits.rulesPerPolicy",
                        config.getLimits().hasRulesPerPolicy(),
                        config.getLimits().getRulesPerPolicy(),
                        Quota.DEFAULT.rulesPerPolicy(),
                        1,
                        MAX_PREFIXES);
        return new Quota(policies, rules, limits.prefixes());
    }

    private int revisions() {
        return number(
                "limits.revisions",
                config.getLimits().hasRevisions(),
                config.getLimits().getRevisions(),
                REVISIONS,
                MIN_REVISIONS,
                MAX_REVISIONS);
    }

    private void onStateLost() {
        String wanted = config.getOnStateLost();
        if (!wanted.isEmpty() && !LOST_MODES.contains(wanted)) {
            findings.violation(
                    "onStateLost",
                    Quoted.of(wanted)
                            + " is not known"
                            + Suggestion.didYouMean(wanted, LOST_MODES)
                            + "; write close or open");
        }
    }

    private Set<Integer> sshPorts() {
        if (!written.contains("sshPorts")) {
            return SshPorts.ofHost();
        }
        for (int i = 0; i < config.getSshPortsCount(); i++) {
            int port = config.getSshPorts(i);
            if (port < 1 || port > MAX_PORT) {
                findings.violation(
                        "sshPorts[" + i + "]",
                        Integer.toUnsignedString(port) + " is no port from 1 to 65535");
            }
        }
        return Set.copyOf(config.getSshPortsList());
    }

    private int number(String field, boolean given, int value, int fallback, int least, int most) {
        return NumberCheck.orDefault(field, given, value, fallback, least, most, findings);
    }
}
