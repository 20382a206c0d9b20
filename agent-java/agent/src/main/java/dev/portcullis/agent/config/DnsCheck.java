// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.config;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import dev.portcullis.agent.names.DnsSettings;
import dev.portcullis.agent.v1.Dns;
import dev.portcullis.policy.validation.DurationText;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.Quoted;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The part {@code dns} of agent.yaml. */
final class DnsCheck {
    private static final int DNS = 53;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST_LOOKUPS = 100_000;
    private static final int MOST_ADDRESSES = 1_000_000;

    private final Dns dns;
    private final Findings findings;

    DnsCheck(Dns dns, Findings findings) {
        this.dns = dns;
        this.findings = findings;
    }

    /** Empty if there are findings. */
    Optional<DnsSettings> check() {
        int before = findings.violations().size();
        List<InetSocketAddress> servers = servers();
        Duration timeout = timeout();
        DnsSettings standard = DnsSettings.DEFAULT;
        int rate =
                number(
                        "dns.lookupsPerSecond",
                        dns.hasLookupsPerSecond(),
                        dns.getLookupsPerSecond(),
                        standard.lookupsPerSecond(),
                        MOST_LOOKUPS);
        int room =
                number(
                        "dns.knownAddresses",
                        dns.hasKnownAddresses(),
                        dns.getKnownAddresses(),
                        standard.knownAddresses(),
                        MOST_ADDRESSES);
        return findings.violations().size() > before
                ? Optional.empty()
                : Optional.of(DnsSettings.of(servers, timeout, rate, room));
    }

    private int number(String field, boolean given, int value, int fallback, int most) {
        return NumberCheck.orDefault(field, given, value, fallback, 1, most, findings);
    }

    private List<InetSocketAddress> servers() {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (int i = 0; i < dns.getServersCount(); i++) {
            Optional<InetSocketAddress> server = server(dns.getServers(i));
            if (server.isEmpty()) {
                findings.violation(
                        "dns.servers[" + i + "]",
                        Quoted.of(dns.getServers(i))
                                + " is not an address of a server; write one such as 192.0.2.53 or"
                                + " \"[2001:db8::53]:5353\"");
            }
            server.ifPresent(servers::add);
        }
        return servers;
    }

    private static Optional<InetSocketAddress> server(String text) {
        try {
            HostAndPort parsed = HostAndPort.fromString(text).withDefaultPort(DNS);
            return InetAddresses.isInetAddress(parsed.getHost()) && parsed.getPort() > 0
                    ? Optional.of(
                            new InetSocketAddress(
                                    InetAddresses.forString(parsed.getHost()), parsed.getPort()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Duration timeout() {
        if (dns.getTimeout().isEmpty()) {
            return DnsSettings.DEFAULT.timeout();
        }
        Optional<Duration> timeout = DurationText.parse(dns.getTimeout(), LONGEST);
        if (timeout.isEmpty()) {
            findings.violation(
                    "dns.timeout",
                    Quoted.of(dns.getTimeout()) + " is not a time from 1s to 1m, such as 5s");
        }
        return timeout.orElse(DnsSettings.DEFAULT.timeout());
    }
}
