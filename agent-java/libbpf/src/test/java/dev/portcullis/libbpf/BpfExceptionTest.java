// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BpfExceptionTest {
    private static final String LOG =
            """
            0: R1=ctx() R10=fp0
            ; return data[100]; @ rejected.bpf.c:20
            1: (61) r1 = *(u32 *)(r1 +0)
            2: (71) r0 = *(u8 *)(r1 +100)
            invalid access to packet, off=100 size=1, R1(id=0,off=100,r=0)
            R1 offset is outside of the packet
            processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0
            """;

    @Test
    void the_message_says_what_was_done_to_what_and_why_it_failed() {
        assertThat(new BpfException("pin", "map flows", 17))
                .hasMessage("pin map flows: already exists (EEXIST)");
    }

    @Test
    void what_else_is_known_stands_behind_the_error() {
        assertThat(new BpfException("load", "object contract", 1, "map 'x' failed"))
                .hasMessage(
                        "load object contract: operation not permitted (EPERM): map 'x' failed");
    }

    @Test
    void a_rejected_program_ends_with_the_verifiers_last_lines_and_not_its_statistics() {
        BpfException e = BpfException.rejected("program p of object o", 13, LOG);

        assertThat(e)
                .hasMessage(
                        """
                        load program p of object o: permission denied (EACCES): the verifier ended with
                          1: (61) r1 = *(u32 *)(r1 +0)
                          2: (71) r0 = *(u8 *)(r1 +100)
                          invalid access to packet, off=100 size=1, R1(id=0,off=100,r=0)
                          R1 offset is outside of the packet\
                        """);
        assertThat(e.verifierLog()).isEqualTo(LOG);
    }

    @Test
    void the_kernels_own_error_number_for_missing_support_has_a_name() {
        assertThat(new BpfException("look up", "map m", 524).errnoName()).isEqualTo("ENOTSUPP");
    }

    @Test
    void libbpfs_own_error_numbers_have_names() {
        assertThat(new BpfException("open", "object o", 4001).errnoName())
                .isEqualTo("LIBBPF_ERRNO__FORMAT");
    }

    @Test
    void an_unknown_error_number_is_shown_as_it_is() {
        assertThat(new BpfException("open", "object o", 3999))
                .hasMessage("open object o: errno 3999");
    }
}
