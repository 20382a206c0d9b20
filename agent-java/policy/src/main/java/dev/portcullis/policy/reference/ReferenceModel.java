// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.reference.ReferencePacket.Malformed;
import dev.portcullis.policy.reference.ReferencePacket.NotIp;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Judges one arriving packet against the whole state, step by step.
 *
 * <p>What no resource selects is {@link Reason#NO_RESOURCE}, before anything else is asked. What
 * can't be read is never a host protocol and never failsafe. Answers before a resource is chosen,
 * and those of malformed packets and later fragments, which several resources may share, name no
 * resource.
 */
public final class ReferenceModel {
    private final DesiredState state;
    private final List<Failsafe> failsafe;
    private final HostAddresses host;

    private ReferenceModel(DesiredState state, List<Failsafe> failsafe, HostAddresses host) {
        this.state = state;
        this.failsafe = failsafe;
        this.host = host;
    }

    /**
     * @param state sound by {@link dev.portcullis.policy.validation.StateCheck}; of resources that
     *     tie only because {@code local} stands for an address that another names, the first by
     *     name governs
     */
    public static Answer judge(
            DesiredState state,
            List<Failsafe> failsafe,
            HostAddresses host,
            ReferencePacket packet) {
        return new ReferenceModel(state, failsafe, host).judge(packet);
    }

    private Answer judge(ReferencePacket packet) {
        if (packet instanceof NotIp) {
            return Answer.of(Reason.NOT_IP);
        }
        if (packet instanceof Malformed malformed) {
            return judgeMalformed(malformed);
        }
        Ip ip = (Ip) packet;
        return ip.fragment().isLater() ? judgeLaterFragment(ip) : judgeReadable(ip);
    }

    private Answer judgeReadable(Ip packet) {
        Optional<Resource> governing = governing(packet, port(packet));
        if (governing.isEmpty()) {
            return Answer.of(Reason.NO_RESOURCE);
        }
        if (HostProtocol.includes(packet)) {
            return Answer.of(Reason.HOST_PROTOCOL);
        }
        if (isFailsafe(packet)) {
            return Answer.of(Reason.FAILSAFE);
        }
        return judge(packet, governing.get());
    }

    private Answer judge(Ip packet, Resource resource) {
        if (!resource.isProtected()) {
            return Answer.of(Reason.OPEN, resource.name());
        }
        for (String name : resource.policies()) {
            Policy policy = state.policies().get(name);
            for (int i = 0; i < policy.rules().size(); i++) {
                if (policy.rules().get(i).prefix().contains(packet.source())) {
                    return Answer.match(resource.name(), name, i);
                }
            }
        }
        return Answer.of(Reason.NO_POLICY_MATCH, resource.name());
    }

    /** Dropped when any resource of its destination is protected; of any, if that is unknown. */
    private Answer judgeMalformed(Malformed packet) {
        List<Resource> possible =
                state.resources().values().stream()
                        .filter(r -> PacketMatch.interfaceMatches(r, packet.interfaceName()))
                        .filter(r -> packet.destination().map(to -> selects(r, to)).orElse(true))
                        .toList();
        if (possible.isEmpty()) {
            return Answer.of(Reason.NO_RESOURCE);
        }
        boolean anyProtected = possible.stream().anyMatch(Resource::isProtected);
        return Answer.of(anyProtected ? Reason.MALFORMED : Reason.OPEN);
    }

    /** Its port is unknown, so the resources that would govern it with any port are looked at. */
    private Answer judgeLaterFragment(Ip packet) {
        List<Resource> possible =
                possiblePorts(packet).stream()
                        .map(port -> governing(packet, port))
                        .flatMap(Optional::stream)
                        .toList();
        if (possible.isEmpty()) {
            return Answer.of(Reason.NO_RESOURCE);
        }
        if (isFailsafe(packet)) {
            return Answer.of(Reason.FAILSAFE);
        }
        if (possible.stream().noneMatch(Resource::isProtected)) {
            return Answer.of(Reason.OPEN);
        }
        boolean follows = packet.fragment() == Fragment.LATER_OF_PASSED;
        return Answer.of(follows ? Reason.FRAGMENT_FOLLOWS : Reason.FRAGMENT);
    }

    /** One port of each stretch in which no port entry begins or ends. */
    private Set<OptionalInt> possiblePorts(Ip packet) {
        if (!ReferencePacket.hasPorts(packet.protocol())) {
            return Set.of(OptionalInt.empty());
        }
        Set<OptionalInt> ports = new HashSet<>();
        ports.add(OptionalInt.of(0));
        for (Resource resource : state.resources().values()) {
            for (PortMatch entry : resource.ports()) {
                entry.ports()
                        .ifPresent(range -> {
                            ports.add(OptionalInt.of(range.first()));
                            ports.add(OptionalInt.of((range.last() + 1) % 65_536));
                        });
            }
        }
        return ports;
    }

    private Optional<Resource> governing(Ip packet, OptionalInt port) {
        Optional<Resource> governing = Optional.empty();
        Optional<Specificity> best = Optional.empty();
        for (Resource resource : state.resources().values()) {
            Optional<Specificity> found = PacketMatch.specificity(resource, host, packet, port);
            if (found.isPresent() && (best.isEmpty() || found.get().compareTo(best.get()) > 0)) {
                governing = Optional.of(resource);
                best = found;
            }
        }
        return governing;
    }

    private boolean selects(Resource resource, Address destination) {
        return PacketMatch.prefixLength(resource, host, destination).isPresent();
    }

    private boolean isFailsafe(Ip packet) {
        return failsafe.stream()
                .anyMatch(entry ->
                        PacketMatch.entryMatches(entry.match(), packet, port(packet))
                                && isAmong(entry.from(), packet.source()));
    }

    private static boolean isAmong(List<Prefix> peers, Address source) {
        return peers.isEmpty() || peers.stream().anyMatch(prefix -> prefix.contains(source));
    }

    private static OptionalInt port(Ip packet) {
        return packet.ports().isPresent()
                ? OptionalInt.of(packet.ports().get().destination())
                : OptionalInt.empty();
    }
}
