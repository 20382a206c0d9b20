// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.validation.Location;
import dev.portcullis.policy.validation.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentReaderTest {
    private static final String OFFICE =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: office}
            spec:
              type: ip
              rules:
                - {source: 203.0.113.0/24, description: head office}
                - {source: "2001:db8:7::/48"}
            """;
    private static final String ELASTICSEARCH =
            """
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: elasticsearch}
            spec:
              addresses: [10.20.0.0/16]            # missing: every local address
              ports:                               # missing: every protocol and port
                - {protocol: TCP, port: 9200}
                - {protocol: TCP, port: 9300, endPort: 9310}
              policies: [office]                   # the associations, in order
            """;

    @Test
    void the_example_of_the_issue_is_read() {
        Documents documents = read(OFFICE + "---\n" + ELASTICSEARCH);

        assertThat(documents.violations()).isEmpty();
        Policy policy = (Policy) documents.objects().get(0);
        assertThat(policy.getMetadata().getName()).isEqualTo("office");
        assertThat(policy.getSpec().getType()).isEqualTo("ip");
        assertThat(policy.getSpec().getRules(0).getSource()).isEqualTo("203.0.113.0/24");
        assertThat(policy.getSpec().getRules(0).getDescription()).isEqualTo("head office");
        assertThat(policy.getSpec().getRules(1).getSource()).isEqualTo("2001:db8:7::/48");
        Resource resource = (Resource) documents.objects().get(1);
        assertThat(resource.getSpec().getAddressesList()).containsExactly("10.20.0.0/16");
        assertThat(resource.getSpec().getPorts(1).getPort()).isEqualTo(9300);
        assertThat(resource.getSpec().getPorts(1).getEndPort()).isEqualTo(9310);
        assertThat(resource.getSpec().getPorts(0).hasEndPort()).isFalse();
        assertThat(resource.getSpec().getPoliciesList()).containsExactly("office");
    }

    @Test
    void a_document_knows_its_name_and_first_line() {
        Documents documents = read(OFFICE + "---\n" + ELASTICSEARCH);

        assertThat(documents.documents())
                .extracting(Document::name)
                .containsExactly(
                        new ObjectName(ObjectKind.POLICY, "office"),
                        new ObjectName(ObjectKind.RESOURCE, "elasticsearch"));
        assertThat(documents.documents())
                .extracting(Document::location)
                .containsExactly(new Location("x.yaml", 1), new Location("x.yaml", 10));
    }

    @Test
    void a_scalar_for_a_text_field_keeps_its_raw_text() {
        Documents documents = read(policyWithRules("[{source: 10}, {source: 0x1F}, {source: no}]"));

        assertThat(documents.violations()).isEmpty();
        assertThat(((Policy) documents.objects().get(0)).getSpec().getRulesList())
                .extracting(rule -> rule.getSource())
                .containsExactly("10", "0x1F", "no");
    }

    @Test
    void a_number_may_be_in_quotes_as_in_canonical_json() {
        Documents documents = read(resourceWithPorts("[{port: \"9200\"}]"));

        assertThat(documents.violations()).isEmpty();
        assertThat(((Resource) documents.objects().get(0)).getSpec().getPorts(0).getPort())
                .isEqualTo(9200);
    }

    @Test
    void a_field_without_value_is_as_if_it_were_missing() {
        Documents documents = read(policyWithRules("") + "  description: ~\n");

        assertThat(documents.violations()).isEmpty();
        assertThat(((Policy) documents.objects().get(0)).getSpec().getRulesCount()).isZero();
    }

    @Test
    void aliases_stand_for_what_they_name() {
        Documents documents = read(policyWithRules("[&a {source: 10.0.0.1}, *a, {source: *b}]"));
        Documents known = read(policyWithRules("[&a {source: &b 10.0.0.1}, *a, {source: *b}]"));

        assertThat(messages(documents))
                .containsExactly(
                        "x.yaml:6: can't be read: the alias *b names nothing that is"
                                + " complete before it");
        assertThat(((Policy) known.objects().get(0)).getSpec().getRulesList())
                .extracting(rule -> rule.getSource())
                .containsExactly("10.0.0.1", "10.0.0.1", "10.0.0.1");
    }

    @Test
    void an_alias_to_what_is_around_it_is_no_endless_loop() {
        assertThat(messages(read(policyWithRules("&r [{source: *r}]"))))
                .containsExactly(
                        "x.yaml:6: can't be read: the alias *r names nothing that is"
                                + " complete before it");
    }

    @Test
    void aliases_without_end_are_refused() {
        String many = "*a, ".repeat(1_001);

        assertThat(messages(read(policyWithRules("[&a {source: 10.0.0.1}, " + many + "]"))))
                .containsExactly(
                        "x.yaml:6: can't be read: it has more than 1000 aliases; write the"
                                + " values out");
    }

    @Test
    void nesting_without_end_is_refused() {
        assertThat(messages(read("[".repeat(100_000))))
                .containsExactly(
                        "x.yaml:1: can't be read: lists and maps are more than 50 deep"
                                + " in each other");
    }

    @Test
    void an_unknown_field_is_named_with_the_nearest_known_one() {
        assertThat(
                        messages(
                                read(
                                        policyWithRules(
                                                "\n    - source: 10.0.0.1\n    - sorce: 10.0.0.2"))))
                .containsExactly(
                        "x.yaml:8: policy office: spec.rules[1].sorce: no such field (did you mean"
                                + " \"source\"?); known here: source, description, set,"
                                + " remoteClusterId, remoteClusterOrgId, egressRule, linkId,"
                                + " azureEndpointName, azureEndpointGuid");
    }

    @Test
    void the_name_of_the_schema_is_read_too_and_messages_name_that_of_files() {
        Documents documents =
                read(resourceWithPorts("[{port: 1, end_port: 2}, {port: 3, end_port: x}]"));

        assertThat(messages(documents))
                .containsExactly(
                        "x.yaml:5: resource web: spec.ports[1].endPort: is \"x\", and must be a"
                                + " whole number");
    }

    @Test
    void a_field_under_both_its_names_is_given_twice() {
        assertThat(messages(read(resourceWithPorts("[{port: 1, end_port: 2, endPort: 2}]"))))
                .containsExactly(
                        "x.yaml:5: resource web: spec.ports[0].endPort: is given a second time,"
                                + " after line 5; keep one of them");
    }

    @Test
    void an_unknown_field_of_the_object_names_apiVersion_and_kind_too() {
        assertThat(messages(read(OFFICE + "status: {}\n")))
                .singleElement()
                .asString()
                .startsWith("x.yaml:9: policy office: status: no such field; known here: ")
                .contains("apiVersion", "kind", "metadata", "spec");
    }

    @Test
    void a_field_that_is_given_twice_is_refused() {
        assertThat(messages(read(OFFICE + "kind: Policy\n")))
                .containsExactly(
                        "x.yaml:9: policy office: kind: is given a second time, after line 2; keep"
                                + " one of them");
    }

    @Test
    void a_text_where_a_list_belongs_is_refused() {
        assertThat(messages(read(policyWithRules("10.0.0.0/8"))))
                .containsExactly(
                        "x.yaml:6: policy office: spec.rules: is \"10.0.0.0/8\", and must be a"
                                + " list, such as [...]");
    }

    @Test
    void a_text_where_a_map_belongs_is_refused() {
        assertThat(messages(read(policyWithRules("[10.0.0.0/8]"))))
                .containsExactly(
                        "x.yaml:6: policy office: spec.rules[0]: is \"10.0.0.0/8\", and must be a"
                                + " map of source, description, set, remoteClusterId,"
                                + " remoteClusterOrgId, egressRule, linkId,"
                                + " azureEndpointName, azureEndpointGuid");
    }

    @Test
    void a_map_where_a_text_belongs_is_refused() {
        assertThat(messages(read(policyWithRules("[{source: {cidr: 10.0.0.0/8}}]"))))
                .containsExactly(
                        "x.yaml:6: policy office: spec.rules[0].source: is a map, and must be one"
                                + " value");
    }

    @Test
    void an_empty_item_of_a_list_is_refused() {
        assertThat(messages(read(policyWithRules("\n    -"))))
                .containsExactly(
                        "x.yaml:7: policy office: spec.rules[0]: is empty; give it a value or take"
                                + " it out");
    }

    @Test
    void a_word_is_no_number() {
        assertThat(messages(read(resourceWithPorts("[{port: http}]"))))
                .containsExactly(
                        "x.yaml:5: resource web: spec.ports[0].port: is \"http\", and must be a"
                                + " whole number");
    }

    @Test
    void a_number_with_a_leading_zero_is_refused_since_some_take_it_for_octal() {
        assertThat(messages(read(resourceWithPorts("[{port: 022}]"))))
                .containsExactly(
                        "x.yaml:5: resource web: spec.ports[0].port: is \"022\", and must be a"
                                + " whole number");
    }

    @Test
    void a_negative_number_is_out_of_range() {
        assertThat(messages(read(resourceWithPorts("[{port: -1}]"))))
                .containsExactly(
                        "x.yaml:5: resource web: spec.ports[0].port: is \"-1\", and must be a whole"
                                + " number from 0 to 4294967295");
    }

    @Test
    void a_number_beyond_32_bits_is_out_of_range() {
        assertThat(messages(read(resourceWithPorts("[{port: 4294967296}]"))))
                .containsExactly(
                        "x.yaml:5: resource web: spec.ports[0].port: is \"4294967296\", and must be"
                                + " a whole number from 0 to 4294967295");
    }

    @Test
    void a_missing_name_is_told() {
        assertThat(messages(read("apiVersion: portcullis.dev/v1\nkind: Policy\nspec: {type: ip}")))
                .containsExactly(
                        "x.yaml:1: policy: metadata.name: is missing; give the policy a name");
    }

    @Test
    void a_mistyped_kind_is_told_with_the_known_one() {
        assertThat(messages(read("apiVersion: portcullis.dev/v1\nkind: polcy\n")))
                .containsExactly(
                        "x.yaml:2: kind: is \"polcy\", and must be Policy, Resource, Association"
                                + " or AddressSet (did you mean \"Policy\"?)");
    }

    @Test
    void missing_kind_and_version_are_told() {
        assertThat(messages(read("metadata: {name: office}")))
                .containsExactly(
                        "x.yaml:1: apiVersion: is missing; write portcullis.dev/v1",
                        "x.yaml:1: kind: is missing; write Policy, Resource, Association or"
                                + " AddressSet");
    }

    @Test
    void another_version_is_refused() {
        assertThat(messages(read(OFFICE.replace("dev/v1", "dev/v2"))))
                .containsExactly(
                        "x.yaml:1: policy office: apiVersion: is \"portcullis.dev/v2\", and must be"
                                + " portcullis.dev/v1");
    }

    @Test
    void a_foreign_yaml_tag_is_refused() {
        assertThat(messages(read(policyWithRules("[{source: !env HOME}]"))))
                .containsExactly(
                        "x.yaml:6: policy office: spec.rules[0].source: has the YAML tag \"!env\";"
                                + " take it out");
    }

    @Test
    void all_errors_of_all_documents_and_texts_are_told_at_once() {
        Documents documents =
                DocumentReader.read(
                        List.of(
                                new SourceText(
                                        "a.yaml",
                                        policyWithRules("[{sorce: 1}, 2]")
                                                + "---\n"
                                                + resourceWithPorts("[{port: x}, {prt: 1}]")),
                                new SourceText("-", "{")));

        assertThat(messages(documents))
                .containsExactly(
                        "a.yaml:6: policy office: spec.rules[0].sorce: no such field (did you mean"
                                + " \"source\"?); known here: source, description, set,"
                                + " remoteClusterId, remoteClusterOrgId, egressRule, linkId,"
                                + " azureEndpointName, azureEndpointGuid",
                        "a.yaml:6: policy office: spec.rules[1]: is \"2\", and must be a map of"
                                + " source, description, set, remoteClusterId,"
                                + " remoteClusterOrgId, egressRule, linkId,"
                                + " azureEndpointName, azureEndpointGuid",
                        "a.yaml:12: resource web: spec.ports[0].port: is \"x\", and must be a whole"
                                + " number",
                        "a.yaml:12: resource web: spec.ports[1].prt: no such field (did you mean"
                                + " \"port\"?); known here: protocol, port, endPort",
                        "-:1: is not YAML: expected the node content, but found '<stream end>'");
    }

    @Test
    void a_text_that_is_not_yaml_is_told_with_its_line() {
        assertThat(messages(read("kind: Policy\n\tspec: x\n")))
                .containsExactly(
                        "x.yaml:2: is not YAML: found character '\\t(TAB)' that cannot start any"
                                + " token. (Do not use \\t(TAB) for indentation)");
    }

    @Test
    void a_binary_file_is_told_to_be_no_yaml() {
        assertThat(messages(read("\u007fELF\u0002\u0001\u0000\n")))
                .containsExactly(
                        "x.yaml:1: is not YAML: the character U+0002 is not allowed in it");
    }

    @Test
    void a_character_that_is_not_allowed_is_told_with_its_line() {
        assertThat(messages(read("# 😀\n# one\n\u0000")))
                .containsExactly(
                        "x.yaml:3: is not YAML: the character U+0000 is not allowed in it");
    }

    @Test
    void plain_text_is_no_object() {
        assertThat(messages(read("hello")))
                .containsExactly(
                        "x.yaml:1: is \"hello\", and must be an object with apiVersion, kind,"
                                + " metadata and spec");
    }

    @Test
    void an_empty_text_is_told() {
        assertThat(messages(read("")))
                .containsExactly(
                        "x.yaml:1: holds no object; write one with apiVersion, kind and metadata");
    }

    @Test
    void a_text_of_comments_and_empty_documents_is_empty_too() {
        assertThat(messages(read("# nothing\n---\n---\n# here\n")))
                .containsExactly(
                        "x.yaml:1: holds no object; write one with apiVersion, kind and metadata");
    }

    @Test
    void an_empty_document_between_others_is_skipped() {
        Documents documents = read("---\n---\n" + OFFICE + "---\n");

        assertThat(documents.violations()).isEmpty();
        assertThat(documents.objects()).hasSize(1);
    }

    @Test
    void a_byte_order_mark_is_skipped() {
        assertThat(read("\uFEFF" + OFFICE).violations()).isEmpty();
    }

    @Test
    void windows_line_ends_are_line_ends() {
        assertThat(messages(read(policyWithRules("[1]").replace("\n", "\r\n"))))
                .singleElement()
                .asString()
                .startsWith("x.yaml:6: policy office: spec.rules[0]: ");
    }

    @Test
    void a_violation_is_located_by_its_object_and_field() {
        Documents documents = read(OFFICE + "---\n" + ELASTICSEARCH);

        List<Violation> located =
                documents.located(
                        List.of(
                                new Violation("policy office", "spec.rules[1].source", "a"),
                                new Violation("resource elasticsearch", "spec.ports[1]", "b")));

        assertThat(located)
                .extracting(Violation::toString)
                .containsExactly(
                        "x.yaml:8: policy office: spec.rules[1].source: a",
                        "x.yaml:17: resource elasticsearch: spec.ports[1]: b");
    }

    @Test
    void a_violation_of_what_is_not_written_is_located_at_what_is_around_it() {
        List<Violation> located =
                read(OFFICE)
                        .located(
                                List.of(
                                        new Violation("policy office", "spec.rules[9].source", "a"),
                                        new Violation("policy office", "", "b"),
                                        new Violation("policy home", "spec", "c")));

        assertThat(located)
                .extracting(Violation::toString)
                .containsExactly(
                        "x.yaml:6: policy office: spec.rules[9].source: a",
                        "x.yaml:1: policy office: b",
                        "policy home: spec: c");
    }

    @Test
    void a_policy_of_100_000_rules_is_read_in_a_moment() {
        StringBuilder text = new StringBuilder(policyWithRules(""));
        for (int i = 0; i < 100_000; i++) {
            text.append("    - {source: 10.").append(i >> 16).append('.').append((i >> 8) & 255);
            text.append('.').append(i & 255).append("/32, description: host ").append(i);
            text.append("}\n");
        }
        Instant begin = Instant.now();

        Documents documents = read(text.toString());

        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(8));
        assertThat(((Policy) documents.objects().get(0)).getSpec().getRulesCount())
                .isEqualTo(100_000);
    }

    private static String policyWithRules(String rules) {
        return """
        apiVersion: portcullis.dev/v1
        kind: Policy
        metadata: {name: office}
        spec:
          type: ip
          rules: %s
        """
                .formatted(rules);
    }

    private static String resourceWithPorts(String ports) {
        return """
        apiVersion: portcullis.dev/v1
        kind: Resource
        metadata: {name: web}
        spec:
          ports: %s
        """
                .formatted(ports);
    }

    private static Documents read(String text) {
        return DocumentReader.read(List.of(new SourceText("x.yaml", text)));
    }

    private static List<String> messages(Documents documents) {
        return documents.violations().stream().map(Violation::toString).toList();
    }
}
