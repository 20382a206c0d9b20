// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.store.StoreException;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.api.v1.ListHistoryResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static final Author ALICE = new Author("alice", OptionalInt.of(1000), Author.SOCKET);

    @TempDir private Path directory;
    private Store store;

    @BeforeEach
    void open() {
        store = Store.open(directory, 5);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private History history(long... revisions) {
        long last = 0;
        for (long revision : revisions) {
            store.prepare(
                            Manifest.newBuilder()
                                    .setRevision(revision)
                                    .setOrigin(Origins.of("apply", ALICE, "owner " + revision))
                                    .build(),
                            Map.of())
                    .publish();
            last = revision;
        }
        return new History(store, last);
    }

    @Test
    void the_newest_comes_first_and_the_one_in_force_is_marked() {
        History history = history(1, 2, 3);

        assertThat(history.list(0))
                .extracting(ListHistoryResponse::getRevision)
                .containsExactly(3L, 2L, 1L);
        assertThat(history.list(0))
                .extracting(ListHistoryResponse::getCurrent)
                .containsExactly(true, false, false);
        assertThat(history.list(0).get(1).getOrigin().getOwner()).isEqualTo("owner 2");
    }

    @Test
    void no_more_than_the_limit_are_listed() {
        assertThat(history(1, 2, 3).list(2))
                .extracting(ListHistoryResponse::getRevision)
                .containsExactly(3L, 2L);
    }

    @Test
    void nothing_is_listed_before_the_first_revision() {
        assertThat(history().list(0)).isEmpty();
        assertThatThrownBy(() -> history().one(1))
                .isInstanceOf(Refusal.class)
                .hasMessage("revision 1 is not kept; none is yet");
    }

    @Test
    void the_step_back_is_to_the_newest_before_the_current() {
        History history = history(1, 4, 7);

        assertThat(history.target(OptionalLong.empty()).getRevision()).isEqualTo(4);
        assertThat(history.target(OptionalLong.of(1)).getRevision()).isEqualTo(1);
    }

    @Test
    void there_is_no_step_back_from_the_first_revision() {
        assertThatThrownBy(() -> history(1).target(OptionalLong.empty()))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.why()).isEqualTo(Refusal.Cause.NOT_FOUND))
                .hasMessageContaining("no revision before 1 is kept");
    }

    @Test
    void one_that_is_not_kept_is_refused_with_those_that_are() {
        assertThatThrownBy(() -> history(1, 2, 3, 7, 9, 10).one(1))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.why()).isEqualTo(Refusal.Cause.NOT_FOUND))
                .hasMessage("revision 1 is not kept; those that are: 2 to 3, 7, 9 to 10");
    }

    @Test
    void one_that_was_damaged_is_left_out_of_the_list_and_told_when_it_is_asked_for()
            throws IOException {
        History history = history(1, 2);
        Files.write(directory.resolve("revisions/00000000000000000001"), new byte[0]);

        assertThat(history.list(0)).hasSize(1);
        assertThatThrownBy(() -> history.one(1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("choose another revision");
    }
}
