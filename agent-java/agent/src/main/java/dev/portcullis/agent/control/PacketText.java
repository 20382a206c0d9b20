// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import com.google.common.net.HostAndPort;
import dev.portcullis.dataplane.ProbePacket;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A packet as two texts, from where and to where. */
final class PacketText {
    /** Above those that Linux gives to connections, so that none is using it. */
    private static final int UNUSED_PORT = 61_000;

    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int HIGHEST_PROTOCOL = 255;
    private static final Map<String, Integer> WITH_PORTS = Map.of("tcp", 6, "udp", 17, "sctp", 132);

    /** Numbers of IPv6 extension headers, which stand before a protocol. */
    private static final Set<Integer> EXTENSIONS = Set.of(0, 43, 44, 51, 60);

    private final Findings findings;

    private record Endpoint(Address address, Optional<Integer> port) {}

    PacketText(Findings findings) {
        this.findings = findings;
    }

    /**
     * @param from such as {@code 203.0.113.9} or {@code [2001:db8::1]:40000}
     * @param to such as {@code 10.20.0.1:9200/tcp} or {@code 10.20.0.1/icmp}
     * @return empty if there are violations, which are then in the findings
     */
    Optional<ProbePacket> read(String from, String to) {
        Optional<Endpoint> source = endpoint("from", from, from);
        int slash = to.lastIndexOf('/');
        if (slash < 0) {
            findings.violation(
                    "to",
                    Quoted.of(to)
                            + " names no protocol; write it at the end, such as 10.20.0.1:9200/tcp");
        }
        String address = slash < 0 ? to : to.substring(0, slash);
        Optional<Endpoint> destination = endpoint("to", address, to);
        if (source.isEmpty() || destination.isEmpty() || slash < 0) {
            return Optional.empty();
        }
        Family family = destination.get().address.family();
        if (source.get().address.family() != family) {
            findings.violation(
                    "from", "is of another address family than \"to\"; write two IPv4 or two IPv6");
            return Optional.empty();
        }
        String name = to.substring(slash + 1).toLowerCase(Locale.ROOT);
        return protocol(name, family, destination.get().port.isPresent())
                .map(protocol ->
                        new ProbePacket(
                                source.get().address,
                                source.get().port.orElse(UNUSED_PORT),
                                destination.get().address,
                                destination.get().port.orElse(0),
                                protocol));
    }

    private Optional<Endpoint> endpoint(String field, String text, String whole) {
        try {
            HostAndPort parsed = HostAndPort.fromString(text);
            Optional<Integer> port =
                    parsed.hasPort() ? Optional.of(parsed.getPort()) : Optional.empty();
            return Optional.of(new Endpoint(Address.parse(parsed.getHost()), port));
        } catch (IllegalArgumentException e) {
            findings.violation(
                    field,
                    Quoted.of(whole)
                            + " has no IPv4 or IPv6 address (and port); write such as"
                            + " 203.0.113.9:40000 or [2001:db8::1]:40000");
            return Optional.empty();
        }
    }

    private Optional<Integer> protocol(String name, Family family, boolean port) {
        Optional<Integer> number = number(name, family);
        if (number.stream().anyMatch(WITH_PORTS::containsValue)) {
            if (!port) {
                findings.violation("to", name + " needs a port, such as 10.20.0.1:9200/" + name);
                return Optional.empty();
            }
            return number;
        }
        if (family == Family.IPV6 && number.stream().anyMatch(EXTENSIONS::contains)) {
            findings.violation(
                    "to",
                    name + " is an IPv6 extension header; write the protocol that follows it");
            return Optional.empty();
        }
        if (number.isEmpty()) {
            List<String> names = new ArrayList<>(WITH_PORTS.keySet());
            names.add("icmp");
            findings.violation(
                    "to",
                    Quoted.of(name)
                            + " is not a protocol"
                            + Suggestion.didYouMean(name, names)
                            + "; write tcp, udp, sctp, icmp or a number from 0 to 255");
        } else if (port) {
            findings.violation("to", name + " has no ports; leave the port out");
            return Optional.empty();
        }
        return number;
    }

    private static Optional<Integer> number(String name, Family family) {
        if (WITH_PORTS.containsKey(name)) {
            return Optional.of(WITH_PORTS.get(name));
        }
        if (name.equals("icmp") || name.equals("icmpv6")) {
            return Optional.of(family == Family.IPV4 ? ICMP : ICMPV6);
        }
        if (name.matches("[0-9]{1,3}") && Integer.parseInt(name) <= HIGHEST_PROTOCOL) {
            return Optional.of(Integer.parseInt(name));
        }
        return Optional.empty();
    }
}
