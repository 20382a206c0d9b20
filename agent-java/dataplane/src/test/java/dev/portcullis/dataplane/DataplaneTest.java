// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commits to the real kernel, asked through the probe. */
class DataplaneTest {
    private static final Environment WORDS = Environment.of(HostAddresses.of(Set.of()));
    private final Bpffs bpffs = new Bpffs();

    @AfterEach
    void clean() {
        bpffs.close();
    }

    @Test
    void a_committed_policy_judges_sources_of_both_families() {
        try (Dataplane dataplane = open(Limits.DEFAULT)) {
            dataplane.commit(web("203.0.113.0/24", "2001:db8:7::/48"), WORDS);

            assertThat(reason(dataplane, "203.0.113.9", "10.0.0.1", 9200))
                    .isEqualTo(Reason.POLICY_MATCH);
            assertThat(reason(dataplane, "203.0.114.9", "10.0.0.1", 9200))
                    .isEqualTo(Reason.NO_POLICY_MATCH);
            assertThat(reason(dataplane, "2001:db8:7::9", "fd00::1", 9200))
                    .isEqualTo(Reason.POLICY_MATCH);
            assertThat(reason(dataplane, "2001:db8:8::9", "fd00::1", 9200))
                    .isEqualTo(Reason.NO_POLICY_MATCH);
            assertThat(reason(dataplane, "203.0.114.9", "10.0.0.1", 9201))
                    .isEqualTo(Reason.NO_RESOURCE);
        }
    }

    @Test
    void rules_that_were_removed_stop_matching_in_each_of_the_slots() {
        try (Dataplane dataplane = open(Limits.DEFAULT)) {
            for (int i = 0; i < 4; i++) {
                dataplane.commit(web("203.0.113." + i + "/32"), WORDS);
            }

            assertThat(reason(dataplane, "203.0.113.3", "10.0.0.1", 9200))
                    .isEqualTo(Reason.POLICY_MATCH);
            assertThat(reason(dataplane, "203.0.113.2", "10.0.0.1", 9200))
                    .isEqualTo(Reason.NO_POLICY_MATCH);
            assertThat(reason(dataplane, "203.0.113.1", "10.0.0.1", 9200))
                    .isEqualTo(Reason.NO_POLICY_MATCH);
        }
    }

    @Test
    void each_commit_is_a_generation() {
        try (Dataplane dataplane = open(Limits.DEFAULT)) {
            long first = dataplane.commit(DesiredState.EMPTY, WORDS);
            long second = dataplane.commit(web("203.0.113.0/24"), WORDS);

            assertThat(second).isEqualTo(first + 1);
            assertThat(dataplane.generation()).isEqualTo(second);
        }
    }

    @Test
    void the_next_agent_adopts_the_maps_and_goes_on_counting_generations() {
        long last;
        DecisionIds decisions;
        try (Dataplane dataplane = open(Limits.DEFAULT)) {
            last = dataplane.commit(web("203.0.113.0/24"), WORDS);
            decisions = dataplane.decisions();
        }

        try (Dataplane next = Dataplane.open(Libbpf.get(), options(Limits.DEFAULT), decisions)) {
            assertThat(next.generation()).isEqualTo(last);
            assertThat(reason(next, "203.0.113.9", "10.0.0.1", 9200))
                    .isEqualTo(Reason.POLICY_MATCH);
            assertThat(next.commit(web("203.0.113.0/24"), WORDS)).isEqualTo(last + 1);
        }
    }

    @Test
    void rule_sets_of_an_agent_that_had_other_maps_are_not_taken_over() throws IOException {
        long last;
        try (Dataplane dataplane = open(Limits.DEFAULT)) {
            last = dataplane.commit(web("203.0.113.0/24"), WORDS);
        }
        Files.delete(bpffs.path().resolve("objects/1/asks"));

        try (Dataplane next = open(Limits.DEFAULT)) {
            assertThat(next.generation()).isZero();
            assertThat(next.commit(web("203.0.113.0/24"), WORDS)).isEqualTo(last + 1);
            assertThat(bpffs.path().resolve("objects/1")).doesNotExist();
            assertThat(bpffs.path().resolve("objects/2/asks")).exists();
        }
    }

    @Test
    void an_agent_with_other_capacities_fills_new_maps() {
        try (Dataplane dataplane = open(Limits.DEFAULT)) {
            dataplane.commit(web("203.0.113.0/24"), WORDS);
        }

        try (Dataplane next = open(new Limits(1_000, 64, 10))) {
            next.commit(web("203.0.113.0/24"), WORDS);

            assertThat(reason(next, "203.0.113.9", "10.0.0.1", 9200))
                    .isEqualTo(Reason.POLICY_MATCH);
        }
    }

    @Test
    void more_prefixes_than_the_capacity_are_refused_and_the_rules_before_stay() {
        try (Dataplane dataplane = open(new Limits(2, 64, 10))) {
            long before = dataplane.commit(web("203.0.113.0/24"), WORDS);

            assertThatThrownBy(() ->
                            dataplane.commit(
                                    web("192.0.2.1/32", "192.0.2.3/32", "192.0.2.5/32"), WORDS))
                    .isInstanceOf(CapacityException.class)
                    .hasMessage(
                            "addresses in policies (IPv4): 3 are needed, and the capacity is 2: raise \"capacity.prefixes\""
                                    + " in agent.yaml and restart the agent");
            assertThat(dataplane.generation()).isEqualTo(before);
            assertThat(reason(dataplane, "203.0.113.9", "10.0.0.1", 9200))
                    .isEqualTo(Reason.POLICY_MATCH);
        }
    }

    @Test
    void a_full_trie_takes_a_rule_set_of_other_prefixes() {
        try (Dataplane dataplane = open(new Limits(2, 64, 10))) {
            dataplane.commit(web("192.0.2.1/32", "192.0.2.3/32"), WORDS);
            dataplane.commit(web("192.0.2.1/32", "192.0.2.3/32"), WORDS);
            dataplane.commit(web("198.51.100.1/32", "198.51.100.3/32"), WORDS);

            assertThat(reason(dataplane, "198.51.100.3", "10.0.0.1", 9200))
                    .isEqualTo(Reason.POLICY_MATCH);
        }
    }

    @Test
    void probes_are_not_counted() {
        try (Dataplane dataplane = open(Limits.DEFAULT)) {
            dataplane.commit(web("203.0.113.0/24"), WORDS);
            reason(dataplane, "203.0.114.9", "10.0.0.1", 9200);

            assertThat(dataplane.counters())
                    .allSatisfy(counter -> assertThat(counter.packets()).isZero());
        }
    }

    @Test
    void detach_removes_every_pin() {
        try (Dataplane dataplane = open(Limits.DEFAULT)) {
            dataplane.commit(DesiredState.EMPTY, WORDS);

            dataplane.detach();

            assertThat(bpffs.path().toFile().list()).containsExactly("detached");
        }
    }

    @Test
    void detaching_again_finds_nothing_to_do() {
        try (Dataplane dataplane = open(Limits.DEFAULT)) {
            dataplane.commit(DesiredState.EMPTY, WORDS);
            dataplane.detach();

            assertThat(dataplane.detach()).isEmpty();
        }
    }

    private Dataplane open(Limits limits) {
        return Dataplane.open(Libbpf.get(), options(limits), DecisionIds.none());
    }

    private Dataplane.Options options(Limits limits) {
        return new Dataplane.Options(
                bpffs.path(), new InterfacePatterns(List.of()), List.of(), limits);
    }

    private static Reason reason(Dataplane dataplane, String from, String to, int port) {
        ProbePacket packet =
                new ProbePacket(Address.parse(from), 40_000, Address.parse(to), port, 6);
        return dataplane.judge(packet, Optional.of("lo")).decision().reason();
    }

    private static DesiredState web(String... sources) {
        List<Rule> rules = new ArrayList<>();
        for (String source : sources) {
            String[] parts = source.split("/");
            rules.add(
                    Rule.allow(
                            source,
                            new Prefix(Address.parse(parts[0]), Integer.parseInt(parts[1]))));
        }
        Policy office = Policy.of("office", PolicyType.IP, rules);
        PortMatch port = new PortMatch(Protocol.TCP, Optional.of(new PortRange(9200, 9200)));
        Resource web =
                Resource.of(
                        "web", LocalAddresses.EVERY, List.of(port), Set.of(), List.of("office"));
        return new DesiredState(Map.of("office", office), Map.of("web", web));
    }
}
