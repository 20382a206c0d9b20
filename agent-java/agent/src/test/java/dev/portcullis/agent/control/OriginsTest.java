// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.Change;
import dev.portcullis.api.v1.ObjectReference;
import dev.portcullis.api.v1.Origin;
import dev.portcullis.api.v1.Plan;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OriginsTest {
    private static final Author ALICE = new Author("alice", OptionalInt.of(1000), Author.SOCKET);

    private static Plan plan(int changes, String detail) {
        Plan.Builder plan = Plan.newBuilder();
        IntStream.rangeClosed(1, changes)
                .mapToObj(i ->
                        Change.newBuilder()
                                .setAction(Change.Action.ACTION_CHANGED)
                                .setObject(
                                        ObjectReference.newBuilder()
                                                .setKind("Policy")
                                                .setName("p" + i))
                                .setDetail(detail))
                .forEach(plan::addChanges);
        return plan.build();
    }

    private static Origin applied(Author author, Plan plan) {
        return Origins.with(Origins.of("apply", author, "default"), plan);
    }

    @Test
    void a_user_is_told_with_the_number_and_what_was_done() {
        assertThat(Origins.sentence(applied(ALICE, plan(1, ""))))
                .isEqualTo(
                        "by alice (uid 1000) from the unix socket: 1 change (policy p1 changed)");
    }

    @Test
    void a_certificate_is_told_with_the_address_and_no_more_than_three_changes() {
        Author client = new Author("CN=client", OptionalInt.empty(), "192.0.2.7:51234");

        assertThat(Origins.sentence(applied(client, plan(1_005, ""))))
                .isEqualTo(
                        "by CN=client from 192.0.2.7:51234: 1,005 changes (policy p1 changed,"
                                + " policy p2 changed, policy p3 changed, and 1,002 more)");
    }

    @Test
    void two_hundred_changes_are_kept_and_the_others_counted() {
        Origin origin = applied(ALICE, plan(250, "x".repeat(1_000)));

        assertThat(origin.getChangesCount()).isEqualTo(200);
        assertThat(origin.getMoreChanges()).isEqualTo(50);
        assertThat(origin.getChanges(0).getDetail()).hasSize(301).endsWith("…");
    }

    @Test
    void a_name_brings_no_control_characters_into_logs_and_terminals() {
        Author author = new Author("CN=\u001b[31m\n\"x\"\u202e", OptionalInt.empty(), "");

        assertThat(author.name()).isEqualTo("CN=?[31m??x??");
    }
}
