// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.LoadedDataplane.XDP_DROP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Rule;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Packets whose verdict depends on the name of their source. */
class AskTest {
    private static final Policy FRIENDS =
            Policy.of(
                    "friends",
                    PolicyType.ALLOW_DENY,
                    List.of(
                            Rule.allow("*.example.org", new Peers.NamePattern("*.example.org")),
                            Rule.deny("_all", new Peers.Everyone())));

    private final Bpffs bpffs = new Bpffs();
    private LoadedDataplane loaded;

    private void open(Limits limits) {
        loaded = new LoadedDataplane(bpffs, limits);
        loaded.commit(States.web(Enforcement.DROP, FRIENDS));
    }

    @AfterEach
    void clean() {
        loaded.close();
        bpffs.close();
    }

    @Test
    void an_address_of_unknown_name_is_dropped_and_asked_for() throws Exception {
        open(Limits.DEFAULT);
        BlockingQueue<Address> asks = new LinkedBlockingQueue<>();
        loaded.dataplane.watchAsks(asks::add);

        assertThat(loaded.verdict("198.51.100.7")).isEqualTo(XDP_DROP);
        assertThat(loaded.verdict("2001:db8::7")).isEqualTo(XDP_DROP);

        assertThat(asks.poll(10, TimeUnit.SECONDS)).isEqualTo(Address.parse("198.51.100.7"));
        assertThat(asks.poll(10, TimeUnit.SECONDS)).isEqualTo(Address.parse("2001:db8::7"));
    }

    @Test
    void an_address_is_asked_for_once_a_second() throws Exception {
        open(Limits.DEFAULT);
        long start = System.nanoTime();
        long packets = 0;
        while (loaded.dataplane.reports().asksSent() < 3) {
            loaded.verdict("198.51.100.7");
            packets++;
            Thread.sleep(1);
        }
        long elapsed = System.nanoTime() - start;

        assertThat(elapsed).isGreaterThan(TimeUnit.SECONDS.toNanos(2));
        assertThat(packets).isGreaterThan(3);
        assertThat(loaded.dataplane.reports().asksLimited()).isZero();
    }

    @Test
    void over_the_limit_addresses_are_asked_for_later() {
        int cpus = Libbpf.get().possibleCpus();
        open(new Limits(1_000, 64, 10, 10, 5 * cpus));

        for (int i = 0; i < 250; i++) {
            loaded.verdict("198.51.100." + i);
        }
        ReportTotals flood = loaded.dataplane.reports();

        assertThat(flood.asksSent()).isBetween(5L, 125L);
        assertThat(flood.asksSent() + flood.asksLimited()).isEqualTo(250);
        assertThat(flood.asksLost()).isZero();
    }
}
