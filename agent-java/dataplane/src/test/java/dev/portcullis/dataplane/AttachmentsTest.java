// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.BpfLink;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.XdpAttachment;
import dev.portcullis.libbpf.XdpMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is attached to when interfaces change their part. The interfaces are real ones, told to be
 * bonds and members, which not every kernel can make.
 */
class AttachmentsTest {
    private final Libbpf libbpf = Libbpf.get();
    private final Bpffs bpffs = new Bpffs();
    private final VethPairs veths = new VethPairs(2);
    private final Pins pins = new Pins(bpffs.path());
    private final KernelObject object = load();
    private final int bond = index(0);
    private final int member = index(1);
    private Attachments attachments = attachments();

    private KernelObject load() {
        pins.prepare();
        return KernelObject.load(libbpf, pins, Limits.DEFAULT);
    }

    private Attachments attachments() {
        InterfacePatterns none = new InterfacePatterns(List.of());
        return new Attachments(
                libbpf,
                pins,
                new Dataplane.Options(bpffs.path(), none, List.of(), Limits.DEFAULT),
                () -> new Conversations(object).seed(SocketTables.read()));
    }

    private int index(int pair) {
        return libbpf.interfaceIndex(veths.names().get(pair)).orElseThrow();
    }

    @AfterEach
    void clean() {
        attachments.detach();
        object.close();
        veths.close();
        bpffs.close();
    }

    /** The first interface as a bond, and the second as its member, or for itself. */
    private GuardedInterfaces choose(boolean joined, boolean carrier, String... patterns) {
        HostInterfaces host =
                new HostInterfaces(
                        List.of(
                                new HostInterface("bond0", bond, true, "bond", 0, 0, carrier),
                                new HostInterface(
                                        "eth0", member, true, "", 0, joined ? bond : 0, true)));
        return GuardedInterfaces.choose(new InterfacePatterns(Arrays.asList(patterns)), host);
    }

    private void reconcile(GuardedInterfaces choice) {
        attachments.reconcile(object, choice);
    }

    private Optional<XdpMode> mode(int index) {
        return libbpf.attachedXdp(index).map(XdpAttachment::mode);
    }

    @Test
    void a_guarded_interface_that_joins_a_guarded_bond_is_let_go() {
        reconcile(choose(false, true, "*"));
        assertThat(mode(member)).contains(XdpMode.NATIVE);

        reconcile(choose(true, true, "*"));

        assertThat(mode(bond)).isPresent();
        assertThat(mode(member)).isEmpty();
        assertThat(pins.links()).containsOnlyKeys(bond);
        assertThat(attachments.states()).extracting(InterfaceState::name).containsExactly("bond0");
    }

    @Test
    void a_member_stays_guarded_while_its_bond_can_not_be() {
        reconcile(choose(true, true, "eth0"));
        try (Bpffs others = new Bpffs()) {
            Pins otherPins = new Pins(others.path());
            otherPins.prepare();
            try (KernelObject other = KernelObject.load(libbpf, otherPins, Limits.DEFAULT);
                    BpfLink link = other.ingress().attachXdp(bond, XdpMode.NATIVE)) {
                reconcile(choose(true, true, "*"));

                assertThat(mode(member)).contains(XdpMode.NATIVE);
                assertThat(attachments.states().get(0).problem())
                        .startsWith("interface bond0 already has the XDP program");
                link.detach();
            }
        }
        reconcile(choose(true, true, "*"));
        assertThat(mode(bond)).contains(XdpMode.NATIVE);
        assertThat(mode(member)).isEmpty();
    }

    @Test
    void a_bond_is_judged_in_the_stack_until_it_has_members_and_then_in_their_drivers() {
        reconcile(choose(false, false, "bond0"));
        assertThat(mode(bond)).contains(XdpMode.GENERIC);

        reconcile(choose(true, false, "bond0"));

        assertThat(mode(bond)).contains(XdpMode.NATIVE);
        assertThat(attachments.states().get(0).mode()).isEqualTo(InterfaceState.Mode.NATIVE);
    }

    @Test
    void a_bond_that_frames_may_come_in_at_is_not_left_open_to_be_judged_in_drivers() {
        reconcile(choose(false, false, "bond0"));

        reconcile(choose(true, true, "bond0"));

        assertThat(mode(bond)).contains(XdpMode.GENERIC);
    }

    @Test
    void an_interface_is_attached_to_before_what_is_built_on_it() {
        String parent = veths.names().get(0);
        String child = "pcda" + ProcessHandle.current().pid() % 100_000;
        Bpffs.run("ip", "link", "add", "link", parent, "name", child, "type", "macvlan");

        reconcile(
                GuardedInterfaces.choose(
                        new InterfacePatterns(List.of(child, parent)),
                        HostInterfaces.read(libbpf)));

        assertThat(attachments.states())
                .extracting(InterfaceState::name)
                .containsExactly(child, parent);
        assertThat(attachments.states()).extracting(InterfaceState::problem).containsOnly("");
    }

    @Test
    void the_next_agent_lets_go_of_what_it_does_not_guard_any_more() {
        reconcile(choose(true, true, "eth0"));
        attachments.close();
        attachments = attachments();
        GuardedInterfaces choice = choose(true, true, "bond0");

        attachments.adopt(object, choice.interfaces());
        assertThat(mode(member)).contains(XdpMode.NATIVE);
        reconcile(choice);

        assertThat(mode(bond)).contains(XdpMode.NATIVE);
        assertThat(mode(member)).isEmpty();
        assertThat(pins.links()).containsOnlyKeys(bond);
    }
}
