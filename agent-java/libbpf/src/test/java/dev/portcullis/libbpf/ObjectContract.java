// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

/** Objects: opened, adjusted, loaded, and rejected. */
public abstract class ObjectContract extends Contract {
    @Test
    void an_opened_object_tells_its_maps_and_programs() {
        try (BpfObject object = opened()) {
            assertThat(object.mapNames())
                    .contains("entries", "counters", "prefixes", "slots", "events");
            assertThat(object.programNames())
                    .containsExactlyInAnyOrder(
                            "judge",
                            "drop_all",
                            "read_slot",
                            "report",
                            "read_metadata",
                            "count_tc");
        }
    }

    @Test
    void a_loaded_object_hands_out_maps_that_outlive_it() {
        BpfObject object = loaded();
        try (BpfMap map = object.map("entries")) {
            object.close();

            map.update(ints(1), longs(2));

            assertThat(map.type()).isEqualTo(MapType.HASH);
            assertThat(map.keySize()).isEqualTo(4);
            assertThat(map.valueSize()).isEqualTo(8);
            assertThat(map.maxEntries()).isEqualTo(1024);
            assertThat(map.name()).isEqualTo("entries");
            assertThat(map.id()).isPositive();
        }
    }

    @Test
    void a_map_is_made_with_the_size_that_was_set() {
        try (BpfObject object = opened().maxEntries("entries", 77)) {
            object.load();

            try (BpfMap map = object.map("entries")) {
                assertThat(map.maxEntries()).isEqualTo(77);
            }
        }
    }

    @Test
    void a_constant_that_was_set_is_what_the_program_sees() {
        try (BpfObject object = opened()) {
            object.constants(".rodata", content -> content.putInt(0, 1));
            object.load();

            try (BpfProgram judge = object.program("judge")) {
                TestRun run = judge.testRun(TestRunOptions.of(frame()));

                assertThat(run.result()).isEqualTo(1);
            }
        }
    }

    @Test
    void the_initial_value_of_a_section_is_known_before_the_load() {
        try (BpfObject object = opened()) {
            assertThat(object.initialValue(".rodata"))
                    .hasValueSatisfying(value -> assertThat(value.getInt(0)).isEqualTo(2));
            assertThat(object.initialValue("entries")).isEmpty();
        }
    }

    @Test
    void a_reused_map_is_shared_with_the_object_that_made_it() {
        try (BpfObject first = loaded();
                BpfMap counters = first.map("counters");
                BpfObject second = opened().reuse("counters", counters)) {
            second.load();

            try (BpfProgram judge = second.program("judge");
                    BpfMap reused = second.map("counters")) {
                judge.testRun(TestRunOptions.of(frame()).withRepeat(3));

                assertThat(counter(counters, 0)).isEqualTo(3);
                assertThat(reused.id()).isEqualTo(counters.id());
            }
        }
    }

    @Test
    void a_map_may_be_reused_under_another_name() {
        try (BpfMap other = libbpf.createMap(MapOptions.hash("other", 4, 8, 1024));
                BpfObject object = opened().reuse("entries", other)) {
            object.load();

            try (BpfMap map = object.map("entries")) {
                assertThat(map.id()).isEqualTo(other.id());
            }
        }
    }

    @Test
    void a_map_of_another_shape_cannot_be_reused() {
        try (BpfMap other = libbpf.createMap(MapOptions.hash("other", 4, 4, 1024));
                BpfObject object = opened().reuse("counters", other)) {
            assertThatThrownBy(object::load).isInstanceOf(BpfException.class);
        }
    }

    @Test
    void a_rejected_program_is_named_and_the_message_ends_with_the_verifiers_reason() {
        try (BpfObject object = libbpf.open("rejected", elf("rejected"))) {
            BpfException e = catchThrowableOfType(BpfException.class, object::load);

            assertThat(e)
                    .hasMessageStartingWith(
                            "load program reads_past_the_end of object rejected:"
                                    + " permission denied (EACCES)")
                    .hasMessageContaining("invalid access to packet")
                    .hasMessageNotContaining("processed ");
            assertThat(e.verifierLog()).contains("processed ", "invalid access to packet");
            assertThat(e.errnoName()).isEqualTo("EACCES");
            assertThat(e.errno()).isEqualTo(13);
            assertThat(e.operation()).isEqualTo("load");
        }
    }

    @Test
    void an_object_that_failed_to_load_can_only_be_closed() {
        try (BpfObject object = libbpf.open("rejected", elf("rejected"))) {
            assertThatThrownBy(object::load).isInstanceOf(BpfException.class);

            assertThatThrownBy(() -> object.program("good"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("object rejected failed to load");
        }
    }

    @Test
    void a_failure_that_is_not_the_verifiers_carries_libbpfs_warning() {
        try (BpfObject object = libbpf.open("contract", elf("contract"))) {
            // Nothing has said what the maps in "slots" look like.
            assertThatThrownBy(object::load)
                    .isInstanceOf(BpfException.class)
                    .hasMessageStartingWith("load object contract: ")
                    .hasMessageContaining("slots");
        }
    }

    @Test
    void bytes_that_are_no_object_are_refused() {
        assertThatThrownBy(() -> libbpf.open("nonsense", new byte[100]))
                .isInstanceOf(BpfException.class)
                .hasMessageStartingWith("open object nonsense: ");
    }

    @Test
    void an_unknown_name_is_answered_with_the_known_ones() {
        try (BpfObject object = loaded()) {
            assertThatThrownBy(() -> object.map("entreis"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("object contract has no map entreis, only ")
                    .hasMessageContaining("entries");
        }
    }

    @Test
    void a_map_cannot_be_had_before_the_load() {
        try (BpfObject object = opened()) {
            assertThatThrownBy(() -> object.map("entries"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("object contract is not loaded");
        }
    }

    @Test
    void a_closed_object_says_so() {
        BpfObject object = opened();
        object.close();
        object.close();

        assertThatThrownBy(object::load)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("object contract is closed");
    }
}
