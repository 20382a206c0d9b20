// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.api.v1.EgressRule;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.RemotePorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The protocol and the ports of an egress rule. */
public final class RemotePortsCheck {
    private static final List<String> PROTOCOLS = List.of("tcp", "udp", "all");
    private static final Pattern PORTS = Pattern.compile("([0-9]{1,10})(?:-([0-9]{1,10}))?");
    private static final int LAST_PORT = 65_535;

    private RemotePortsCheck() {}

    /**
     * @param field the rule's path, such as {@code spec.rules[0].egressRule}
     * @return empty if there are violations, which are then in {@code findings}
     */
    public static Optional<RemotePorts> check(EgressRule rule, String field, Findings findings) {
        Optional<Protocol> protocol = protocol(rule.getProtocol(), field, findings);
        List<PortRange> ranges = new ArrayList<>();
        boolean sound = true;
        for (int i = 0; i < rule.getPortsCount(); i++) {
            String at = field + ".ports[" + i + "]";
            Optional<PortRange> range = range(rule.getPorts(i), at, findings);
            sound &= range.isPresent();
            if (range.isPresent() && ranges.contains(range.get())) {
                Warnings.repeated(findings, at, rule.getPorts(i));
            } else {
                range.ifPresent(ranges::add);
            }
        }
        return sound ? protocol.map(known -> remotePorts(known, ranges)) : Optional.empty();
    }

    /** The same value for the many rules that narrow nothing. */
    private static RemotePorts remotePorts(Protocol protocol, List<PortRange> ranges) {
        RemotePorts ports = new RemotePorts(protocol, ranges);
        return ports.equals(RemotePorts.ANY) ? RemotePorts.ANY : ports;
    }

    private static Optional<Protocol> protocol(String name, String field, Findings findings) {
        if (name.isEmpty() || name.equals("all")) {
            return Optional.of(Protocol.ANY);
        }
        if (name.equals("tcp")) {
            return Optional.of(Protocol.TCP);
        }
        if (name.equals("udp")) {
            return Optional.of(Protocol.UDP);
        }
        findings.violation(
                field + ".protocol",
                "no protocol of egress rules is named "
                        + Quoted.of(name)
                        + Suggestion.didYouMean(name, PROTOCOLS)
                        + "; known: "
                        + String.join(", ", PROTOCOLS));
        return Optional.empty();
    }

    private static Optional<PortRange> range(String text, String field, Findings findings) {
        Matcher ports = PORTS.matcher(text);
        if (ports.matches()) {
            long first = Long.parseLong(ports.group(1));
            long last = ports.group(2) == null ? first : Long.parseLong(ports.group(2));
            if (first >= 1 && first <= last && last <= LAST_PORT) {
                return Optional.of(new PortRange((int) first, (int) last));
            }
            if (first > last) {
                findings.violation(
                        field, Quoted.of(text) + " ends below where it begins; swap the two");
                return Optional.empty();
            }
        }
        findings.violation(
                field,
                Quoted.of(text)
                        + " is not a port or range of ports from 1 to 65535; write one such as 443"
                        + " or 8000-8010");
        return Optional.empty();
    }
}
