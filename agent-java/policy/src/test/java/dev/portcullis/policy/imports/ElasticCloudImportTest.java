// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import static dev.portcullis.policy.imports.Imports.accepted;
import static dev.portcullis.policy.imports.Imports.elasticCloud;
import static dev.portcullis.policy.imports.Imports.policy;
import static dev.portcullis.policy.imports.Imports.resource;
import static dev.portcullis.policy.imports.Imports.violations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.api.v1.Rule;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the values of the examples on Elastic's pages about the traffic filter API. */
class ElasticCloudImportTest {
    private static final String DEPLOYMENT = "a8c854b1ff854d46a4e0ad5cb82ab9a9";

    private static final String IP =
            """
            {"id": "5470a0010ebf437bb9294ea9fcba0ba0", "name": "My ingress IP filter policy",
             "region": "azure-japaneast", "description": "", "type": "ip",
             "rules": [
               {"id": "1", "description": "Allow inbound traffic from IP address 192.168.131.0",
                "source": "192.168.131.0"},
               {"id": "2", "description": "Allow inbound traffic within CIDR block 192.168.132.6/22",
                "source": "192.168.132.6/22"}],
             "include_by_default": false,
             "associations": [{"entity_type": "deployment", "id": "%s"}], "total_associations": 1}
            """
                    .formatted(DEPLOYMENT);
    private static final String EGRESS =
            """
            {"name": "My IP filtering Egress Rule Set", "region": "azure-japaneast",
             "type": "egress_firewall", "include_by_default": false, "rules": [
               {"description": "Allow outbound traffic to IP address 192.168.131.0",
                "egress_rule": {"target": "192.168.131.0", "protocol": "all"}},
               {"description": "Allow outbound traffic to CIDR block 192.168.132.6/22",
                "egress_rule": {"target": "192.168.132.6/22", "protocol": "tcp", "ports": [443, 9243]}}],
             "associations": [{"entity_type": "deployment", "id": "%s"}], "total_associations": 1}
            """
                    .formatted(DEPLOYMENT);

    private static final String VPCE = "{\"source\": \"vpce-08d2bf15fac5001c9\"}";
    private static final String AZURE =
            "{\"azure_endpoint_name\": \"azure-demo\","
                    + " \"azure_endpoint_guid\": \"7c0f05e4-e32b-4b10-a246-7b77f7dcc63c\"}";

    private static String of(String deployment, String type) {
        return set(type, VPCE)
                .replace("only-" + type, deployment)
                .replace("set\"", deployment + "\"");
    }

    private static String set(String type, String rules, String... more) {
        return """
        {"id": "%1$s-id", "name": "%1$s set", "region": "r1", "type": "%1$s", %3$s
         "include_by_default": false, "rules": [%2$s],
         "associations": [{"entity_type": "deployment", "id": "only-%1$s"}]}
        """
                .formatted(type, rules, String.join("", more));
    }

    private static Imported sets(String... sets) {
        return elasticCloud("{\"rulesets\": [" + String.join(",", sets) + "]}");
    }

    @Test
    void an_ip_rule_set_becomes_a_policy() {
        PolicySpec policy = policy(sets(IP), "my-ingress-ip-filter-policy");

        assertThat(policy.getType()).isEqualTo("ip");
        assertThat(policy.getRegion()).isEqualTo("azure-japaneast");
        assertThat(policy.getIncludeByDefault()).isFalse();
        assertThat(policy.getDescription()).isEqualTo("My ingress IP filter policy");
        assertThat(policy.getRulesList())
                .extracting(rule -> rule.getSource() + " " + rule.getDescription())
                .containsExactly(
                        "192.168.131.0 Allow inbound traffic from IP address 192.168.131.0",
                        "192.168.132.6/22 Allow inbound traffic within CIDR block 192.168.132.6/22");
        assertThat(sets(IP).yaml())
                .contains("\"My ingress IP filter policy\" (5470a0010ebf437bb9294ea9fcba0ba0)");
    }

    @Test
    void what_is_associated_becomes_a_resource_with_a_place_to_fill_in() {
        Imported imported = sets(IP, IP.replace("My ", "Other "));

        ResourceSpec resource = resource(imported, "deployment-" + DEPLOYMENT);
        assertThat(resource.getPoliciesList())
                .containsExactly("my-ingress-ip-filter-policy", "other-ingress-ip-filter-policy");
        assertThat(resource.getRegion()).isEqualTo("azure-japaneast");
        assertThat(resource.getAddressesList()).containsExactly("2001:db8::1");
        assertThat(imported.lost())
                .singleElement()
                .asString()
                .startsWith("addresses and ports of deployment " + DEPLOYMENT);
    }

    @Test
    void two_deployments_do_not_tie() {
        Imported imported = sets(IP, IP.replace(DEPLOYMENT, "b"));

        assertThat(accepted(imported).resources()).hasSize(2);
    }

    @Test
    void an_egress_rule_set_becomes_a_policy() {
        PolicySpec policy = policy(sets(EGRESS), "my-ip-filtering-egress-rule-set");

        assertThat(policy.getType()).isEqualTo("egress_firewall");
        assertThat(policy.getRulesList())
                .extracting(rule -> rule.getEgressRule())
                .extracting(r -> r.getTarget() + " " + r.getProtocol() + " " + r.getPortsList())
                .containsExactly("192.168.131.0 all []", "192.168.132.6/22 tcp [443, 9243]");
        assertThat(policy.getRules(0).getDescription())
                .isEqualTo("Allow outbound traffic to IP address 192.168.131.0");
    }

    @Test
    void what_leaves_a_deployment_is_judged_whatever_port_it_leaves_from() {
        Imported imported = sets(IP, EGRESS);

        ResourceSpec reached = resource(imported, "deployment-" + DEPLOYMENT);
        assertThat(reached.getPoliciesList())
                .containsExactly("my-ingress-ip-filter-policy", "my-ip-filtering-egress-rule-set");
        ResourceSpec connecting = resource(imported, "deployment-" + DEPLOYMENT + "-egress");
        assertThat(connecting.getPoliciesList()).containsExactly("my-ip-filtering-egress-rule-set");
        assertThat(connecting.getPortsList()).isEmpty();
        assertThat(connecting.getAddressesList()).isEqualTo(reached.getAddressesList());
    }

    @Test
    void what_is_wrong_with_an_egress_rule_is_told_at_its_field() {
        Imported imported =
                sets(
                        set(
                                "egress_firewall",
                                """
                                {"egress_rule": {"target": "10.0.0.0/33", "protocol": "icmp"}},
                                {"egress_rule": {"target": "10.0.0.1", "protocol": "tcp",
                                 "ports": [443, 70000]}},
                                {"source": "10.0.0.1"}
                                """));

        assertThat(violations(imported))
                .extracting(violation -> violation.replaceAll(".*(rules\\[\\d].*?): .*", "$1"))
                .containsExactly(
                        "rules[0].egress_rule.target",
                        "rules[0].egress_rule.protocol",
                        "rules[1].egress_rule.ports[1]",
                        "rules[2].egress_rule");
    }

    @ParameterizedTest
    @CsvSource({
        "vpce, vpce-08d2bf15fac5001c9",
        "gcp_private_service_connect_endpoint, 18446744072646845332"
    })
    void a_rule_set_of_private_endpoints_becomes_a_policy(String type, String id) {
        String rule = "{\"source\": \"%s\", \"description\": \"ours\"}".formatted(id);

        PolicySpec policy = policy(sets(set(type, rule)), type.replace('_', '-') + "-set");

        assertThat(policy.getType()).isEqualTo(type);
        assertThat(policy.getRulesList())
                .extracting(r -> r.getSource() + " " + r.getDescription())
                .containsExactly(id + " ours");
    }

    @Test
    void private_endpoints_of_azure_are_named_as_elastic_does() {
        Imported imported = sets(set("azure_private_endpoint", AZURE));

        PolicySpec policy = policy(imported, "azure-private-endpoint-set");
        assertThat(policy.getRulesList())
                .containsExactly(
                        Rule.newBuilder()
                                .setAzureEndpointName("azure-demo")
                                .setAzureEndpointGuid("7c0f05e4-e32b-4b10-a246-7b77f7dcc63c")
                                .build());
        assertThat(imported.yaml()).contains("azureConnections of agent.yaml");
    }

    @Test
    void what_private_endpoints_reach_has_balancers_to_fill_in_and_is_closed_until_then() {
        Imported imported = sets(IP, set("vpce", VPCE).replace("only-vpce", "b"), of("c", "vpce"));

        ResourceSpec resource = resource(imported, "deployment-b");
        assertThat(resource.getProxyProtocol().getFromList()).containsExactly("2001:db8::3");
        assertThat(resource.getAddressesList()).containsExactly("2001:db8::2");
        assertThat(resource.getPoliciesList()).containsExactly("vpce-set");
        assertThat(imported.lost())
                .anyMatch(l ->
                        l.startsWith("load balancers of deployment b")
                                && l.contains("proxyProtocol.from")
                                && l.endsWith("nobody gets in by a private endpoint"));
        assertThat(resource(imported, "deployment-" + DEPLOYMENT).hasProxyProtocol()).isFalse();
        assertThat(resource(imported, "deployment-c").getProxyProtocol().getFromList())
                .containsExactly("2001:db8::5");
        DesiredState state = accepted(imported);
        assertThat(
                        DesiredState.isProtected(
                                state.associatedPolicies().get("deployment-b"), Direction.INGRESS))
                .isTrue();
    }

    @Test
    void private_endpoints_that_can_not_be_are_told_at_their_fields() {
        Imported imported =
                sets(
                        set("vpce", "{\"source\": \"vpce-00000000000\"}, {}"),
                        set("gcp_private_service_connect_endpoint", "{\"source\": \"-1\"}"),
                        set(
                                "azure_private_endpoint",
                                """
                                {"azure_endpoint_name": "a/b", "azure_endpoint_guid": "7c0f05e4"},
                                {"azure_endpoint_name": "a"}
                                """));

        assertThat(violations(imported))
                .extracting(violation -> violation.replaceAll("^[^ ]*: (rulesets)", "$1"))
                .satisfiesExactly(
                        v ->
                                assertThat(v)
                                        .startsWith(
                                                "rulesets[0].rules[0].source: \"vpce-00000000000\""
                                                        + " is not the id of a VPC endpoint"),
                        v ->
                                assertThat(v)
                                        .isEqualTo(
                                                "rulesets[0].rules[1].source: is missing, and this"
                                                        + " rule set is of type vpce"),
                        v ->
                                assertThat(v)
                                        .startsWith(
                                                "rulesets[1].rules[0].source: \"-1\" is not a PSC"
                                                        + " connection id"),
                        v ->
                                assertThat(v)
                                        .startsWith(
                                                "rulesets[2].rules[0].azure_endpoint_name: \"a/b\""),
                        v ->
                                assertThat(v)
                                        .startsWith(
                                                "rulesets[2].rules[0].azure_endpoint_guid:"
                                                        + " \"7c0f05e4\" is not a GUID"),
                        v ->
                                assertThat(v)
                                        .startsWith(
                                                "rulesets[2].rules[1].azure_endpoint_guid: is"
                                                        + " missing"));
    }

    @Test
    void what_only_egress_rule_sets_protect_stays_open_to_what_arrives() {
        Imported imported = sets(EGRESS);

        assertThat(accepted(imported).resources()).containsOnlyKeys("deployment-" + DEPLOYMENT);
        assertThat(resource(imported, "deployment-" + DEPLOYMENT).getPoliciesList())
                .containsExactly("my-ip-filtering-egress-rule-set");
    }

    @Test
    void an_egress_rule_set_does_not_open_what_private_connections_alone_reach() {
        String link = set("vpce", VPCE).replace("only-vpce", DEPLOYMENT);
        Imported imported = sets(link.replace("r1", "azure-japaneast"), EGRESS);

        assertThat(resource(imported, "deployment-" + DEPLOYMENT).getPoliciesList())
                .containsExactly("vpce-set", "my-ip-filtering-egress-rule-set");
    }

    @Test
    void remote_cluster_rules_by_id_are_left_out_and_the_policy_stays_closed() {
        Imported imported =
                sets(
                        set(
                                "remote_cluster",
                                """
                                {"remote_cluster_id": "ZGEg-cluster", "remote_cluster_org_id": "1234567890"},
                                {"remote_cluster_org_id": "1234567891", "description": "other org"},
                                {"source": "203.0.113.0/24"}
                                """));

        PolicySpec policy = policy(imported, "remote-cluster-set");
        assertThat(policy.getType()).isEqualTo("remote_cluster");
        assertThat(policy.getRulesList())
                .extracting(rule -> rule.getSource())
                .containsExactly("203.0.113.0/24");
        assertThat(imported.lost()).anyMatch(lost -> lost.contains("inside TLS"));
        assertThat(imported.yaml())
                .contains("#   - remote_cluster_id ZGEg-cluster; remote_cluster_org_id 1234567890")
                .contains("#   - remote_cluster_org_id 1234567891; description other org");
        assertThat(resource(imported, "deployment-only-remote-cluster").getPoliciesList())
                .containsExactly("remote-cluster-set");
    }

    @ParameterizedTest
    @EnumSource
    void every_type_of_rule_set_is_known(RuleSetType type) {
        String rule =
                switch (type) {
                    case IP, REMOTE_CLUSTER -> "{\"source\": \"10.0.0.0/8\"}";
                    case EGRESS_FIREWALL ->
                            "{\"egress_rule\": {\"target\": \"10.0.0.0/8\", \"protocol\": \"udp\"}}";
                    case VPCE -> VPCE;
                    case AZURE_PRIVATE_ENDPOINT -> AZURE;
                    case GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT -> "{\"source\": \"1\"}";
                };

        assertThat(sets(set(type.text(), rule)).violations()).isEmpty();
    }

    @Test
    void unknown_types_are_refused_by_name() {
        assertThat(violations(sets(set("vcpe", ""), set("geo_ip", ""))))
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .contains("rulesets[0].type: no type of rule set is named")
                                        .contains("\"vcpe\" (did you mean \"vpce\"?)"),
                        second ->
                                assertThat(second)
                                        .startsWith("rulesets.json:")
                                        .contains("rulesets[1].type: no type of rule set is named")
                                        .contains("\"geo_ip\"; known: ip, remote_cluster, "));
    }

    @Test
    void names_are_made_sound_and_unique() {
        Imported imported =
                sets(
                        named("Büro  (Köln)", ""),
                        named("b-ro-k-ln", ""),
                        named("日本", ""),
                        named("..Dots..and.-dashes-", ""));

        assertThat(accepted(imported).policies())
                .containsOnlyKeys("b-ro-k-ln", "b-ro-k-ln-2", "rule-set-id7", "dots.and.dashes");
        assertThat(policy(imported, "rule-set-id7").getDescription()).isEqualTo("日本");
        assertThat(imported.yaml()).contains("Elastic's rule set \"日本\" (id7)");
    }

    @Test
    void descriptions_and_defaults_are_carried_over() {
        PolicySpec policy =
                policy(
                        sets(
                                named("office", "head\\noffice \\ud83d\\ude00")
                                        .replace("false", "true")),
                        "office");

        assertThat(policy.getDescription()).isEqualTo("head office 😀");
        assertThat(policy.getIncludeByDefault()).isTrue();
    }

    @Test
    void a_description_that_is_too_long_is_cut() {
        assertThat(policy(sets(named("office", "x".repeat(2000))), "office").getDescription())
                .hasSize(1024)
                .endsWith("x…");
    }

    @Test
    void nothing_in_a_text_leaves_its_comment() {
        String evil = "x\\n---\\nkind: Policy\\n\\u2028# \\u0085a: b\\u001b[31m";
        Imported imported =
                sets(
                        named(evil, evil),
                        set(
                                "remote_cluster",
                                "{\"remote_cluster_id\": \""
                                        + evil
                                        + "\", \"description\": \""
                                        + evil
                                        + "\"}"));

        assertThat(accepted(imported).policies()).hasSize(2);
        assertThat(imported.lost())
                .noneMatch(line -> line.contains("\n") || line.contains("\u001b"));
    }

    @Test
    void associations_that_are_not_in_the_file_are_told() {
        String few = IP.replace("\"total_associations\": 1", "\"total_associations\": 3");
        String none = "{\"id\": \"id9\", \"name\": \"bare\", \"type\": \"ip\", \"rules\": []}";

        assertThat(sets(few).lost())
                .anyMatch(l -> l.startsWith("2 of the associations of rule set"));
        assertThat(sets(none).lost()).anyMatch(l -> l.contains("?include_associations=true"));
    }

    @Test
    void everything_that_is_wrong_is_told_with_line_and_path() {
        Imported imported =
                elasticCloud(
                        """
                        {"rulesets": [
                          {"name": "a", "type": "ip", "rules": [
                            {"source": "10.0.0.0/33"},
                            {"description": "no source"}
                          ]},
                          {"name": "b", "rules": {}},
                          {"name": "c", "type": "ip", "include_by_default": "perhaps",
                           "associations": [{"entity_type": "deployment"}]},
                          "d"
                        ]}
                        """);

        assertThat(violations(imported))
                .extracting(violation -> violation.substring(0, violation.lastIndexOf(": ")))
                .contains(
                        "rulesets.json:3: rulesets[0].rules[0].source",
                        "rulesets.json:4: rulesets[0].rules[1].source",
                        "rulesets.json:6: rulesets[1].type",
                        "rulesets.json:6: rulesets[1].rules",
                        "rulesets.json:7: rulesets[2].include_by_default",
                        "rulesets.json:8: rulesets[2].associations[0].id",
                        "rulesets.json:9: rulesets[3]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"items\": []}", "<html>", "{\"rulesets\": 7}"})
    void what_is_no_answer_of_the_interface_is_refused(String text) {
        assertThat(violations(elasticCloud(text))).hasSize(1);
    }

    @Test
    void tabs_and_a_byte_order_mark_are_taken() {
        Imported imported = elasticCloud("\uFEFF{\n\t\"rulesets\": [\n\t\t" + IP + "\t]\n}\n");

        assertThat(accepted(imported).policies()).hasSize(1);
    }

    @Test
    void no_rule_sets_make_no_objects() {
        Imported imported = elasticCloud("{\"rulesets\": []}");

        assertThat(imported.violations()).isEmpty();
        assertThat(imported.objects()).isEqualTo(List.of());
    }

    private static String named(String name, String description) {
        return """
        {"id": "id7", "name": "%s", "description": "%s", "region": "r1", "type": "ip",
         "include_by_default": false, "rules": [{"source": "10.0.0.0/8"}], "associations": []}
        """
                .formatted(name, description);
    }
}
