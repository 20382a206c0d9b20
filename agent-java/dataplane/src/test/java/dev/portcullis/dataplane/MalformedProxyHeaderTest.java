// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Reason;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that don't begin with a header, or with one that is wrong in one of many ways. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedProxyHeaderTest {
    /** A segment on a link with jumbo frames. */
    private static final int SEGMENT = 3_000;

    private ProxiedHost host;
    private int port = 1_024;

    @BeforeAll
    void open() {
        host = new ProxiedHost();
        host.commit(States.web(Enforcement.DROP, States.ip("all", "0.0.0.0/0", "::/0")));
    }

    @AfterAll
    void close() {
        host.close();
    }

    @ParameterizedTest
    @MethodSource("dev.portcullis.dataplane.MalformedProxyHeaders#whole")
    void what_begins_with_no_header_or_a_wrong_one_is_denied(MalformedProxyHeaders.Case malformed) {
        long before = host.loaded().counted(Direction.INGRESS, Reason.PROXY_HEADER);

        assertThat(last(malformed.bytes())).isEqualTo(LoadedDataplane.XDP_DROP);

        assertThat(host.loaded().counted(Direction.INGRESS, Reason.PROXY_HEADER))
                .isGreaterThan(before);
    }

    /** Its rest may come, and is all that may. */
    @ParameterizedTest
    @MethodSource("dev.portcullis.dataplane.MalformedProxyHeaders#cut")
    void what_has_only_the_beginning_of_a_header_lets_nothing_in(MalformedProxyHeaders.Case cut) {
        Segment syn = syn();
        host.send(syn);

        host.send(syn.at(1, Segment.ACK), cut.bytes());

        assertThat(host.known(syn)).isEmpty();
        assertThat(host.send(syn.at(5_000, Segment.ACK), new byte[10]))
                .isEqualTo(LoadedDataplane.XDP_DROP);
    }

    /** What becomes of the last segment. */
    private int last(byte[] stream) {
        Segment syn = syn();
        assertThat(host.send(syn)).isEqualTo(LoadedDataplane.XDP_PASS);
        int result = LoadedDataplane.XDP_PASS;
        for (int at = 0; at < stream.length; at += SEGMENT) {
            int end = Math.min(stream.length, at + SEGMENT);
            result = host.send(syn.at(1 + at, Segment.ACK), Arrays.copyOfRange(stream, at, end));
        }
        assertThat(host.known(syn)).isEmpty();
        return result;
    }

    private Segment syn() {
        return Segment.of("192.0.2.1", "10.0.0.1", Segment.SYN, 0, 0).withPorts(port++, 9200);
    }
}
