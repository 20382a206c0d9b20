// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.endpoints;

import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.validation.RulePath;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * A private endpoint of Azure that a rule names.
 *
 * @param policy the rule's
 * @param field where the rule names it
 */
public record NamedEndpoint(String policy, String field, Peers.AzureEndpoint endpoint) {
    /** Those of a state, in order. */
    public static List<NamedEndpoint> of(DesiredState state) {
        List<NamedEndpoint> named = new ArrayList<>();
        for (Policy policy : state.policies().values()) {
            for (int i = 0; i < policy.rules().size(); i++) {
                if (policy.rules().get(i).peers() instanceof Peers.AzureEndpoint endpoint) {
                    String field = RulePath.of(policy, i) + ".azureEndpointName";
                    named.add(new NamedEndpoint(policy.name(), field, endpoint));
                }
            }
        }
        return named;
    }

    /** The same for every rule of the policy that names it, wherever it is written. */
    public NamedEndpoint anywhere() {
        return new NamedEndpoint(policy, "", endpoint);
    }

    Violation violation(String message) {
        return new Violation(new ObjectName(ObjectKind.POLICY, policy).toString(), field, message);
    }
}
