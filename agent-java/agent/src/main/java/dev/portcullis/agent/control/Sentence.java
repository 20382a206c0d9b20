// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.ProbePacket;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.validation.Quoted;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says why a packet passes or is dropped. */
final class Sentence {
    private final Dataplane.Judgement judgement;
    private final Decision decision;
    private final boolean arrives;
    private final Address local;
    private final Address remote;

    /** Who is let in or denied, or what is sent to. */
    private final String subject;

    private final Optional<Rule> rule;
    private final DesiredState state;

    /**
     * @param rule the one that decided, if one did
     * @param state that the kernel judges by
     */
    Sentence(
            Dataplane.Judgement judgement,
            ProbePacket packet,
            Optional<Rule> rule,
            DesiredState state) {
        this.judgement = judgement;
        this.rule = rule;
        this.state = state;
        decision = judgement.decision();
        arrives = decision.direction() == Direction.INGRESS;
        local = packet.local(decision.direction());
        remote = packet.remote(decision.direction());
        subject =
                Proxying.of(packet, decision, state)
                        .map(OriginalText::subject)
                        .orElse(remote.toString());
    }

    @Override
    public String toString() {
        String policy = decision.policy();
        return switch (decision.reason()) {
            case POLICY_MATCH ->
                    governs()
                            + ", and policy "
                            + policy
                            + (arrives ? " lets " + subject + " in" : " lets it go to " + remote)
                            + byRule();
            case NO_POLICY_MATCH ->
                    governs()
                            + (arrives ? " and is protected" : " and restricts what leaves it")
                            + ", and none of its policies ("
                            + deciders()
                            + ") "
                            + (arrives ? "matches " : "lets it go to ")
                            + subject;
            case BLOCKLIST ->
                    governs()
                            + ", and its blocklist "
                            + policy
                            + " denies "
                            + (arrives ? "" : "what goes to ")
                            + subject
                            + byRule();
            case NAME_PENDING ->
                    governs()
                            + " and is protected, and whether "
                            + subject
                            + " gets in depends on its name in DNS, which is not known yet: its"
                            + " packets wait until the agent has the answer";
            case OPEN ->
                    (decision.resource().isEmpty() ? "the resource governs " + local : governs())
                            + (arrives ? " and is open" : " and is open for what leaves")
                            + ", because no policy that "
                            + (arrives ? "allows" : "says where it may go")
                            + " is associated with it";
            case REPLY ->
                    arrives
                            ? "it is an answer in a conversation that this host began"
                            : "it is an answer in a conversation that this host let in";
            case RELATED -> "it is an ICMP error about a packet of a conversation that is allowed";
            case NO_RESOURCE -> noResource();
            case FAILSAFE ->
                    "the failsafe list of agent.yaml lets it "
                            + (arrives ? "in" : "out")
                            + " whatever the policies say";
            case HOST_PROTOCOL ->
                    "the host needs this protocol to be on the network (neighbour discovery, MLD,"
                            + " DHCP)";
            case PROXY_HANDSHAKE ->
                    fromBalancer()
                            + ": the handshake passes, and then the connection is judged by the"
                            + " PROXY header that it has to begin with; ask with whom it is"
                            + " proxied from, or with its endpoint";
            case PROXY_LOCAL -> fromBalancer() + " and says that the connection is its own (LOCAL)";
            case PROXY_KEPT ->
                    fromBalancer()
                            + ", and the connection was there before its PROXY header was asked"
                            + " for";
            case PROXY_HEADER ->
                    fromBalancer()
                            + ", and the PROXY header that the connection has to begin with is"
                            + " missing or wrong";
            case PROXY_AHEAD ->
                    fromBalancer()
                            + ", and the packet is ahead of the connection's PROXY header; it comes"
                            + " again";
            case NOT_IP -> "it is not an IP packet";
            case MALFORMED ->
                    "its headers are cut short or contradict each other, and a resource at this"
                            + " address is protected";
            case FRAGMENT ->
                    "it is a fragment whose first fragment was not seen, and a resource at this"
                            + " address is protected";
            case FAULT ->
                    "a part of the rule set is missing in the kernel, which is a defect of"
                            + " Portcullis: restart the agent and report this";
        };
    }

    private String fromBalancer() {
        return governs() + ", and " + remote + " is among the balancers in front of it";
    }

    private String governs() {
        return "resource " + decision.resource() + " governs " + local;
    }

    /** The policies of the resource that could let the packet pass. */
    private String deciders() {
        return state.associatedPolicies().get(decision.resource()).stream()
                .filter(policy -> policy.type().allows(decision.direction()))
                .map(policy -> policy.name())
                .collect(Collectors.joining(", "));
    }

    private String noResource() {
        if (!judgement.isJudged()) {
            return "no policy has a say in what leaves this host";
        }
        return arrives ? "no resource selects this destination" : "no resource selects this source";
    }

    private String byRule() {
        return rule.map(Sentence::text).orElse("");
    }

    private static String text(Rule rule) {
        String description =
                rule.description().isEmpty() ? "" : " (" + Quoted.of(rule.description()) + ")";
        return " by its rule " + rule.subject() + description;
    }
}
