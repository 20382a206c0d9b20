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
        List<InetSocketAddress> servers = new ArrayList<>();
        boolean sound = true;
        for (int i = 0; i < dns.getServersCount(); i++) {
            Optional<InetSocketAddress> server = server(dns.getServers(i));
            if (server.isEmpty()) {
                findings.violation(
                        "dns.servers[" + i + "]",
                        Quoted.of(dns.getServers(i))
                                + " is not an address of a server; write one such as 192.0.2.53 or"
                                + " \"[2001:db8::53]:5353\"");
                sound = false;
            }
            server.ifPresent(servers::add);
        }
        Optional<Duration> timeout = timeout();
        boolean rate =
                inRange(
                        "dns.lookupsPerSecond",
                        dns.hasLookupsPerSecond(),
                        dns.getLookupsPerSecond(),
                        MOST_LOOKUPS);
        boolean room =
                inRange(
                        "dns.knownAddresses",
                        dns.hasKnownAddresses(),
                        dns.getKnownAddresses(),
                        MOST_ADDRESSES);
        if (!sound || timeout.isEmpty() || !rate || !room) {
            return Optional.empty();
        }
        DnsSettings standard = DnsSettings.DEFAULT;
        return Optional.of(
                DnsSettings.of(
                        servers,
                        timeout.get(),
                        dns.hasLookupsPerSecond()
                                ? dns.getLookupsPerSecond()
                                : standard.lookupsPerSecond(),
                        dns.hasKnownAddresses()
                                ? dns.getKnownAddresses()
                                : standard.knownAddresses()));
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

    private Optional<Duration> timeout() {
        if (dns.getTimeout().isEmpty()) {
            return Optional.of(DnsSettings.DEFAULT.timeout());
        }
        Optional<Duration> timeout = DurationText.parse(dns.getTimeout());
        if (timeout.isEmpty() || timeout.get().isZero() || timeout.get().compareTo(LONGEST) > 0) {
            findings.violation(
                    "dns.timeout",
                    Quoted.of(dns.getTimeout()) + " is not a time from 1s to 1m, such as 5s");
            return Optional.empty();
        }
        return timeout;
    }

    private boolean inRange(String field, boolean given, int value, int most) {
        boolean sound = !given || (value >= 1 && value <= most);
        if (!sound) {
            findings.violation(
                    field,
                    "is " + Integer.toUnsignedString(value) + "; write a number from 1 to " + most);
        }
        return sound;
    }
}
