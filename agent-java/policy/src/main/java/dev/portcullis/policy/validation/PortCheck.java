// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.api.v1.Port;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A port entry, of a resource or of the agent's failsafe list. */
public final class PortCheck {
    private static final List<String> PROTOCOLS =
            Arrays.stream(Protocol.values()).map(Protocol::name).toList();

    private PortCheck() {}

    /**
     * @param field the entry's path, such as {@code spec.ports[0]}
     * @return empty if there are violations, which are then in {@code findings}
     */
    public static Optional<PortMatch> check(Port port, String field, Findings findings) {
        Optional<Protocol> protocol = protocol(port.getProtocol(), field, findings);
        boolean portSound = inRange(port.hasPort(), port.getPort(), field + ".port", findings);
        boolean endSound =
                inRange(port.hasEndPort(), port.getEndPort(), field + ".endPort", findings);
        boolean sound = portSound && endSound;
        if (port.hasEndPort() && !port.hasPort()) {
            findings.violation(field + ".endPort", "needs a port, where the range begins");
            sound = false;
        }
        if (protocol.isPresent() && !protocol.get().hasPorts() && port.hasPort()) {
            findings.violation(
                    field + ".port", protocol.get() + " has no ports; leave the port out");
            sound = false;
        }
        if (sound && port.hasEndPort() && port.getEndPort() < port.getPort()) {
            findings.violation(
                    field + ".endPort",
                    port.getEndPort() + " is below port, which is " + port.getPort());
            sound = false;
        }
        return sound ? protocol.map(known -> match(known, port)) : Optional.empty();
    }

    private static PortMatch match(Protocol protocol, Port port) {
        if (!port.hasPort()) {
            return new PortMatch(protocol, Optional.empty());
        }
        int last = port.hasEndPort() ? port.getEndPort() : port.getPort();
        return new PortMatch(protocol, Optional.of(new PortRange(port.getPort(), last)));
    }

    private static Optional<Protocol> protocol(String name, String field, Findings findings) {
        if (name.isEmpty()) {
            return Optional.of(Protocol.ANY);
        }
        if (!PROTOCOLS.contains(name)) {
            findings.violation(
                    field + ".protocol",
                    "no protocol is named "
                            + Quoted.of(name)
                            + Suggestion.didYouMean(name, PROTOCOLS)
                            + "; known: "
                            + String.join(", ", PROTOCOLS));
            return Optional.empty();
        }
        return Optional.of(Protocol.valueOf(name));
    }

    private static boolean inRange(boolean given, int port, String field, Findings findings) {
        if (!given || (port >= 1 && port <= 65_535)) {
            return true;
        }
        findings.violation(
                field, Integer.toUnsignedString(port) + " is not a port; write 1 to 65535");
        return false;
    }
}
