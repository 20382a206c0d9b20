// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.api.v1.TopRequest;
import dev.portcullis.api.v1.TopResponse;
import dev.portcullis.api.v1.TopSource;
import dev.portcullis.dataplane.Counter;
import dev.portcullis.dataplane.DroppedSource;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who comes first, and how fast. */
class TopRankingTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Decision DENIED =
            new Decision("web", "", Direction.INGRESS, Reason.NO_POLICY_MATCH, false);
    private static final Decision BLOCKED =
            new Decision("web", "threats", Direction.INGRESS, Reason.BLOCKLIST, false);
    private static final Decision AUDITED =
            new Decision("shop", "", Direction.INGRESS, Reason.NO_POLICY_MATCH, true);

    private static TopRanking ranking(int limit) {
        return new TopRanking(
                TopQuestion.of(
                        TopRequest.newBuilder().setLimit(limit).build(), DesiredState.EMPTY));
    }

    private static DroppedSource source(String address, Decision decision, long packets) {
        return new DroppedSource(
                Optional.of(Address.parse(address)),
                Optional.empty(),
                decision,
                packets,
                packets * 60,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    private static TopResponse at(TopRanking ranking, long nanos, DroppedSource... sources) {
        return ranking.next(nanos, List.of(sources), List.of(), 0);
    }

    @Test
    void the_first_answer_is_sorted_by_packets_and_has_no_rates() {
        TopResponse top =
                at(
                        ranking(10),
                        7 * SECOND,
                        source("192.0.2.1", DENIED, 5),
                        source("192.0.2.2", DENIED, 50));

        assertThat(top.getSeconds()).isZero();
        assertThat(top.getSourcesList())
                .extracting(
                        TopSource::getAddress,
                        TopSource::getPackets,
                        TopSource::getPacketsPerSecond)
                .containsExactly(tuple("192.0.2.2", 50L, 0.0), tuple("192.0.2.1", 5L, 0.0));
    }

    @Test
    void the_next_one_is_sorted_by_rate_and_then_by_packets() {
        TopRanking ranking = ranking(10);
        at(
                ranking,
                7 * SECOND,
                source("192.0.2.1", DENIED, 5),
                source("192.0.2.2", DENIED, 50),
                source("192.0.2.3", DENIED, 60));

        TopResponse top =
                at(
                        ranking,
                        9 * SECOND,
                        source("192.0.2.1", DENIED, 15),
                        source("192.0.2.2", DENIED, 50),
                        source("192.0.2.3", DENIED, 60));

        assertThat(top.getSeconds()).isEqualTo(2);
        assertThat(top.getSourcesList())
                .extracting(
                        TopSource::getAddress,
                        TopSource::getPacketsPerSecond,
                        TopSource::getBytesPerSecond)
                .containsExactly(
                        tuple("192.0.2.1", 5.0, 300.0),
                        tuple("192.0.2.3", 0.0, 0.0),
                        tuple("192.0.2.2", 0.0, 0.0));
    }

    @Test
    void a_source_that_is_new_has_the_rate_of_all_that_it_sent() {
        TopRanking ranking = ranking(10);
        at(ranking, 7 * SECOND);

        TopResponse top = at(ranking, 9 * SECOND, source("192.0.2.1", DENIED, 8));

        assertThat(top.getSources(0).getPacketsPerSecond()).isEqualTo(4);
    }

    @Test
    void a_source_that_was_forgotten_and_came_again_has_no_rate_below_zero() {
        TopRanking ranking = ranking(10);
        at(ranking, 7 * SECOND, source("192.0.2.1", DENIED, 100));

        TopResponse top = at(ranking, 9 * SECOND, source("192.0.2.1", DENIED, 8));

        assertThat(top.getSources(0).getPacketsPerSecond()).isEqualTo(4);
    }

    @Test
    void one_address_has_a_row_for_each_decision() {
        TopResponse top =
                at(
                        ranking(10),
                        7 * SECOND,
                        source("192.0.2.1", DENIED, 5),
                        source("192.0.2.1", BLOCKED, 6));

        assertThat(top.getSourcesList())
                .extracting(TopSource::getReason, TopSource::getPolicy, TopSource::getPackets)
                .containsExactly(
                        tuple("blocklist", "threats", 6L), tuple("no_policy_match", "", 5L));
    }

    @Test
    void beyond_the_limit_sources_are_only_counted() {
        TopResponse top =
                at(
                        ranking(1),
                        7 * SECOND,
                        source("192.0.2.1", DENIED, 5),
                        source("192.0.2.2", DENIED, 6));

        assertThat(top.getSourcesList())
                .extracting(TopSource::getAddress)
                .containsExactly("192.0.2.2");
        assertThat(top.getKnownSources()).isEqualTo(2);
    }

    @Test
    void totals_are_those_of_the_counters_that_the_question_is_about() {
        TopRanking ranking = ranking(10);
        ranking.next(
                7 * SECOND,
                List.of(),
                List.of(new Counter(DENIED, 10, 600), new Counter(AUDITED, 7, 420)),
                0);

        TopResponse top =
                ranking.next(
                        9 * SECOND,
                        List.of(),
                        List.of(
                                new Counter(DENIED, 30, 1_800),
                                new Counter(BLOCKED, 4, 240),
                                new Counter(AUDITED, 9, 540)),
                        3);

        assertThat(top.getPackets()).isEqualTo(34);
        assertThat(top.getPacketsPerSecond()).isEqualTo(12);
        assertThat(top.getBytesPerSecond()).isEqualTo(720);
        assertThat(top.getUnknownSourcePackets()).isEqualTo(3);
    }

    @Test
    void the_status_has_nothing_of_what_passed_in_audit_mode() {
        List<TopSource> most =
                TopRanking.most(
                        List.of(
                                source("192.0.2.1", AUDITED, 50),
                                source("192.0.2.2", DENIED, 5),
                                source("192.0.2.3", DENIED, 6)),
                        10);

        assertThat(most)
                .extracting(TopSource::getAddress)
                .containsExactly("192.0.2.3", "192.0.2.2");
    }
}
