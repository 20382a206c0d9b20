// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.api.v1.ExplainRequest;
import dev.portcullis.api.v1.Workload;
import dev.portcullis.dataplane.ProbePacket;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.validation.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 10.20.0.1:9200/tcp, 203.0.113.9, 61000, 10.20.0.1, 9200, 6",
        "203.0.113.9:40000, 10.20.0.1:53/UDP, 203.0.113.9, 40000, 10.20.0.1, 53, 17",
        "2001:db8::1, [2001:db8::2]:9200/tcp, 2001:db8::1, 61000, 2001:db8::2, 9200, 6",
        "[2001:db8::1]:40000, [2001:db8::2]:1/sctp, 2001:db8::1, 40000, 2001:db8::2, 1, 132",
        "203.0.113.9, 10.20.0.1/icmp, 203.0.113.9, 61000, 10.20.0.1, 0, 1",
        "2001:db8::1, 2001:db8::2/icmp, 2001:db8::1, 61000, 2001:db8::2, 0, 58",
        "203.0.113.9, 10.20.0.1/47, 203.0.113.9, 61000, 10.20.0.1, 0, 47",
        "203.0.113.9, 10.20.0.1:9200/6, 203.0.113.9, 61000, 10.20.0.1, 9200, 6",
    })
    void a_packet_is_made_of_two_texts(
            String from,
            String to,
            String source,
            int sourcePort,
            String destination,
            int destinationPort,
            int protocol) {
        assertThat(packet(from, to))
                .isEqualTo(
                        new ProbePacket(
                                Address.parse(source),
                                sourcePort,
                                Address.parse(destination),
                                destinationPort,
                                protocol));
    }

    @ParameterizedTest
    @CsvSource({
        "office.example, 10.20.0.1:9200/tcp, from: , no IPv4 or IPv6 address",
        "203.0.113.9, 10.20.0.1:9200, to: , names no protocol",
        "203.0.113.9, 10.20.0.1/tcp, to: , needs a port",
        "203.0.113.9, 10.20.0.1:9200/icmp, to: , has no ports",
        "203.0.113.9, 10.20.0.1:9200/tpc, to: , did you mean \"tcp\"?",
        "203.0.113.9, 10.20.0.1/256, to: , 0 to 255",
        "203.0.113.9, 10.20.0.1/17, to: , needs a port",
        "2001:db8::1, 2001:db8::2/60, to: , extension header",
        "203.0.113.9, [2001:db8::2]:9200/tcp, from: , another address family",
    })
    void what_is_wrong_is_told_with_its_field(String from, String to, String field, String words) {
        assertThatThrownBy(() -> packet(from, to))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(field)
                .hasMessageContaining(words);
    }

    private static ProbePacket packet(String from, String to) {
        return Question.of(ExplainRequest.newBuilder().setFrom(from).setTo(to).build()).packet();
    }

    private static ExplainRequest.Builder leaving() {
        return ExplainRequest.newBuilder().setFrom("10.20.0.1").setTo("198.51.100.9:443/tcp");
    }

    @Test
    void a_sender_is_a_unit_or_a_cgroup() {
        Workload.Builder unit = Workload.newBuilder().setUnit("nginx.service");
        Workload.Builder cgroup = Workload.newBuilder().setCgroup("/system.slice");

        Question ofUnit = Question.of(leaving().setDirection("egress").setWorkload(unit).build());
        Question ofCgroup = Question.of(leaving().setWorkload(cgroup).build());

        assertThat(ofUnit.direction()).contains(Direction.EGRESS);
        assertThat(ofUnit.sender()).hasToString("Optional[unit nginx.service]");
        assertThat(ofCgroup.direction()).isEmpty();
        assertThat(ofCgroup.sender()).hasToString("Optional[cgroup /system.slice]");
    }

    @Test
    void a_wrong_direction_and_a_wrong_sender_are_told_with_the_rest() {
        ExplainRequest wrong =
                ExplainRequest.newBuilder()
                        .setFrom("x")
                        .setTo("10.20.0.1:443/tcp")
                        .setDirection("egres")
                        .setWorkload(Workload.newBuilder().setUnit("nginx"))
                        .build();

        assertThatThrownBy(() -> Question.of(wrong))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        e ->
                                assertThat(e.violations())
                                        .extracting(Violation::toString)
                                        .satisfiesExactly(
                                                v -> assertThat(v).startsWith("from: "),
                                                v ->
                                                        assertThat(v)
                                                                .startsWith("direction: ")
                                                                .contains(
                                                                        "did you mean \"egress\"?"),
                                                v -> assertThat(v).startsWith("workload.unit: ")));
    }

    @Test
    void both_texts_are_told_at_once() {
        assertThatThrownBy(() -> packet("x", "y/tcp"))
                .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.violations()).hasSize(2));
    }
}
