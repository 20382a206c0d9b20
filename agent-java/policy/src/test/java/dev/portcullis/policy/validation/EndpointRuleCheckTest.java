// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.EgressRule;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.Rule;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointRuleCheckTest {
    private static final String AZURE = "azure_private_endpoint";
    private static final String GCP = "gcp_private_service_connect_endpoint";
    private static final String GUID = "7c0f05e4-e32b-4b10-a246-7b77f7dcc63c";

    private static Checked<dev.portcullis.policy.model.Policy> check(
            String type, Rule.Builder... rules) {
        PolicySpec.Builder spec = PolicySpec.newBuilder().setType(type);
        Arrays.stream(rules).forEach(spec::addRules);
        return Conversion.policy(
                Policy.newBuilder()
                        .setMetadata(Metadata.newBuilder().setName("p"))
                        .setSpec(spec)
                        .build());
    }

    private static List<String> violations(String type, Rule.Builder... rules) {
        return check(type, rules).violations().stream().map(Violation::toString).toList();
    }

    private static List<Peers> peers(String type, Rule.Builder... rules) {
        return check(type, rules).value().orElseThrow().rules().stream()
                .map(rule -> rule.peers())
                .toList();
    }

    private static Rule.Builder source(String source) {
        return Rule.newBuilder().setSource(source);
    }

    private static Rule.Builder named(String name, String guid) {
        return Rule.newBuilder().setAzureEndpointName(name).setAzureEndpointGuid(guid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vpce-08d2bf15fac5001c9", "vpce-1a2b3c4d"})
    void an_id_of_a_vpc_endpoint_is_sound(String id) {
        assertThat(peers("vpce", source(id)))
                .containsExactly(new Peers.Endpoint(PrivateEndpoint.aws(id)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vpce-08D2BF15FAC5001C9",
                "vpce-08d2bf15fac5001c",
                "vpc-08d2bf15fac5001c9",
                "vpce-svc-08d2bf15fac5001c9",
                " vpce-08d2bf15fac5001c9"
            })
    void another_id_is_refused_with_one_for_example(String id) {
        assertThat(violations("vpce", source(id)))
                .containsExactly(
                        "policy p: spec.rules[0].source: \""
                                + id
                                + "\" is not the id of a VPC endpoint; write such as"
                                + " vpce-08d2bf15fac5001c9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "18446744073709551615"})
    void a_number_of_64_bits_is_a_connection_of_gcp(String id) {
        assertThat(peers(GCP, source(id)))
                .containsExactly(
                        new Peers.Endpoint(PrivateEndpoint.gcp(Long.parseUnsignedLong(id))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"18446744073709551616", "-1", "psc-1", "0x10"})
    void another_number_is_refused(String id) {
        assertThat(violations(GCP, source(id)))
                .singleElement()
                .asString()
                .startsWith(
                        "policy p: spec.rules[0].source: \"" + id + "\" is not a PSC connection");
    }

    @Test
    void a_link_identifier_is_sound_from_zero_to_32_bits() {
        assertThat(peers(AZURE, Rule.newBuilder().setLinkId(0), Rule.newBuilder().setLinkId(-1)))
                .containsExactly(
                        new Peers.Endpoint(PrivateEndpoint.azure(0)),
                        new Peers.Endpoint(PrivateEndpoint.azure(4_294_967_295L)));
    }

    @Test
    void a_name_with_its_guid_stands_for_a_link_identifier_whatever_their_case() {
        Checked<dev.portcullis.policy.model.Policy> checked =
                check(AZURE, named("Azure-Demo", "7C0F05E4-e32b-4b10-a246-7b77f7dcc63c"));

        assertThat(checked.value().orElseThrow().rules())
                .extracting(rule -> rule.peers())
                .containsExactly(new Peers.AzureEndpoint("azure-demo", GUID));
        assertThat(checked.value().orElseThrow().rules().get(0).source())
                .isEqualTo("Azure-Demo.7C0F05E4-e32b-4b10-a246-7b77f7dcc63c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "a_b.c-d", "a_"})
    void a_name_as_azure_has_them_is_sound(String name) {
        assertThat(violations(AZURE, named(name, GUID))).isEmpty();
        assertThat(violations(AZURE, named(name + "x".repeat(80 - name.length()), GUID))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", "_a", "a.", "a-", "a b", "a/b", "ä", "a\n"})
    void another_name_is_refused(String name) {
        assertThat(violations(AZURE, named(name, GUID)))
                .singleElement()
                .asString()
                .startsWith("policy p: spec.rules[0].azureEndpointName: ")
                .contains("1 to 80 letters, digits");
    }

    @Test
    void a_name_of_81_characters_is_refused() {
        assertThat(violations(AZURE, named("a".repeat(81), GUID))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7c0f05e4",
                "7c0f05e4e32b4b10a2467b77f7dcc63c",
                "{7c0f05e4-e32b-4b10-a246-7b77f7dcc63c}",
                "7c0f05e4-e32b-4b10-a246-7b77f7dcc63g"
            })
    void what_is_no_guid_is_refused(String guid) {
        assertThat(violations(AZURE, named("a", guid)))
                .containsExactly(
                        "policy p: spec.rules[0].azureEndpointGuid: \""
                                + guid
                                + "\" is not a GUID; write the private endpoint's resource GUID,"
                                + " such as 7c0f05e4-e32b-4b10-a246-7b77f7dcc63c");
    }

    @Test
    void everything_that_is_wrong_with_rules_about_azure_is_told_at_once() {
        assertThat(
                        violations(
                                AZURE,
                                Rule.newBuilder(),
                                named("a b", "x"),
                                Rule.newBuilder().setAzureEndpointName("a"),
                                Rule.newBuilder().setAzureEndpointGuid(GUID),
                                named("a", GUID).setLinkId(1),
                                named("a", "x").setSource("vpce-1"),
                                source("vpce-1")))
                .extracting(violation -> violation.replaceAll("^policy p: spec.(.*?): .*$", "$1"))
                .containsExactly(
                        "rules[0].linkId",
                        "rules[1].azureEndpointName",
                        "rules[1].azureEndpointGuid",
                        "rules[2].azureEndpointGuid",
                        "rules[3].azureEndpointName",
                        "rules[4].linkId",
                        "rules[5].source",
                        "rules[5].azureEndpointGuid",
                        "rules[6].source");
    }

    @Test
    void what_is_missing_is_told_with_both_ways_to_write_it() {
        assertThat(violations(AZURE, Rule.newBuilder()))
                .containsExactly(
                        "policy p: spec.rules[0].linkId: is missing; write the link identifier of"
                                + " the private endpoint's connection, such as 134217729, or"
                                + " azureEndpointName and azureEndpointGuid");
        assertThat(violations(AZURE, Rule.newBuilder().setAzureEndpointName("a")))
                .containsExactly(
                        "policy p: spec.rules[0].azureEndpointGuid: is missing; write the private"
                                + " endpoint's resource GUID too");
    }

    @Test
    void a_name_that_is_there_twice_is_a_warning() {
        assertThat(check(AZURE, named("a", GUID), named("A", GUID)).warnings())
                .containsExactly(
                        "policy p: spec.rules[1].azureEndpointName: A."
                                + GUID
                                + " is in spec.rules[0] too; this rule adds nothing");
    }

    @Test
    void fields_of_azure_are_refused_in_other_types() {
        assertThat(violations("vpce", named("a", GUID).setSource("vpce-1a2b3c4d").setLinkId(1)))
                .extracting(violation -> violation.replaceAll("^policy p: spec.(.*?): .*$", "$1"))
                .containsExactly(
                        "rules[0].linkId",
                        "rules[0].azureEndpointName",
                        "rules[0].azureEndpointGuid");
    }

    @Test
    void fields_of_rules_about_addresses_are_refused() {
        assertThat(
                        violations(
                                "vpce",
                                source("vpce-1a2b3c4d")
                                        .setSet("office")
                                        .setRemoteClusterId("c")
                                        .setRemoteClusterOrgId("o")
                                        .setEgressRule(EgressRule.newBuilder())))
                .containsExactly(
                        "policy p: spec.rules[0].set: is not for policies of type vpce",
                        "policy p: spec.rules[0].egressRule: is not for policies of type vpce",
                        "policy p: spec.rules[0].remoteClusterId: is not for policies of type vpce",
                        "policy p: spec.rules[0].remoteClusterOrgId: is not for policies of type"
                                + " vpce");
    }
}
