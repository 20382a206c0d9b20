// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which interfaces are guarded on hosts that are told, not built. */
class GuardedInterfacesTest {
    private final List<HostInterface> host = new ArrayList<>();

    GuardedInterfacesTest() {
        add("lo", "", 0, 0);
    }

    private int add(String name, String kind, int parent, int master) {
        int index = host.size() + 1;
        host.add(new HostInterface(name, index, true, kind, parent, master, true));
        return index;
    }

    private int card(String name) {
        return add(name, "", 0, 0);
    }

    private int member(String name, int master) {
        return add(name, "", 0, master);
    }

    private int vlan(String name, int parent) {
        return add(name, "vlan", parent, 0);
    }

    private GuardedInterfaces choose(String... patterns) {
        return GuardedInterfaces.choose(
                new InterfacePatterns(List.of(patterns)), new HostInterfaces(host));
    }

    private static List<String> guarded(GuardedInterfaces choice) {
        return choice.guarded().stream().map(HostInterface::name).toList();
    }

    private static List<String> leftAlone(GuardedInterfaces choice) {
        return choice.leftAlone().stream().map(one -> one.name() + " " + one.reason()).toList();
    }

    private static List<String> problems(GuardedInterfaces choice) {
        return choice.problems().stream().map(InterfaceState::problem).toList();
    }

    @Test
    void what_matches_is_guarded_and_loopback_never() {
        card("eth0");
        card("eth1");
        card("wlan0");

        GuardedInterfaces choice = choose("eth?", "lo", "*0");

        assertThat(guarded(choice)).containsExactly("eth0", "eth1", "wlan0");
        assertThat(choice.leftAlone()).isEmpty();
        assertThat(choice.problems()).isEmpty();
        assertThat(choice.guards(1)).isFalse();
        assertThat(choice.guards(2)).isTrue();
        assertThat(choice.guards(99)).isFalse();
    }

    @Test
    void a_name_of_nothing_is_a_problem_and_a_pattern_of_nothing_is_none() {
        card("eth0");

        assertThat(problems(choose("eth7", "veth*")))
                .containsExactly(
                        "interface eth7 does not exist (there are: eth0, lo): correct"
                                + " \"interfaces\" in agent.yaml, or use a pattern if it appears"
                                + " later");
    }

    @Test
    void a_tunnel_without_ethernet_frames_is_left_alone_or_a_problem_if_it_is_named() {
        host.add(new HostInterface("wg0", 2, false, "wireguard", 0, 0, true));

        assertThat(guarded(choose("*"))).isEmpty();
        assertThat(leftAlone(choose("*")))
                .containsExactly("wg0 has no Ethernet frames, so that nothing can be judged there");
        assertThat(problems(choose("wg0")))
                .containsExactly(
                        "interface wg0 has no Ethernet frames, so that nothing can be judged"
                                + " there: take it out of \"interfaces\", and guard the one that"
                                + " its tunnel comes in at");
    }

    @Test
    void a_bond_stands_for_its_members() {
        int bond = add("bond0", "bond", 0, 0);
        member("eth0", bond);
        member("eth1", bond);
        card("eth2");

        GuardedInterfaces choice = choose("*");

        assertThat(guarded(choice)).containsExactly("bond0", "eth2");
        assertThat(leftAlone(choice))
                .containsExactly(
                        "eth0 is a member of bond0, where its frames are judged",
                        "eth1 is a member of bond0, where its frames are judged");
    }

    @Test
    void members_are_guarded_when_the_bond_does_not_match() {
        int bond = add("bond0", "bond", 0, 0);
        member("eth0", bond);
        member("eth1", bond);

        GuardedInterfaces choice = choose("eth*");

        assertThat(guarded(choice)).containsExactly("eth0", "eth1");
        assertThat(choice.leftAlone()).isEmpty();
    }

    @Test
    void a_team_is_treated_as_a_bond_is() {
        int team = add("team0", "team", 0, 0);
        member("eth0", team);

        assertThat(guarded(choose("*"))).containsExactly("team0");
    }

    @Test
    void members_with_exact_names_are_guarded_rather_than_a_bond_that_a_pattern_matches() {
        int bond = add("bond0", "bond", 0, 0);
        member("eth0", bond);
        member("eth1", bond);

        GuardedInterfaces choice = choose("eth0", "eth1", "bond*");

        assertThat(guarded(choice)).containsExactly("eth0", "eth1");
        assertThat(leftAlone(choice))
                .containsExactly("bond0 gets only what was judged at eth0, eth1");
    }

    @Test
    void a_bond_is_guarded_if_only_some_of_its_members_are_named_so_that_nothing_is_open() {
        int bond = add("bond0", "bond", 0, 0);
        member("eth0", bond);
        member("eth1", bond);

        GuardedInterfaces choice = choose("eth0", "bond*");

        assertThat(guarded(choice)).containsExactly("bond0");
        assertThat(choice.problems()).isEmpty();
    }

    @Test
    void a_bond_and_its_member_both_named_contradict_each_other() {
        int bond = add("bond0", "bond", 0, 0);
        member("eth0", bond);
        member("eth1", bond);

        GuardedInterfaces choice = choose("bond0", "eth0");

        assertThat(guarded(choice)).containsExactly("bond0");
        assertThat(problems(choice))
                .containsExactly(
                        "interfaces bond0 and eth0 are both named in \"interfaces\", and one is a"
                                + " member of the other: bond0 is guarded; take one of them out");
        assertThat(choice.leftAlone()).isEmpty();
    }

    @Test
    void packets_of_a_guarded_bonds_members_count_as_the_bonds() {
        int bond = add("bond0", "bond", 0, 0);
        int first = member("eth0", bond);
        int second = member("eth1", bond);
        int other = card("eth2");

        assertThat(choose("*").indexes())
                .containsEntry("bond0", Set.of(bond, first, second))
                .containsEntry("eth2", Set.of(other))
                .doesNotContainKey("eth0");
        assertThat(choose("eth*").indexes())
                .containsEntry("bond0", Set.of(bond))
                .containsEntry("eth0", Set.of(first));
    }

    @Test
    void a_bond_waits_for_members_as_long_as_it_has_none() {
        int bond = add("bond0", "bond", 0, 0);
        card("eth0");
        assertThat(choose("*").waitsForMembers(host.get(bond - 1))).isTrue();
        assertThat(choose("*").waitsForMembers(host.get(bond))).isFalse();

        member("eth1", bond);

        assertThat(choose("*").waitsForMembers(host.get(bond - 1))).isFalse();
    }

    @Test
    void a_vlan_of_a_guarded_interface_is_left_alone() {
        int card = card("eth0");
        vlan("eth0.100", card);

        GuardedInterfaces choice = choose("eth0", "eth0.100");

        assertThat(guarded(choice)).containsExactly("eth0");
        assertThat(leftAlone(choice))
                .containsExactly(
                        "eth0.100 is a VLAN whose frames are judged at eth0, with their tags");
        assertThat(choice.problems()).isEmpty();
    }

    @Test
    void a_vlan_of_an_interface_that_is_not_guarded_is() {
        int card = card("eth0");
        vlan("eth0.100", card);
        vlan("eth0.200", card);

        assertThat(guarded(choose("eth0.100"))).containsExactly("eth0.100");
    }

    @Test
    void a_vlan_whose_parent_is_in_another_namespace_is_guarded() {
        card("eth0");
        vlan("eth0.100", 0);

        assertThat(guarded(choose("*"))).containsExactly("eth0", "eth0.100");
    }

    @Test
    void a_vlan_on_a_vlan_is_left_alone_for_the_interface_below_both() {
        int card = card("eth0");
        int outer = vlan("eth0.100", card);
        vlan("eth0.100.7", outer);

        GuardedInterfaces choice = choose("eth*");

        assertThat(guarded(choice)).containsExactly("eth0");
        assertThat(leftAlone(choice))
                .containsExactly(
                        "eth0.100 is a VLAN whose frames are judged at eth0, with their tags",
                        "eth0.100.7 is a VLAN whose frames are judged at eth0, with their tags");
    }

    @Test
    void a_vlan_on_a_vlan_is_left_alone_though_the_one_between_does_not_match() {
        int card = card("eth0");
        int outer = vlan("outer", card);
        vlan("inner", outer);

        assertThat(guarded(choose("eth0", "inner"))).containsExactly("eth0");
        assertThat(guarded(choose("inner"))).containsExactly("inner");
        assertThat(guarded(choose("outer", "inner"))).containsExactly("outer");
    }

    @Test
    void a_vlan_on_a_bond_is_left_alone_for_the_bond() {
        int bond = add("bond0", "bond", 0, 0);
        member("eth0", bond);
        vlan("bond0.100", bond);

        GuardedInterfaces choice = choose("*");

        assertThat(guarded(choice)).containsExactly("bond0");
        assertThat(leftAlone(choice))
                .contains("bond0.100 is a VLAN whose frames are judged at bond0, with their tags");
    }

    @Test
    void a_vlan_on_a_bond_is_left_alone_for_the_bonds_members_if_all_are_guarded() {
        int bond = add("bond0", "bond", 0, 0);
        member("eth0", bond);
        member("eth1", bond);
        vlan("bond0.100", bond);

        assertThat(guarded(choose("eth*", "bond0.*"))).containsExactly("eth0", "eth1");
        assertThat(guarded(choose("eth0", "bond0.*"))).containsExactly("bond0.100", "eth0");
    }

    @Test
    void the_ports_of_a_bridge_stand_for_it() {
        int bridge = add("br0", "bridge", 0, 0);
        member("eth0", bridge);
        member("tap0", bridge);

        GuardedInterfaces choice = choose("*");

        assertThat(guarded(choice)).containsExactly("eth0", "tap0");
        assertThat(leftAlone(choice))
                .containsExactly("br0 gets only what was judged at eth0, tap0");
    }

    @Test
    void a_bridge_is_told_of_the_ports_that_leave_it_open() {
        int bridge = add("br0", "bridge", 0, 0);
        member("eth0", bridge);
        member("tap0", bridge);

        GuardedInterfaces choice = choose("br*", "eth*");

        assertThat(guarded(choice)).containsExactly("eth0");
        assertThat(leftAlone(choice))
                .containsExactly(
                        "br0 has ports that are guarded (eth0), and what comes in at tap0 is not"
                                + " judged");
    }

    @Test
    void a_bridge_whose_ports_do_not_match_is_guarded() {
        int bridge = add("br0", "bridge", 0, 0);
        member("eth0", bridge);

        assertThat(guarded(choose("br*"))).containsExactly("br0");
    }

    @Test
    void a_bridge_without_ports_is_guarded() {
        add("br0", "bridge", 0, 0);

        assertThat(guarded(choose("*"))).containsExactly("br0");
    }

    @Test
    void a_bridge_with_an_exact_name_stands_for_ports_that_a_pattern_matches() {
        int bridge = add("br0", "bridge", 0, 0);
        member("eth0", bridge);
        card("eth1");

        GuardedInterfaces choice = choose("br0", "eth*");

        assertThat(guarded(choice)).containsExactly("br0", "eth1");
        assertThat(leftAlone(choice))
                .containsExactly(
                        "eth0 is a port of br0, where what is for the host is judged; what goes"
                                + " through is not");
    }

    @Test
    void a_port_with_an_exact_name_is_guarded_rather_than_a_bridge_that_a_pattern_matches() {
        int bridge = add("br0", "bridge", 0, 0);
        member("eth0", bridge);

        assertThat(guarded(choose("eth0", "br*"))).containsExactly("eth0");
    }

    @Test
    void a_bridge_and_its_port_both_named_contradict_each_other() {
        int bridge = add("br0", "bridge", 0, 0);
        member("eth0", bridge);
        member("tap0", bridge);

        GuardedInterfaces choice = choose("br0", "eth0");

        assertThat(guarded(choice)).containsExactly("eth0");
        assertThat(problems(choice))
                .containsExactly(
                        "interfaces eth0 and br0 are both named in \"interfaces\", and one is a"
                                + " member of the other: eth0 is guarded; take one of them out");
    }

    @Test
    void a_bond_that_is_a_port_of_a_bridge_is_guarded_for_both() {
        int bridge = add("br0", "bridge", 0, 0);
        int bond = add("bond0", "bond", 0, bridge);
        member("eth0", bond);
        member("eth1", bond);

        GuardedInterfaces choice = choose("*");

        assertThat(guarded(choice)).containsExactly("bond0");
        assertThat(leftAlone(choice)).contains("br0 gets only what was judged at bond0");
    }

    @Test
    void a_bridge_with_an_exact_name_stands_for_a_bond_and_its_members() {
        int bridge = add("br0", "bridge", 0, 0);
        int bond = add("bond0", "bond", 0, bridge);
        member("eth0", bond);

        GuardedInterfaces choice = choose("br0", "*");

        assertThat(guarded(choice)).containsExactly("br0");
        assertThat(leftAlone(choice))
                .containsExactly(
                        "bond0 is a port of br0, where what is for the host is judged; what goes"
                                + " through is not",
                        "eth0 is a member of bond0, which is left alone, too");
    }

    @Test
    void a_bridge_on_a_vlan_is_left_alone_for_the_vlans_parent() {
        int card = card("eth0");
        int bridge = add("br100", "bridge", 0, 0);
        add("eth0.100", "vlan", card, bridge);

        GuardedInterfaces choice = choose("*");

        assertThat(guarded(choice)).containsExactly("eth0");
        assertThat(leftAlone(choice))
                .containsExactly(
                        "br100 gets only what was judged at eth0",
                        "eth0.100 is a VLAN whose frames are judged at eth0, with their tags");
    }

    @Test
    void a_bridge_on_a_vlan_is_left_alone_even_if_it_is_named_and_the_parent_is_not() {
        int card = card("eth0");
        int bridge = add("br100", "bridge", 0, 0);
        add("eth0.100", "vlan", card, bridge);

        GuardedInterfaces choice = choose("br100", "eth0*");

        assertThat(guarded(choice)).containsExactly("eth0");
        assertThat(choice.problems()).isEmpty();
    }

    @Test
    void a_bridge_on_a_vlan_of_which_another_port_is_open_is_guarded_beside_the_parent() {
        int card = card("eth0");
        int bridge = add("br100", "bridge", 0, 0);
        add("eth0.100", "vlan", card, bridge);
        member("tap0", bridge);

        assertThat(guarded(choose("br100", "eth0*"))).containsExactly("br100", "eth0");
    }

    @Test
    void a_bridge_on_a_vlan_on_a_bond_is_left_alone_for_the_bond() {
        int bond = add("bond0", "bond", 0, 0);
        member("eth0", bond);
        member("eth1", bond);
        int bridge = add("br100", "bridge", 0, 0);
        add("bond0.100", "vlan", bond, bridge);

        assertThat(guarded(choose("*"))).containsExactly("bond0");
        assertThat(guarded(choose("br100", "bond0"))).containsExactly("bond0");
        assertThat(guarded(choose("br100"))).containsExactly("br100");
    }

    @Test
    void a_member_of_something_else_than_a_bond_or_bridge_is_guarded_like_any_other() {
        int vrf = add("blue", "vrf", 0, 0);
        member("eth0", vrf);

        assertThat(guarded(choose("*"))).containsExactly("blue", "eth0");
    }

    @Test
    void a_master_that_is_not_there_any_more_is_none() {
        member("eth0", 99);

        assertThat(guarded(choose("*"))).containsExactly("eth0");
        assertThat(choose("*").indexes()).containsEntry("eth0", Set.of(2));
    }
}
