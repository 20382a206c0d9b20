// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.agent.names.WaitingAddresses.Admission;
import dev.portcullis.policy.model.Address;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WaitingAddressesTest {
    private static WaitingAddresses waiting(int room, String... addresses) {
        WaitingAddresses waiting = new WaitingAddresses(room);
        for (String address : addresses) {
            waiting.offer(Address.parse(address));
        }
        return waiting;
    }

    private static List<String> takeAll(WaitingAddresses waiting) {
        return Stream.generate(waiting::take)
                .takeWhile(Optional::isPresent)
                .map(address -> address.orElseThrow().toString())
                .toList();
    }

    @Test
    void networks_take_turns() {
        WaitingAddresses waiting =
                waiting(10, "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.1.1", "2001:db8::1");

        assertThat(takeAll(waiting))
                .containsExactly("10.0.0.1", "10.0.1.1", "2001:db8::1", "10.0.0.2", "10.0.0.3");
    }

    @Test
    void an_address_waits_once() {
        WaitingAddresses waiting = waiting(10, "10.0.0.1", "10.0.0.1");

        assertThat(takeAll(waiting)).containsExactly("10.0.0.1");
    }

    @Test
    void an_address_that_is_being_looked_up_does_not_wait_again_until_that_is_done() {
        WaitingAddresses waiting = waiting(10, "10.0.0.1");
        Address taken = waiting.take().orElseThrow();

        waiting.offer(taken);
        assertThat(waiting.take()).isEmpty();
        assertThat(waiting.taken()).isEqualTo(1);

        waiting.done(taken);
        waiting.offer(taken);
        assertThat(waiting.take()).contains(taken);
    }

    @Test
    void without_room_the_largest_network_gives_way_to_a_smaller_one() {
        WaitingAddresses waiting = waiting(4, "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.1.1");

        assertThat(waiting.offer(Address.parse("10.0.2.1"))).isEqualTo(Admission.REPLACED);

        assertThat(takeAll(waiting))
                .containsExactly("10.0.0.1", "10.0.1.1", "10.0.2.1", "10.0.0.2");
    }

    @Test
    void without_room_the_largest_network_is_refused() {
        WaitingAddresses waiting = waiting(3, "10.0.0.1", "10.0.0.2", "10.0.1.1");

        assertThat(waiting.offer(Address.parse("10.0.0.3"))).isEqualTo(Admission.REFUSED);
        assertThat(waiting.offer(Address.parse("10.0.1.2"))).isEqualTo(Admission.REFUSED);
    }

    @Test
    void networks_of_ipv6_have_64_bits() {
        WaitingAddresses waiting =
                waiting(10, "2001:db8::1", "2001:db8::ffff:0:0:1", "2001:db8:0:1::1");

        assertThat(takeAll(waiting))
                .containsExactly("2001:db8::1", "2001:db8:0:1::1", "2001:db8::ffff:0:0:1");
    }

    @Test
    void nobody_waits_after_a_clear() {
        WaitingAddresses waiting = waiting(10, "10.0.0.1", "10.0.1.1");

        waiting.clear();

        assertThat(waiting.isEmpty()).isTrue();
        assertThat(takeAll(waiting)).isEmpty();
    }
}
