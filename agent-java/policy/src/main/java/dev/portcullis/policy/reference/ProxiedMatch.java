// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** What becomes of a connection that a balancer has begun, by its PROXY header. */
final class ProxiedMatch {
    private final Resource resource;
    private final List<Policy> policies;
    private final Environment environment;
    private final Function<Address, PolicyMatch> bySource;

    /**
     * @param policies those of the resource that judge what comes in, at least one
     * @param environment what private endpoints stand for
     * @param bySource how they match a source
     */
    ProxiedMatch(
            Resource resource,
            List<Policy> policies,
            Environment environment,
            Function<Address, PolicyMatch> bySource) {
        this.resource = resource;
        this.policies = policies;
        this.environment = environment;
        this.bySource = bySource;
    }

    Answer judge(ProxyHeader header) {
        if (header instanceof ProxyHeader.Incomplete) {
            return of(Reason.PROXY_HANDSHAKE);
        }
        if (header instanceof ProxyHeader.Local) {
            return of(Reason.PROXY_LOCAL);
        }
        if (header instanceof ProxyHeader.Proxied proxied) {
            return judge(proxied);
        }
        return of(Reason.PROXY_HEADER);
    }

    private Answer judge(ProxyHeader.Proxied header) {
        Optional<PolicyMatch> source = header.source().map(bySource);
        for (Policy policy : policies) {
            if (!policy.type().allows() && matches(policy, source)) {
                return of(Reason.BLOCKLIST, policy, source.orElseThrow().firstRule(policy));
            }
        }
        if (!DesiredState.isProtected(policies, Direction.INGRESS)) {
            return of(Reason.OPEN);
        }
        boolean pending = false;
        for (Policy policy : policies) {
            if (!policy.type().allows()) {
                continue;
            }
            OptionalInt byEndpoint = rule(policy, header.endpoint());
            if (byEndpoint.isPresent()) {
                return of(Reason.POLICY_MATCH, policy, byEndpoint);
            }
            if (matches(policy, source)) {
                return of(Reason.POLICY_MATCH, policy, source.orElseThrow().firstRule(policy));
            }
            pending |=
                    source.map(match -> match.of(policy) == PolicyMatch.Result.PENDING)
                            .orElse(false);
        }
        return of(pending ? Reason.NAME_PENDING : Reason.NO_POLICY_MATCH);
    }

    private static boolean matches(Policy policy, Optional<PolicyMatch> source) {
        return source.map(match -> match.of(policy) == PolicyMatch.Result.MATCH).orElse(false);
    }

    /** The place of the rule that names the endpoint. */
    private OptionalInt rule(Policy policy, Optional<PrivateEndpoint> endpoint) {
        for (int i = 0; i < policy.rules().size() && endpoint.isPresent(); i++) {
            Rule rule = policy.rules().get(i);
            if (environment.endpoint(rule.peers()).equals(endpoint)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    private Answer of(Reason reason) {
        return Answer.of(reason, Direction.INGRESS, resource);
    }

    private Answer of(Reason reason, Policy policy, OptionalInt rule) {
        return Answer.of(reason, Direction.INGRESS, resource, policy.name(), rule);
    }
}
