// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.RemotePorts;
import dev.portcullis.policy.model.Rule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When rules about what leaves last decided. */
class EgressLastMatchTest {
    private static final Rule WEB = rule("198.51.100.0/24", Protocol.TCP, 443);
    private static final Rule MAIL = rule("198.51.100.0/24", Protocol.TCP, 25);
    private static final Rule IPV6 = rule("2001:db8::/32", Protocol.ANY, 443);
    private static final Policy OUT =
            Policy.of("out", PolicyType.EGRESS_FIREWALL, List.of(WEB, MAIL, IPV6));

    private final Bpffs bpffs = new Bpffs();
    private LoadedDataplane loaded = new LoadedDataplane(bpffs, Limits.DEFAULT);

    private static Rule rule(String target, Protocol protocol, int port) {
        RemotePorts ports = new RemotePorts(protocol, List.of(new PortRange(port, port)));
        return new Rule(target, States.prefix(target), ports, Rule.Action.ALLOW, "");
    }

    @AfterEach
    void clean() {
        loaded.close();
        bpffs.close();
    }

    private Optional<Instant> last(Policy policy, Rule rule) {
        return loaded.dataplane
                .ruleTimes()
                .lastMatch(policy.name(), rule, States.prefix(rule.source()));
    }

    private int send(String source, String destination, int port) {
        return loaded.send(
                new ProbePacket(Address.parse(source), 40_000, Address.parse(destination), port, 6)
                        .frame());
    }

    @Test
    void rules_of_one_target_are_told_apart_by_their_ports() {
        loaded.commit(States.everything(OUT));

        assertThat(send("10.0.0.1", "198.51.100.7", 25)).isEqualTo(LoadedDataplane.TC_UNSPEC);
        assertThat(send("10.0.0.1", "198.51.100.7", 80)).isEqualTo(LoadedDataplane.TC_SHOT);

        assertThat(last(OUT, MAIL)).isPresent();
        assertThat(last(OUT, WEB)).isEmpty();
        assertThat(last(OUT, IPV6)).isEmpty();
    }

    @Test
    void ipv6_targets_have_times_too() {
        loaded.commit(States.everything(OUT));

        send("fd00::1", "2001:db8::7", 443);

        assertThat(last(OUT, IPV6)).isPresent();
        assertThat(last(OUT, WEB)).isEmpty();
    }

    @Test
    void a_blocklist_has_the_times_of_both_directions() {
        Policy threats = States.blocklist("threats", "198.51.100.7/32", "203.0.113.7/32");
        loaded.commit(States.everything(threats));

        send("10.0.0.1", "198.51.100.7", 80);
        loaded.verdict("203.0.113.7");

        assertThat(last(threats, threats.rules().get(0))).isPresent();
        assertThat(last(threats, threats.rules().get(1))).isPresent();
    }

    @Test
    void of_a_rule_inside_one_about_every_port_the_wider_one_has_the_time() {
        Rule wide = Rule.allow("198.51.0.0/16", States.prefix("198.51.0.0/16"));
        Policy both = Policy.of("out", PolicyType.EGRESS_FIREWALL, List.of(WEB, wide));
        loaded.commit(States.everything(both));

        send("10.0.0.1", "198.51.100.7", 443);

        assertThat(last(both, wide)).isPresent();
        assertThat(last(both, WEB)).isEmpty();
    }

    @Test
    void times_stay_when_other_rules_come_and_go() {
        loaded.commit(States.everything(OUT));
        send("10.0.0.1", "198.51.100.7", 25);

        Rule near = rule("198.51.100.0/28", Protocol.UDP, 53);
        loaded.commit(
                States.everything(
                        Policy.of("out", PolicyType.EGRESS_FIREWALL, List.of(near, MAIL))));

        assertThat(last(OUT, MAIL)).isPresent();
        assertThat(last(OUT, near)).isEmpty();
    }

    @Test
    void times_are_kept_over_a_restart() {
        loaded.commit(States.everything(OUT));
        send("10.0.0.1", "198.51.100.7", 25);
        byte[] saved = loaded.dataplane.ruleTimes().save();

        LoadedDataplane before = loaded;
        loaded =
                new LoadedDataplane(
                        bpffs, Limits.DEFAULT, List.of(), false, before.dataplane.decisions());
        loaded.dataplane.restoreTimes(saved);
        before.close();
        loaded.commit(States.everything(OUT));

        assertThat(last(OUT, MAIL)).isPresent();
        assertThat(last(OUT, WEB)).isEmpty();
        send("10.0.0.1", "198.51.100.7", 443);
        assertThat(last(OUT, WEB)).isPresent();
    }
}
