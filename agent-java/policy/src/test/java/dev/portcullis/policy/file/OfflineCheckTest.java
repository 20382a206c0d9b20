// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.validation.Violation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OfflineCheckTest {
    @Test
    void sound_files_are_a_state() {
        OfflineCheck.Report report =
                OfflineCheck.state(
                        read(policy("office", "[{source: 10.0.0.1}]"), resource("web", "office")));

        assertThat(report.violations()).isEmpty();
        assertThat(report.state().policies()).containsOnlyKeys("office");
        assertThat(report.state().resources()).containsOnlyKeys("web");
    }

    @Test
    void a_violation_of_an_object_has_its_line() {
        assertThat(messages(OfflineCheck.objects(read(policy("office", "\n    - source: x")))))
                .containsExactly(
                        "0.yaml:7: policy office: spec.rules[0].source: \"x\" is not an IPv4 or IPv6"
                                + " address or CIDR; write one such as 203.0.113.0/24 or"
                                + " 2001:db8:7::/48");
    }

    @Test
    void what_the_reader_told_is_not_told_again() {
        assertThat(messages(OfflineCheck.objects(read(policy("office", "[{sorce: x}, 1]")))))
                .containsExactly(
                        "0.yaml:6: policy office: spec.rules[0].sorce: no such field (did you mean"
                                + " \"source\"?); known here: source, description, set,"
                                + " remoteClusterId, remoteClusterOrgId, egressRule, linkId,"
                                + " azureEndpointName, azureEndpointGuid",
                        "0.yaml:6: policy office: spec.rules[1]: is \"1\", and must be a map of"
                                + " source, description, set, remoteClusterId,"
                                + " remoteClusterOrgId, egressRule, linkId,"
                                + " azureEndpointName, azureEndpointGuid");
    }

    @Test
    void what_is_wrong_with_form_and_with_meaning_is_told_together() {
        assertThat(messages(OfflineCheck.objects(read(policy("Office", "[{source: [1]}, {}]")))))
                .satisfiesExactly(
                        first -> assertThat(first).contains("spec.rules[0].source: is a list"),
                        second -> assertThat(second).contains("0.yaml:3: ", "metadata.name: "),
                        third ->
                                assertThat(third)
                                        .contains(
                                                "0.yaml:6: ", "spec.rules[1].source: is missing"));
    }

    @Test
    void two_objects_of_one_name_name_each_others_place() {
        assertThat(messages(OfflineCheck.objects(read(policy("a", "[]"), policy("a", "[]")))))
                .containsExactly(
                        "1.yaml:1: policy a: metadata.name: is the name of the object at 0.yaml:1"
                                + " too; keep one");
    }

    @Test
    void references_are_only_looked_at_when_the_files_are_the_whole_state() {
        Documents documents = read(resource("web", "office"));

        assertThat(OfflineCheck.objects(documents).violations()).isEmpty();
        assertThat(messages(OfflineCheck.state(documents)))
                .containsExactly(
                        "0.yaml:6: resource web: spec.policies[0]: no policy is named \"office\";"
                                + " push it too, or take it out");
    }

    @Test
    void references_and_ties_are_told_together_with_what_is_wrong_in_the_objects() {
        Documents documents =
                read(
                        policy("office", "[{source: x}]"),
                        resource("web", "office"),
                        resource("shop", "offcie"));

        assertThat(messages(OfflineCheck.state(documents)))
                .satisfiesExactlyInAnyOrder(
                        source ->
                                assertThat(source).contains("policy office: spec.rules[0].source"),
                        reference ->
                                assertThat(reference)
                                        .contains("shop: spec.policies[0]", "mean \"office\""),
                        tie -> assertThat(tie).contains("resource web", "ties", "resource shop"));
    }

    private static Documents read(String... texts) {
        List<SourceText> sources =
                IntStream.range(0, texts.length)
                        .mapToObj(i -> new SourceText(i + ".yaml", texts[i]))
                        .toList();
        return DocumentReader.read(sources);
    }

    private static List<String> messages(OfflineCheck.Report report) {
        return report.violations().stream().map(Violation::toString).toList();
    }

    private static String policy(String name, String rules) {
        return """
        apiVersion: portcullis.dev/v1
        kind: Policy
        metadata: {name: %s}
        spec:
          type: ip
          rules: %s
        """
                .formatted(name, rules);
    }

    private static String resource(String name, String policy) {
        return """
        apiVersion: portcullis.dev/v1
        kind: Resource
        metadata: {name: %s}
        spec:
          ports: [{protocol: TCP, port: 80}]
          policies: [%s]
        """
                .formatted(name, policy);
    }
}
