// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.agent.Eventually;
import dev.portcullis.agent.endpoints.EndpointBook;
import dev.portcullis.agent.names.DnsSettings;
import dev.portcullis.agent.names.NameBook;
import dev.portcullis.agent.sets.AddressSets;
import dev.portcullis.agent.workloads.WorkloadBook;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.validation.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules by names of Azure, from a push over changes of the file to the environment. */
class VocabularyTest {
    private static final HostAddresses HOST = HostAddresses.of(List.of());
    private static final String GUID = "7c0f05e4-e32b-4b10-a246-7b77f7dcc63c";

    @TempDir private Path directory;
    private Path file;
    private AddressSets sets;
    private NameBook names;
    private WorkloadBook workloads;
    private EndpointBook endpoints;
    private Vocabulary vocabulary;

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("connections.json");
        sets = AddressSets.open(Files.createDirectory(directory.resolve("state")));
        names = new NameBook(DnsSettings.DEFAULT);
        workloads = WorkloadBook.ofHost();
        endpoints = EndpointBook.open(Optional.of(file));
        vocabulary = new Vocabulary(sets, names, workloads, endpoints);
    }

    @AfterEach
    void close() {
        endpoints.close();
        workloads.close();
        names.close();
        sets.close();
    }

    private static Peers.AzureEndpoint endpoint(String name) {
        return new Peers.AzureEndpoint(name, GUID);
    }

    private static DesiredState state(String... endpoints) {
        List<Rule> rules =
                Arrays.stream(endpoints).map(name -> Rule.allow(name, endpoint(name))).toList();
        Policy policy = Policy.of("azure", PolicyType.AZURE_PRIVATE_ENDPOINT, rules);
        return new DesiredState(Map.of("azure", policy), Map.of());
    }

    private void export(String name, int link) throws IOException {
        Files.writeString(
                file,
                "[{\"name\": \"%s.%s\", \"linkIdentifier\": \"%d\"}]".formatted(name, GUID, link));
    }

    private static List<String> fields(Vocabulary.Prepared prepared) {
        return prepared.violations().stream().map(Violation::path).toList();
    }

    private Optional<PrivateEndpoint> standsFor(String name) {
        return vocabulary.environment(HOST).endpoint(endpoint(name));
    }

    @Test
    void a_push_takes_up_what_the_file_holds_at_that_moment() throws IOException {
        export("demo", 7);

        Vocabulary.Prepared prepared = vocabulary.prepare(DesiredState.EMPTY, state("demo"));

        assertThat(prepared.violations()).isEmpty();
        assertThat(prepared.warnings()).isEmpty();
        Environment environment = vocabulary.environment(prepared, HOST);
        assertThat(environment.endpoint(endpoint("demo"))).contains(PrivateEndpoint.azure(7));
    }

    @Test
    void every_new_rule_that_is_not_in_the_file_is_refused_at_its_field() throws IOException {
        export("demo", 7);

        Vocabulary.Prepared prepared =
                vocabulary.prepare(DesiredState.EMPTY, state("one", "demo", "two"));

        assertThat(fields(prepared))
                .containsExactly(
                        "policy azure: spec.rules[0].azureEndpointName",
                        "policy azure: spec.rules[2].azureEndpointName");
    }

    @Test
    void a_push_without_such_rules_does_not_need_the_file() {
        Vocabulary.Prepared prepared = vocabulary.prepare(DesiredState.EMPTY, DesiredState.EMPTY);

        assertThat(prepared.violations()).isEmpty();
        assertThat(prepared.warnings()).isEmpty();
    }

    @Test
    void a_rule_in_force_that_the_file_has_lost_keeps_no_push_from_happening() throws IOException {
        export("demo", 7);
        DesiredState inForce = state("demo");
        vocabulary.follow(inForce, vocabulary.prepare(DesiredState.EMPTY, inForce));
        export("new", 8);

        Vocabulary.Prepared prepared = vocabulary.prepare(inForce, state("new", "demo"));

        assertThat(prepared.violations()).isEmpty();
        assertThat(prepared.warnings())
                .singleElement()
                .asString()
                .startsWith("policy azure: spec.rules[1].azureEndpointName: no connection in ")
                .endsWith("; until then the rule matches nobody");
        Environment environment = vocabulary.environment(prepared, HOST);
        assertThat(environment.endpoint(endpoint("demo"))).isEmpty();
        assertThat(environment.endpoint(endpoint("new"))).contains(PrivateEndpoint.azure(8));
    }

    @Test
    void a_start_without_the_file_warns_and_goes_on() {
        DesiredState stored = state("demo");

        Vocabulary.Prepared prepared = vocabulary.prepare(stored, stored);
        vocabulary.follow(stored, prepared);

        assertThat(prepared.violations()).isEmpty();
        assertThat(prepared.warnings()).hasSize(1);
        assertThat(standsFor("demo")).isEmpty();
        assertThat(vocabulary.problems()).hasSize(2);
    }

    @Test
    void words_change_with_the_file_and_its_losses_are_problems() throws IOException {
        AtomicInteger changes = new AtomicInteger();
        export("demo", 7);
        DesiredState inForce = state("demo");
        vocabulary.onChange(changes::incrementAndGet);
        vocabulary.follow(inForce, vocabulary.prepare(DesiredState.EMPTY, inForce));

        export("demo", 8);
        Eventually.assertThat(
                () -> assertThat(standsFor("demo")).contains(PrivateEndpoint.azure(8)));
        assertThat(vocabulary.problems()).isEmpty();
        export("other", 9);
        Eventually.assertThat(() -> assertThat(standsFor("demo")).isEmpty());

        Eventually.assertThat(() -> assertThat(changes).hasValue(2));
        assertThat(vocabulary.problems())
                .singleElement()
                .asString()
                .endsWith("until then the rule matches nobody");
    }
}
