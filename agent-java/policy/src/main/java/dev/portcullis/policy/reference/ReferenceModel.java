// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
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
 * Judges one packet against the whole state, step by step.
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

    /** What a connection that a balancer begins has sent up to the packet, and with it. */
    private final ProxyHeader header;

    private ReferenceModel(
            DesiredState state,
            List<Failsafe> failsafe,
            Environment environment,
            ProxyHeader header) {
        this.state = state;
        this.failsafe = failsafe;
        this.environment = environment;
        this.header = header;
        this.associated = state.associatedPolicies();
    }

    /**
     * @param state sound by {@link dev.portcullis.policy.validation.StateCheck}; of resources that
     *     tie only because {@code local} stands for an address that another names, or because two
     *     workloads are the same cgroup, the first by name governs
     * @param packet without data, if it comes from a balancer and begins a connection
     */
    public static Answer judge(
            DesiredState state,
            List<Failsafe> failsafe,
            Environment environment,
            ReferencePacket packet) {
        return judge(state, failsafe, environment, packet, new ProxyHeader.Incomplete());
    }

    /**
     * The same of a packet with which, if it comes from a balancer, so much of the connection's
     * header has come.
     */
    public static Answer judge(
            DesiredState state,
            List<Failsafe> failsafe,
            Environment environment,
            ReferencePacket packet,
            ProxyHeader header) {
        return new ReferenceModel(state, failsafe, environment, header).judge(packet);
    }

    private Answer judge(ReferencePacket packet) {
        if (packet instanceof NotIp) {
            return Answer.of(Reason.NOT_IP, packet.direction());
        }
        if (packet instanceof Malformed malformed) {
            return judgeMalformed(malformed);
        }
        Ip ip = (Ip) packet;
        return ip.fragment().isLater() ? judgeLaterFragment(ip) : judgeReadable(ip);
    }

    private Answer judgeReadable(Ip packet) {
        Optional<Resource> governing = governing(packet, packet.localPort());
        if (governing.isEmpty()) {
            return Answer.of(Reason.NO_RESOURCE, packet.direction());
        }
        if (HostProtocol.includes(packet)) {
            return Answer.of(Reason.HOST_PROTOCOL, packet.direction());
        }
        if (packet.related()) {
            return Answer.of(Reason.RELATED, packet.direction());
        }
        if (isFailsafe(packet)) {
            return Answer.of(Reason.FAILSAFE, packet.direction());
        }
        return judge(packet, governing.get());
    }

    private Answer judge(Ip packet, Resource resource) {
        Direction direction = packet.direction();
        List<Policy> policies =
                associated.get(resource.name()).stream()
                        .filter(policy -> policy.type().judges(direction))
                        .toList();
        PolicyMatch match = new PolicyMatch(state, environment, resource, packet);
        for (Policy policy : policies) {
            if (!policy.type().allows() && match.of(policy) == PolicyMatch.Result.MATCH) {
                OptionalInt rule = match.firstRule(policy);
                return Answer.of(Reason.BLOCKLIST, direction, resource, policy.name(), rule);
            }
        }
        boolean closed = DesiredState.isProtected(policies, direction);
        boolean proxied = !policies.isEmpty() && isFromBalancer(packet, resource);
        if ((closed || proxied) && packet.reply()) {
            return Answer.of(Reason.REPLY, direction, resource);
        }
        if (proxied) {
            return judgeProxied(packet, resource, policies);
        }
        if (!closed) {
            return Answer.of(Reason.OPEN, direction, resource);
        }
        boolean pending = false;
        for (Policy policy : policies) {
            if (policy.type().allows()) {
                PolicyMatch.Result result = match.of(policy);
                if (result == PolicyMatch.Result.MATCH) {
                    OptionalInt rule = match.firstRule(policy);
                    return Answer.of(Reason.POLICY_MATCH, direction, resource, policy.name(), rule);
                }
                pending |= result == PolicyMatch.Result.PENDING;
            }
        }
        Reason reason = pending ? Reason.NAME_PENDING : Reason.NO_POLICY_MATCH;
        return Answer.of(reason, direction, resource);
    }

    private static boolean isFromBalancer(Ip packet, Resource resource) {
        return packet.direction() == Direction.INGRESS
                && packet.protocol() == ReferencePacket.TCP
                && resource.balancers().stream()
                        .anyMatch(prefix -> prefix.contains(packet.remote()));
    }

    /** A header can't be read whose segment comes in parts. */
    private Answer judgeProxied(Ip packet, Resource resource, List<Policy> policies) {
        boolean whole = packet.fragment() == Fragment.WHOLE;
        return new ProxiedMatch(
                        resource,
                        policies,
                        environment,
                        source -> new PolicyMatch(state, environment, resource, packet, source))
                .judge(whole ? header : new ProxyHeader.Bad("in fragments"));
    }

    /** Dropped when any resource of its local address is protected; of any, if it is unknown. */
    private Answer judgeMalformed(Malformed packet) {
        List<Resource> possible =
                state.resources().values().stream()
                        .filter(r -> PacketMatch.couldSelect(r, packet))
                        .filter(r -> packet.local().map(local -> selects(r, local)).orElse(true))
                        .toList();
        return unreadable(Reason.MALFORMED, packet.direction(), possible);
    }

    /** Denied if any of the resources is protected; only in audit if all of those are in audit. */
    private Answer unreadable(Reason reason, Direction direction, List<Resource> possible) {
        if (possible.isEmpty()) {
            return Answer.of(Reason.NO_RESOURCE, direction);
        }
        List<Resource> closed =
                possible.stream()
                        .filter(r -> DesiredState.isProtected(associated.get(r.name()), direction))
                        .toList();
        if (closed.isEmpty()) {
            return Answer.of(Reason.OPEN, direction);
        }
        boolean audit = closed.stream().allMatch(r -> r.enforcement() == Enforcement.AUDIT);
        return Answer.of(reason, direction, audit);
    }

    /** Its port is unknown, so the resources that would govern it with any port are looked at. */
    private Answer judgeLaterFragment(Ip packet) {
        List<Resource> possible =
                possiblePorts(packet).stream()
                        .map(port -> governing(packet, port))
                        .flatMap(Optional::stream)
                        .toList();
        if (!possible.isEmpty() && isFailsafeForAll(packet)) {
            return Answer.of(Reason.FAILSAFE, packet.direction());
        }
        return unreadable(Reason.FRAGMENT, packet.direction(), possible);
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
                    PacketMatch.specificity(resource, environment, packet, port);
            if (found.isPresent() && (best.isEmpty() || found.get().compareTo(best.get()) > 0)) {
                governing = Optional.of(resource);
                best = found;
            }
        }
        return governing;
    }

    private boolean selects(Resource resource, Address local) {
        return PacketMatch.prefixLength(resource, environment.host(), local).isPresent();
    }

    private boolean isFailsafe(Ip packet) {
        return failsafe.stream()
                .anyMatch(entry ->
                        PacketMatch.entryMatches(entry.match(), packet, packet.localPort())
                                && isAmong(entry.from(), packet.remote()));
    }

    /** An entry that is narrowed to peers helps only packets that can be read. */
    private boolean isFailsafeForAll(Ip packet) {
        return failsafe.stream()
                .anyMatch(entry ->
                        PacketMatch.entryMatches(entry.match(), packet, packet.localPort())
                                && entry.from().isEmpty());
    }

    private static boolean isAmong(List<Prefix> peers, Address remote) {
        return peers.isEmpty() || peers.stream().anyMatch(prefix -> prefix.contains(remote));
    }
}
