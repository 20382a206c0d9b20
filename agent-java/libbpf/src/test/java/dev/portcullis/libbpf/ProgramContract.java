// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Programs: test runs, information, pins. */
public abstract class ProgramContract extends Contract {
    private static final int XDP_PASS = 2;

    @Test
    void a_test_run_gives_the_programs_verdict() {
        try (BpfObject object = loaded();
                BpfProgram program = object.program("judge")) {
            TestRun run = program.testRun(TestRunOptions.of(frame()));

            assertThat(run.result()).isEqualTo(XDP_PASS);
            assertThat(run.output().remaining()).isZero();
            assertThat(run.contextOut().remaining()).isZero();
        }
    }

    @Test
    void a_packet_on_the_heap_serves_as_well() {
        try (BpfObject object = loaded();
                BpfProgram program = object.program("judge")) {
            TestRun run = program.testRun(TestRunOptions.of(ByteBuffer.allocate(64)));

            assertThat(run.result()).isEqualTo(XDP_PASS);
        }
    }

    @Test
    void a_repeated_run_runs_as_often_and_is_timed() {
        try (BpfObject object = loaded();
                BpfProgram program = object.program("judge");
                BpfMap counters = object.map("counters")) {
            TestRun run = program.testRun(TestRunOptions.of(frame()).withRepeat(1000));

            assertThat(counter(counters, 0)).isEqualTo(1000);
            assertThat(run.durationNanos()).isBetween(0L, 1_000_000L);
        }
    }

    @Test
    void the_packet_comes_back_as_the_program_left_it() {
        try (BpfObject object = loaded();
                BpfProgram program = object.program("judge")) {
            TestRun run = program.testRun(TestRunOptions.of(frame()).withOutputCapacity(128));

            assertThat(run.output()).isEqualTo(frame());
        }
    }

    @Test
    void metadata_in_front_of_the_packet_goes_in_and_comes_back() {
        try (BpfObject object = loaded();
                BpfProgram program = object.program("read_metadata")) {
            ByteBuffer packet = room(4 + 64).putInt(0, 41);
            TestRunOptions options =
                    TestRunOptions.of(packet).withXdpContext(4, 0).withOutputCapacity(128);

            TestRun run = program.testRun(options);

            assertThat(run.result()).isEqualTo(42);
            assertThat(run.output().remaining()).isEqualTo(68);
            assertThat(run.output().getInt(0)).isEqualTo(42);
            assertThat(run.output().get(4)).isEqualTo((byte) 0xee);
        }
    }

    @Test
    void the_context_comes_back_too() {
        try (BpfObject object = loaded();
                BpfProgram program = object.program("read_metadata")) {
            TestRunOptions options = TestRunOptions.of(room(8 + 64)).withXdpContext(8, 0);

            TestRun run = program.testRun(options);

            assertThat(run.contextOut().remaining()).isEqualTo(24);
            assertThat(run.contextOut().getInt(0)).isEqualTo(8);
            assertThat(run.contextOut().getInt(4)).isEqualTo(72);
        }
    }

    @Test
    void a_packet_that_does_not_fit_back_is_an_error_with_its_length() {
        try (BpfObject object = loaded();
                BpfProgram program = object.program("judge")) {
            assertThatThrownBy(() ->
                            program.testRun(TestRunOptions.of(frame()).withOutputCapacity(10)))
                    .isInstanceOf(BpfException.class)
                    .hasMessage(
                            "test program judge: no space left (ENOSPC):"
                                    + " the program left 64 bytes, and there was room for 10");
        }
    }

    @Test
    void a_packet_too_short_for_a_frame_is_an_error() {
        try (BpfObject object = loaded();
                BpfProgram program = object.program("judge")) {
            assertThatThrownBy(() -> program.testRun(TestRunOptions.of(room(5))))
                    .hasMessage("test program judge: invalid argument (EINVAL)");
        }
    }

    @Test
    void a_tc_program_is_run_as_well() {
        try (BpfObject object = loaded();
                BpfProgram program = object.program("count_tc");
                BpfMap counters = object.map("counters")) {
            TestRun run = program.testRun(TestRunOptions.of(frame()));

            assertThat(run.result()).isZero();
            assertThat(counter(counters, 2)).isEqualTo(1);
        }
    }

    @Test
    void a_program_tells_what_the_kernel_knows_of_it() {
        try (BpfObject object = loaded();
                BpfProgram program = object.program("read_metadata");
                BpfProgram judge = object.program("judge");
                BpfMap counters = object.map("counters")) {
            ProgramInfo info = program.info();

            assertThat(info.id()).isEqualTo(program.id());
            assertThat(info.name()).isEqualTo("read_metadata");
            assertThat(info.type()).isEqualTo("xdp");
            assertThat(info.tag()).hasSize(16).containsPattern("[1-9a-f]");
            assertThat(info.translatedSize()).isPositive();
            assertThat(info.loadedAfter()).isPositive();
            assertThat(judge.info().mapIds()).contains(counters.id());
            assertThat(libbpf.programInfo(program.id())).isEqualTo(info);
        }
    }

    @Test
    void a_pinned_program_is_found_again() {
        int id;
        try (BpfObject object = loaded();
                BpfProgram program = object.program("drop_all")) {
            program.pin(pins.resolve("program"));
            id = program.id();
        }

        try (BpfProgram found = libbpf.pinnedProgram(pins.resolve("program")).orElseThrow()) {
            assertThat(found.id()).isEqualTo(id);
            assertThat(found.name()).isEqualTo("drop_all");
            assertThat(found.testRun(TestRunOptions.of(frame())).result()).isEqualTo(1);
        }
    }

    @Test
    void a_closed_program_says_so() {
        try (BpfObject object = loaded()) {
            BpfProgram program = object.program("judge");
            program.close();
            program.close();

            assertThatThrownBy(program::info)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("program judge is closed");
        }
    }
}
