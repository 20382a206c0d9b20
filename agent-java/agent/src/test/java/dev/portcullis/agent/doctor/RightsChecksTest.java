// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.Libbpf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Capabilities, and what they are for. The numbers are sets of bits, as the kernel writes them. */
class RightsChecksTest {
    private static final String ALL = "000001ffffffffff";
    private static final String NONE = "0000000000000000";
    private static final String OF_THE_UNIT = "000000c000001000";
    private static final String WITHOUT_BPF = "0000004000001000";
    private static final String OLD_ADMINISTRATOR = "0000000000201000";
    private static final int EPERM = 1;
    private static final int ENOMEM = 12;

    @TempDir private Path root;

    private CapabilitiesCheck capabilities(String effective, String bounding) {
        String status = "Name:\tjava\nCapEff:\t" + effective + "\nCapBnd:\t" + bounding + "\n";
        return new CapabilitiesCheck(new FakeHost(root).with("/proc/self/status", status).host());
    }

    private Finding finding(String effective, String bounding) throws IOException {
        return capabilities(effective, bounding).findings().get(0);
    }

    private Finding refused(int errno, String effective) throws IOException {
        BpfException refusal = new BpfException("load", "object portcullis", errno);
        Trial trial = new Trial(Optional.empty(), Optional.of(refusal));
        return new ProgramsCheck(trial, capabilities(effective, ALL)).findings().get(0);
    }

    @Test
    void the_three_of_the_unit_are_enough() throws IOException {
        assertThat(finding(OF_THE_UNIT, OF_THE_UNIT).result()).isEqualTo(Result.OK);
    }

    @Test
    void cap_sys_admin_has_two_of_them_in_it() throws IOException {
        assertThat(finding(OLD_ADMINISTRATOR, ALL).result()).isEqualTo(Result.OK);
    }

    @Test
    void what_this_process_alone_does_not_have_is_unknown() throws IOException {
        Finding missing = finding(WITHOUT_BPF, ALL);

        assertThat(missing.result()).isEqualTo(Result.UNKNOWN);
        assertThat(missing.found()).isEqualTo("this process does not have CAP_BPF");
        assertThat(missing.remedy()).contains("sudo portcullis doctor");
    }

    @Test
    void what_no_process_here_can_have_fails() throws IOException {
        Finding missing = finding(NONE, NONE);

        assertThat(missing.result()).isEqualTo(Result.FAILED);
        assertThat(missing.found())
                .isEqualTo("no process here can have CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON");
    }

    @Test
    void the_kernel_takes_the_programs() throws IOException {
        Trial trial = Trial.of(Libbpf.get());

        Finding programs =
                new ProgramsCheck(trial, new CapabilitiesCheck(Host.here())).findings().get(0);

        assertThat(programs.result()).isEqualTo(Result.OK);
        assertThat(trial.compiled()).contains(true);
    }

    @Test
    void who_may_not_load_programs_does_not_know_whether_the_agent_may() throws IOException {
        assertThat(refused(EPERM, NONE).result()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void who_may_and_is_refused_has_something_in_the_way() throws IOException {
        Finding programs = refused(EPERM, ALL);

        assertThat(programs.result()).isEqualTo(Result.FAILED);
        assertThat(programs.found()).contains("load object portcullis", "EPERM");
        assertThat(programs.remedy()).contains("filter of system calls");
    }

    @Test
    void want_of_memory_fails_whoever_asks() throws IOException {
        Finding programs = refused(ENOMEM, NONE);

        assertThat(programs.result()).isEqualTo(Result.FAILED);
        assertThat(programs.remedy()).contains("more memory");
    }

    @Test
    void without_libbpf_it_is_not_known_whether_the_kernel_takes_them() throws IOException {
        Finding programs = new ProgramsCheck(Trial.NONE, capabilities(ALL, ALL)).findings().get(0);

        assertThat(programs.result()).isEqualTo(Result.UNKNOWN);
    }
}
