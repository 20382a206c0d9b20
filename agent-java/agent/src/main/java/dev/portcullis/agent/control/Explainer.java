// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.api.v1.ExplainRequest;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.DataplaneException;
import dev.portcullis.dataplane.Original;
import dev.portcullis.dataplane.ProbePacket;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.model.Workload;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.RulePath;
import java.util.Optional;
import java.util.Set;

/** Asks the loaded program what becomes of a packet, and tells why. */
public final class Explainer {
    private final Control control;
    private final Dataplane dataplane;

    public Explainer(Control control, Dataplane dataplane) {
        this.control = control;
        this.dataplane = dataplane;
    }

    /**
     * @throws Refusal if the question is wrong
     */
    public Explanation explain(ExplainRequest request) {
        Question question = Question.of(request);
        Direction direction = question.direction().orElseGet(() -> direction(question.packet()));
        Optional<Cgroup> sender = question.sender().map(workload -> cgroup(workload, direction));
        // State and kernel have to be of the same commit.
        synchronized (control) {
            return answer(question.packet(), judge(question, direction, sender));
        }
    }

    private Direction direction(ProbePacket packet) {
        Set<Address> own = control.environment().host().own();
        return own.contains(packet.from()) && !own.contains(packet.to())
                ? Direction.EGRESS
                : Direction.INGRESS;
    }

    private Cgroup cgroup(Workload workload, Direction direction) {
        if (direction == Direction.INGRESS) {
            throw invalid(
                    "is only for packets that leave; add the direction egress, or leave the"
                            + " workload out");
        }
        return control.cgroups(workload).stream()
                .findFirst()
                .orElseThrow(() ->
                        invalid(
                                workload
                                        + " has no cgroup now; start it, or name the cgroup of a"
                                        + " process (/proc/PID/cgroup)"));
    }

    private static Refusal invalid(String problem) {
        Findings findings = new Findings("");
        findings.violation("workload", problem);
        return Refusal.invalid(findings.violations());
    }

    private Dataplane.Judgement judge(
            Question question, Direction direction, Optional<Cgroup> sender) {
        try {
            return direction == Direction.INGRESS
                    ? dataplane.judge(question.packet(), question.interfaceName())
                    : dataplane.judgeLeaving(question.packet(), question.interfaceName(), sender);
        } catch (DataplaneException e) {
            throw new Refusal(Refusal.Cause.NOT_FOUND, e);
        }
    }

    private Explanation answer(ProbePacket packet, Dataplane.Judgement judgement) {
        Decision decision = judgement.decision();
        Optional<Policy> policy =
                Optional.ofNullable(control.state().policies().get(decision.policy()));
        int index = policy.map(p -> firstMatch(p, packet, decision)).orElse(-1);
        Optional<Rule> rule =
                index < 0 ? Optional.empty() : policy.map(found -> found.rules().get(index));
        String field = index < 0 ? "" : policy.map(found -> RulePath.of(found, index)).orElse("");
        String sentence = new Sentence(judgement, packet, rule, control.state()).toString();
        if (packet.original().isPresent()
                && !Proxying.isFromBalancer(packet, decision, control.state())) {
            sentence +=
                    "; no PROXY header is looked for, because "
                            + packet.from()
                            + " is not among the balancers (proxyProtocol.from) of the resource";
        }
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
    private int firstMatch(Policy policy, ProbePacket packet, Decision decision) {
        Rule.Action action = policy.type().allows() ? Rule.Action.ALLOW : Rule.Action.DENY;
        Optional<Original> original = Proxying.of(packet, decision, control.state());
        for (int i = 0; i < policy.rules().size(); i++) {
            Rule rule = policy.rules().get(i);
            boolean matches =
                    original.map(client -> isAbout(rule, client))
                            .orElseGet(() -> isAbout(rule, packet, decision.direction()));
            if (rule.action() == action && matches) {
                return i;
            }
        }
        return -1;
    }

    private boolean isAbout(Rule rule, ProbePacket packet, Direction direction) {
        return control.environment().holds(rule.peers(), packet.remote(direction))
                && packet.isAbout(rule.remotePorts(), direction);
    }

    private boolean isAbout(Rule rule, Original client) {
        Optional<PrivateEndpoint> named = control.environment().endpoint(rule.peers());
        if (named.isPresent()) {
            return client.endpoint().equals(named);
        }
        return client.source().stream()
                .anyMatch(source -> control.environment().holds(rule.peers(), source));
    }
}
