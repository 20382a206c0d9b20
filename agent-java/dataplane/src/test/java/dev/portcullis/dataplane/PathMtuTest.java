// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A router, which is not let in, tells this host that packets are too large for the way to a client
 * behind it. Were that dropped, no large packet would ever arrive.
 */
@Tag("vm")
class PathMtuTest {
    private static final int BYTES = 500_000;
    private static final String ROUTER4 = "198.18.78.1";
    private static final String ROUTER6 = "fd77:7d::1";
    private static final String CLIENT4 = "198.18.78.2";
    private static final String CLIENT6 = "fd77:7d::2";

    private final Bpffs bpffs = new Bpffs();
    private final Neighbour router = new Neighbour();
    private final Namespace client = new Namespace(router.near() + "c");
    private final LoadedDataplane loaded =
            new LoadedDataplane(
                    bpffs, Limits.DEFAULT, List.of(router.near()), false, DecisionIds.none());

    @BeforeEach
    void route() {
        router.run(
                ("ip link add toclient mtu 1300 type veth"
                                + " peer name torouter mtu 1500 netns "
                                + client.name())
                        .split(" "));
        router.run("ip", "link", "set", "toclient", "up");
        client.run("ip", "link", "set", "torouter", "up");
        router.namespace().addAddresses("toclient", ROUTER4, ROUTER6);
        client.addAddresses("torouter", CLIENT4, CLIENT6);
        router.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        router.run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
        // The client knows how narrow the way is, and does not tell.
        client.run(("ip route add default mtu 1300 advmss 1400 via " + ROUTER4).split(" "));
        client.run(("ip route add default mtu 1300 advmss 1400 via " + ROUTER6).split(" "));
        Bpffs.run("ip", "route", "add", CLIENT4, "via", Neighbour.THERE4);
        Bpffs.run("ip", "route", "add", CLIENT6, "via", Neighbour.THERE6);
    }

    @AfterEach
    void clean() {
        loaded.dataplane.detach();
        loaded.close();
        client.close();
        router.close();
        bpffs.close();
    }

    @ParameterizedTest
    @CsvSource({CLIENT4 + "," + Neighbour.HERE4, CLIENT6 + "," + Neighbour.HERE6})
    void a_client_that_is_let_in_is_served(String address, String here) throws Exception {
        loaded.commit(States.everything(States.ip("one", CLIENT4 + "/32", CLIENT6 + "/128")));

        Traffic.assertServed(client, address, here, BYTES);

        assertThat(loaded.counted(Direction.INGRESS, Reason.RELATED)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({CLIENT4, CLIENT6})
    void what_this_host_sends_to_a_server_arrives(String server) throws Exception {
        loaded.commit(States.everything(States.ip("nobody", "203.0.113.0/24")));

        Traffic.assertEchoed(client, server, BYTES);

        assertThat(loaded.counted(Direction.INGRESS, Reason.RELATED)).isPositive();
    }
}
