// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.DataplaneException;
import dev.portcullis.dataplane.ProbePacket;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.RulePath;
import java.util.Optional;

/** Asks the loaded program what becomes of a packet, and tells why. */
public final class Explainer {
    private final Control control;
    private final Dataplane dataplane;

    public Explainer(Control control, Dataplane dataplane) {
        this.control = control;
        this.dataplane = dataplane;
    }

    /**
     * @param interfaceName where the packet comes in; empty means the first that is guarded
     * @throws Refusal if the question is wrong
     */
    public Explanation explain(String from, String to, String interfaceName) {
        ProbePacket packet = Question.packet(from, to);
        // State and kernel have to be of the same commit.
        synchronized (control) {
            return answer(packet, judge(packet, interfaceName));
        }
    }

    private Dataplane.Judgement judge(ProbePacket packet, String interfaceName) {
        try {
            return dataplane.judge(
                    packet, Optional.of(interfaceName).filter(name -> !name.isEmpty()));
        } catch (DataplaneException e) {
            throw new Refusal(Refusal.Cause.NOT_FOUND, e);
        }
    }

    private Explanation answer(ProbePacket packet, Dataplane.Judgement judgement) {
        Decision decision = judgement.decision();
        Optional<Policy> policy =
                Optional.ofNullable(control.state().policies().get(decision.policy()));
        int index = policy.map(p -> firstMatch(p, packet.from())).orElse(-1);
        Optional<Rule> rule =
                index < 0 ? Optional.empty() : policy.map(found -> found.rules().get(index));
        String field = index < 0 ? "" : policy.map(found -> RulePath.of(found, index)).orElse("");
        String sentence = sentence(decision, rule, packet, control.state());
        if (decision.audit()) {
            sentence += "; but the resource is in audit mode, so the packet passes and is counted";
        }
        if (dataplane.isDetached() || dataplane.interfaces().isEmpty()) {
            sentence += "; but no interface is guarded, so every packet passes";
        }
        return new Explanation(
                decision,
                rule,
                index,
                field,
                sentence,
                judgement.generation(),
                judgement.interfaceName());
    }

    /** The place of the first rule that does what the policy did; -1 if it did so without one. */
    private int firstMatch(Policy policy, Address from) {
        Rule.Action action = policy.type().allows() ? Rule.Action.ALLOW : Rule.Action.DENY;
        Environment environment = control.environment();
        for (int i = 0; i < policy.rules().size(); i++) {
            Rule rule = policy.rules().get(i);
            if (rule.action() == action && environment.holds(rule.peers(), from)) {
                return i;
            }
        }
        return -1;
    }

    private static String sentence(
            Decision decision, Optional<Rule> rule, ProbePacket packet, DesiredState state) {
        String resource = "resource " + decision.resource();
        return switch (decision.reason()) {
            case POLICY_MATCH ->
                    resource
                            + " governs "
                            + packet.to()
                            + ", and policy "
                            + decision.policy()
                            + " lets "
                            + packet.from()
                            + " in"
                            + rule.map(Explainer::byRule).orElse("");
            case NO_POLICY_MATCH ->
                    resource
                            + " governs "
                            + packet.to()
                            + " and is protected, and none of its policies ("
                            + String.join(", ", state.associated().get(decision.resource()))
                            + ") matches "
                            + packet.from();
            case BLOCKLIST ->
                    resource
                            + " governs "
                            + packet.to()
                            + ", and its blocklist "
                            + decision.policy()
                            + " denies "
                            + packet.from()
                            + rule.map(Explainer::byRule).orElse("");
            case NAME_PENDING ->
                    resource
                            + " governs "
                            + packet.to()
                            + " and is protected, and whether "
                            + packet.from()
                            + " gets in depends on its name in DNS, which is not known yet: its"
                            + " packets wait until the agent has the answer";
            case OPEN ->
                    (decision.resource().isEmpty() ? "the resource" : resource)
                            + " governs "
                            + packet.to()
                            + " and is open, because no policy that allows is associated with it";
            case REPLY -> "it is an answer in a conversation that this host began";
            case RELATED -> "it is an ICMP error about a packet of a conversation that is allowed";
            case NO_RESOURCE -> "no resource selects this destination";
            case FAILSAFE -> "the failsafe list of agent.yaml lets it in whatever the policies say";
            case HOST_PROTOCOL ->
                    "the host needs this protocol to be on the network (neighbour discovery, MLD,"
                            + " DHCP)";
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

    private static String byRule(Rule rule) {
        String description =
                rule.description().isEmpty() ? "" : " (" + Quoted.of(rule.description()) + ")";
        return " by its rule " + rule.source() + description;
    }
}
