// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When rules about private endpoints last decided. */
class EndpointLastMatchTest {
    private static final Duration RESOLUTION = Duration.ofMillis(1_100);
    private static final int FIRST = 1_000_001;
    private static final PrivateEndpoint ONE = PrivateEndpoint.aws("vpce-08d2bf15fac5001c9");
    private static final PrivateEndpoint OTHER = PrivateEndpoint.aws("vpce-0a1b2c3d4e5f60718");
    private static final PrivateEndpoint LINK = PrivateEndpoint.azure(134_217_729);

    private final ProxiedHost host = new ProxiedHost();
    private int port = 40_000;

    @AfterEach
    void close() {
        host.close();
    }

    private static Policy vpce(String name, PrivateEndpoint... endpoints) {
        return States.privateEndpoints(name, PolicyType.VPCE, endpoints);
    }

    private void commit(Policy... policies) {
        host.commit(States.web(Enforcement.DROP, policies));
    }

    /** Opens a connection by an endpoint; returns its next segment. */
    private Segment connect(PrivateEndpoint endpoint) {
        port++;
        Segment syn =
                Segment.of("192.0.2.1", "10.0.0.1", Segment.SYN, FIRST - 1, 0)
                        .withPorts(port, 9200);
        byte[] header =
                ProxyHeaders.proxy()
                        .withAddresses("203.0.113.5", "198.51.100.1")
                        .withEndpoint(endpoint)
                        .bytes();
        host.send(syn);
        host.send(syn.at(FIRST, Segment.ACK), header);
        return syn.at(FIRST + header.length, Segment.ACK);
    }

    private static Consumer<Instant> near(Instant expected) {
        return actual ->
                assertThat(Duration.between(expected, actual).abs()).isLessThan(RESOLUTION);
    }

    private Optional<Instant> last(String policy, PrivateEndpoint endpoint) {
        return host.dataplane()
                .ruleTimes()
                .lastMatch(policy, Rule.allow("", new Peers.Endpoint(endpoint)), endpoint);
    }

    @Test
    void a_rule_whose_endpoint_was_let_in_has_the_time_and_others_have_none() {
        commit(vpce("private", ONE, OTHER), vpce("later", ONE));

        Instant before = Instant.now();
        connect(ONE);

        assertThat(last("private", ONE))
                .hasValueSatisfying(time ->
                        assertThat(time).isBetween(before.minus(RESOLUTION), Instant.now()));
        assertThat(last("private", OTHER)).isEmpty();
        assertThat(last("later", ONE)).isEmpty();
        assertThat(last("private", LINK)).isEmpty();
    }

    @Test
    void all_that_a_connection_sends_counts() {
        commit(vpce("private", ONE));
        Segment next = connect(ONE);
        Instant first = last("private", ONE).orElseThrow();

        Instant time = first;
        while (Duration.between(first, time).toMillis() < 100) {
            Thread.onSpinWait();
            host.send(next);
            time = last("private", ONE).orElseThrow();
        }

        assertThat(Duration.between(first, time)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void where_the_original_source_decides_the_endpoint_has_no_time() {
        commit(States.ip("all", "0.0.0.0/0"), vpce("private", ONE));

        connect(ONE);

        assertThat(last("private", ONE)).isEmpty();
    }

    @Test
    void a_time_survives_when_other_policies_name_the_endpoint_and_when_they_no_longer_do() {
        commit(vpce("private", ONE));
        Segment next = connect(ONE);
        Instant time = last("private", ONE).orElseThrow();

        commit(vpce("another", OTHER, ONE), vpce("private", ONE), vpce("a-third", ONE));
        assertThat(last("private", ONE)).hasValueSatisfying(near(time));
        assertThat(last("another", ONE)).isEmpty();

        host.send(next);
        assertThat(last("another", ONE)).isPresent();

        commit(vpce("private", ONE));
        assertThat(last("private", ONE)).hasValueSatisfying(near(time));
    }

    @Test
    void a_rule_that_was_removed_and_comes_back_starts_anew() {
        commit(vpce("private", ONE));
        connect(ONE);
        for (int i = 0; i < 3; i++) {
            commit(vpce("private", OTHER));
        }

        commit(vpce("private", ONE, OTHER));

        assertThat(last("private", ONE)).isEmpty();
        assertThat(last("private", OTHER)).isEmpty();
    }

    @Test
    void times_are_kept_over_a_restart_with_those_of_matches_after_the_saving() {
        Policy link = States.privateEndpoints("link", PolicyType.AZURE_PRIVATE_ENDPOINT, LINK);
        DesiredState state = States.web(Enforcement.DROP, vpce("private", ONE, OTHER), link);
        host.commit(state);
        connect(LINK);
        Instant time = last("link", LINK).orElseThrow();
        byte[] saved = host.dataplane().ruleTimes().save();
        connect(ONE);

        host.restart();
        host.dataplane().restoreTimes(saved);
        host.commit(state);

        assertThat(last("link", LINK)).hasValueSatisfying(near(time));
        assertThat(last("private", ONE)).isPresent();
        assertThat(last("private", OTHER)).isEmpty();
        connect(OTHER);
        assertThat(last("private", OTHER)).isPresent();
    }
}
