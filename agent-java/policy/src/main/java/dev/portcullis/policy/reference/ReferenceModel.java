// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
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
import java.util.Map;
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
    private final Environment environment;
    private final Map<String, List<Policy>> associated;

    private ReferenceModel(DesiredState state, List<Failsafe> failsafe, Environment environment) {
        this.state = state;
        this.failsafe = failsafe;
        this.environment = environment;
        this.associated = state.associatedPolicies();
    }

    /**
     * @param state sound by {@link dev.portcullis.policy.validation.StateCheck}; of resources that
     *     tie only because {@code local} stands for an address that another names, the first by
     *     name governs
     */
    public static Answer judge(
            DesiredState state,
            List<Failsafe> failsafe,
            Environment environment,
            ReferencePacket packet) {
        return new ReferenceModel(state, failsafe, environment).judge(packet);
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
        List<Policy> policies = associated.get(resource.name());
        PolicyMatch match = new PolicyMatch(state, environment, resource, packet);
        for (Policy policy : policies) {
            if (!policy.type().allows() && match.of(policy) == PolicyMatch.Result.MATCH) {
                return Answer.of(
                        Reason.BLOCKLIST, resource, policy.name(), match.firstRule(policy));
            }
        }
        if (!DesiredState.isProtected(policies)) {
            return Answer.open(resource);
        }
        boolean pending = false;
        for (Policy policy : policies) {
            if (policy.type().allows()) {
                PolicyMatch.Result result = match.of(policy);
                if (result == PolicyMatch.Result.MATCH) {
                    return Answer.of(
                            Reason.POLICY_MATCH, resource, policy.name(), match.firstRule(policy));
                }
                pending |= result == PolicyMatch.Result.PENDING;
            }
        }
        Reason reason = pending ? Reason.NAME_PENDING : Reason.NO_POLICY_MATCH;
        return Answer.of(reason, resource, "", OptionalInt.empty());
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
        return unreadable(Reason.MALFORMED, possible);
    }

    /** Denied if any of the resources is protected; only in audit if all of those are in audit. */
    private Answer unreadable(Reason reason, List<Resource> possible) {
        List<Resource> closed =
                possible.stream()
                        .filter(r -> DesiredState.isProtected(associated.get(r.name())))
                        .toList();
        if (closed.isEmpty()) {
            return Answer.of(Reason.OPEN);
        }
        return Answer.of(
                reason, closed.stream().allMatch(r -> r.enforcement() == Enforcement.AUDIT));
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
        if (isFailsafeForAll(packet)) {
            return Answer.of(Reason.FAILSAFE);
        }
        return unreadable(Reason.FRAGMENT, possible);
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
            Optional<Specificity> found =
                    PacketMatch.specificity(resource, environment.host(), packet, port);
            if (found.isPresent() && (best.isEmpty() || found.get().compareTo(best.get()) > 0)) {
                governing = Optional.of(resource);
                best = found;
            }
        }
        return governing;
    }

    private boolean selects(Resource resource, Address destination) {
        return PacketMatch.prefixLength(resource, environment.host(), destination).isPresent();
    }

    private boolean isFailsafe(Ip packet) {
        return failsafe.stream()
                .anyMatch(entry ->
                        PacketMatch.entryMatches(entry.match(), packet, port(packet))
                                && isAmong(entry.from(), packet.source()));
    }

    /** An entry that is narrowed to peers helps only packets that can be read. */
    private boolean isFailsafeForAll(Ip packet) {
        return failsafe.stream()
                .anyMatch(entry ->
                        PacketMatch.entryMatches(entry.match(), packet, port(packet))
                                && entry.from().isEmpty());
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
