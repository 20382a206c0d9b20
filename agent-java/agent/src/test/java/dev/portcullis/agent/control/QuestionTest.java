// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.dataplane.ProbePacket;
import dev.portcullis.policy.model.Address;
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
    })
    void a_packet_is_made_of_two_texts(
            String from,
            String to,
            String source,
            int sourcePort,
            String destination,
            int destinationPort,
            int protocol) {
        assertThat(Question.packet(from, to))
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
        "203.0.113.9, [2001:db8::2]:9200/tcp, from: , another address family",
    })
    void what_is_wrong_is_told_with_its_field(String from, String to, String field, String words) {
        assertThatThrownBy(() -> Question.packet(from, to))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(field)
                .hasMessageContaining(words);
    }

    @Test
    void both_texts_are_told_at_once() {
        assertThatThrownBy(() -> Question.packet("x", "y/tcp"))
                .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.violations()).hasSize(2));
    }
}
