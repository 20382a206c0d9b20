// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.Libbpf;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What this kernel tells of its drivers, from Linux 6.3 on. */
class DriverQuestionTest {
    private final Libbpf libbpf = Libbpf.get();

    private NativeXdp ask(int index) {
        try (DriverQuestion question = DriverQuestion.open(libbpf)) {
            return question.ask(index);
        }
    }

    @Test
    @Tag("newer-linux")
    void the_driver_of_a_veth_has_xdp() {
        try (VethPairs veths = new VethPairs(1)) {
            int index = libbpf.interfaceIndex(veths.names().get(0)).orElseThrow();

            assertThat(ask(index)).isEqualTo(NativeXdp.SUPPORTED);
        }
    }

    @Test
    @Tag("newer-linux")
    void loopback_has_none() {
        int index = libbpf.interfaceIndex("lo").orElseThrow();

        assertThat(ask(index)).isEqualTo(NativeXdp.MISSING);
    }

    @Test
    void of_an_interface_that_is_not_there_nothing_is_known() {
        assertThat(ask(Integer.MAX_VALUE)).isEqualTo(NativeXdp.UNKNOWN);
    }

    @Test
    @Tag("newer-linux")
    void a_socket_takes_one_question_after_the_other() {
        try (VethPairs veths = new VethPairs(1);
                DriverQuestion question = DriverQuestion.open(libbpf)) {
            int veth = libbpf.interfaceIndex(veths.names().get(0)).orElseThrow();

            assertThat(question.ask(Integer.MAX_VALUE)).isEqualTo(NativeXdp.UNKNOWN);
            assertThat(question.ask(veth)).isEqualTo(NativeXdp.SUPPORTED);
        }
    }
}
