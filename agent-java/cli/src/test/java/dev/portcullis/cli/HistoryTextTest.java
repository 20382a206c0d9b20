// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.portcullis.api.v1.Author;
import dev.portcullis.api.v1.Change;
import dev.portcullis.api.v1.ListHistoryResponse;
import dev.portcullis.api.v1.ObjectReference;
import dev.portcullis.api.v1.Origin;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTextTest {
    private static final Author ALICE =
            Author.newBuilder().setName("alice").setUid(1000).setFrom("unix socket").build();
    private static final Author CLIENT =
            Author.newBuilder().setName("CN=client").setFrom("192.0.2.7:51234").build();

    private static Change change(Change.Action action, String kind, String name, String detail) {
        return Change.newBuilder()
                .setAction(action)
                .setObject(ObjectReference.newBuilder().setKind(kind).setName(name))
                .setDetail(detail)
                .build();
    }

    private static final ListHistoryResponse APPLIED =
            ListHistoryResponse.newBuilder()
                    .setRevision(9)
                    .setTime(Timestamp.newBuilder().setSeconds(1_767_225_600))
                    .setOrigin(
                            Origin.newBuilder()
                                    .setAction("apply")
                                    .setAuthor(ALICE)
                                    .setOwner("platform")
                                    .addChanges(
                                            change(
                                                    Change.Action.ACTION_CHANGED,
                                                    "Policy",
                                                    "office",
                                                    "rules: 1 added"))
                                    .addChanges(
                                            change(
                                                    Change.Action.ACTION_ADDED,
                                                    "AddressSet",
                                                    "cloud",
                                                    ""))
                                    .addChanges(
                                            change(
                                                    Change.Action.ACTION_REMOVED,
                                                    "Resource",
                                                    "db",
                                                    ""))
                                    .setMoreChanges(7))
                    .build();

    private static final ListHistoryResponse ROLLED_BACK =
            ListHistoryResponse.newBuilder()
                    .setRevision(10)
                    .setTime(Timestamp.newBuilder().setSeconds(1_767_229_200))
                    .setCurrent(true)
                    .setOrigin(
                            Origin.newBuilder()
                                    .setAction("rollback")
                                    .setRolledBackTo(8)
                                    .setAuthor(CLIENT)
                                    .addChanges(
                                            change(
                                                    Change.Action.ACTION_CHANGED,
                                                    "Policy",
                                                    "office",
                                                    "")))
                    .build();

    private static final ListHistoryResponse UNKNOWN =
            ListHistoryResponse.newBuilder()
                    .setRevision(8)
                    .setTime(Timestamp.newBuilder().setSeconds(1_767_222_000))
                    .build();

    @Test
    void a_row_is_a_revision_and_the_one_in_force_is_marked() {
        assertThat(HistoryText.table(List.of(ROLLED_BACK, APPLIED, UNKNOWN), false))
                .isEqualTo(
                        """
                        REVISION  WHEN                  WHO               FROM             OWNER     WHAT
                            * 10  2026-01-01T01:00:00Z  CN=client         192.0.2.7:51234  -         rollback to 8: policy office changed
                               9  2026-01-01T00:00:00Z  alice (uid 1000)  unix socket      platform  apply: policy office changed, address set cloud added, and 8 more
                               8  2025-12-31T23:00:00Z  -                 -                -         -
                        * is in force
                        """);
    }

    @Test
    void wide_names_every_change_that_is_kept() {
        assertThat(HistoryText.table(List.of(APPLIED), true))
                .contains(
                        "apply: policy office changed, address set cloud added, resource db"
                                + " removed, and 7 more")
                .doesNotContain("in force");
    }

    @Test
    void one_revision_has_each_change_with_its_detail() {
        assertThat(HistoryText.one(APPLIED))
                .isEqualTo(
                        """
                        revision  9
                        when      2026-01-01T00:00:00Z
                        who       alice (uid 1000)
                        from      unix socket
                        owner     platform
                        what      apply

                        ACTION   KIND        NAME    DETAIL
                        changed  Policy      office  rules: 1 added
                        added    AddressSet  cloud   -
                        removed  Resource    db      -
                        and 7 more changes
                        """);
    }

    @Test
    void the_revision_in_force_says_so() {
        assertThat(HistoryText.one(ROLLED_BACK))
                .startsWith("revision  10, in force\n")
                .contains("what      rollback to 8\n");
    }

    @Test
    void a_revision_of_a_version_that_kept_no_history_says_so() {
        assertThat(HistoryText.one(UNKNOWN))
                .startsWith("revision  8\n")
                .endsWith("how it came was not kept by the version that made it\n");
    }

    @Test
    void without_a_revision_there_is_a_sentence() {
        assertThat(HistoryText.table(List.of(), false)).startsWith("no revision yet");
    }
}
