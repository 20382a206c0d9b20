// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.reference.ReferencePacket.Ports;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AzureByNameTest {
    private static final Address BALANCER = Address.parse("10.40.255.1");
    private static final PrivateEndpoint LINK = PrivateEndpoint.azure(7);
    private static final Peers.AzureEndpoint NAME =
            new Peers.AzureEndpoint("demo", "7c0f05e4-e32b-4b10-a246-7b77f7dcc63c");
    private static final Environment NOTHING = Environment.of(HostAddresses.of(List.of()));

    private static Answer answer(Peers peers, Environment words, PrivateEndpoint through) {
        Rule other = Rule.allow("other", new Peers.Endpoint(PrivateEndpoint.azure(1)));
        Policy policy =
                Policy.of(
                        "azure",
                        PolicyType.AZURE_PRIVATE_ENDPOINT,
                        List.of(other, Rule.allow("demo", peers)));
        Resource resource =
                Resource.of(
                                "web",
                                LocalAddresses.EVERY,
                                List.of(PortMatch.EVERYTHING),
                                Set.of(),
                                List.of("azure"))
                        .withBalancers(Set.of(Prefix.of(BALANCER)));
        ReferencePacket packet =
                ReferencePacket.withPorts(
                        "eth0",
                        ReferencePacket.TCP,
                        BALANCER,
                        Address.parse("10.20.0.1"),
                        new Ports(40_000, 443));
        return ReferenceModel.judge(
                new DesiredState(Map.of("azure", policy), Map.of("web", resource)),
                List.of(),
                words,
                packet,
                new ProxyHeader.Proxied(28, Optional.empty(), Optional.of(through)));
    }

    @Test
    void a_name_lets_in_who_comes_by_the_link_that_it_stands_for() {
        Environment words = NOTHING.withEndpoints(Map.of(NAME, LINK));

        Answer byName = answer(NAME, words, LINK);

        assertThat(byName.decision().reason()).isEqualTo(Reason.POLICY_MATCH);
        assertThat(byName.rule()).isEqualTo(OptionalInt.of(1));
        assertThat(byName).isEqualTo(answer(new Peers.Endpoint(LINK), words, LINK));
    }

    @Test
    void a_name_lets_in_nobody_who_comes_by_another_link() {
        Environment words = NOTHING.withEndpoints(Map.of(NAME, LINK));

        assertThat(answer(NAME, words, PrivateEndpoint.azure(8)).decision().reason())
                .isEqualTo(Reason.NO_POLICY_MATCH);
    }

    @Test
    void a_name_that_stands_for_nothing_lets_in_nobody() {
        assertThat(answer(NAME, NOTHING, LINK).decision().reason())
                .isEqualTo(Reason.NO_POLICY_MATCH);
    }
}
