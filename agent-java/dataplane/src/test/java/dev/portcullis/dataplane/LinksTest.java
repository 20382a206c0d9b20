// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Links of other kinds than veth: each lets in one client of a neighbour, no other, and what
 * answers this host.
 */
@Tag("vm")
class LinksTest {
    private static final int BYTES = 500_000;
    private static final String OTHER4 = "198.18.77.3";
    private static final String OTHER6 = "fd77:7c::3";

    enum Kind {
        VIRTIO_CARD,
        INTERFACE_BELOW_A_VLAN,
        VLAN,
        BOND
    }

    private final Bpffs bpffs = new Bpffs();

    /** Of the link. */
    private final List<Runnable> cleanUp = new ArrayList<>();

    @AfterEach
    void clean() {
        cleanUp.forEach(Runnable::run);
        bpffs.close();
    }

    private Neighbour neighbour(String near, String far) {
        Neighbour there = Neighbour.behind(near, far);
        cleanUp.add(there::close);
        return there;
    }

    private VethPairs veths(int pairs) {
        VethPairs veths = new VethPairs(pairs);
        cleanUp.add(veths::close);
        return veths;
    }

    /** Where it is guarded, what it leads to, and where the driver should do it. */
    private record Link(String guarded, Neighbour there, InterfaceState.Mode mode) {}

    private Link link(Kind kind) {
        return switch (kind) {
            case VIRTIO_CARD -> {
                cleanUp.add(() -> Bpffs.run("ip", "address", "flush", "dev", "vm0"));
                yield new Link("vm0", neighbour("vm0", "vm1"), InterfaceState.Mode.NATIVE);
            }
            case INTERFACE_BELOW_A_VLAN -> {
                VethPairs veths = veths(1);
                yield new Link(veths.names().get(0), vlan(veths), InterfaceState.Mode.NATIVE);
            }
            case VLAN -> {
                Neighbour there = vlan(veths(1));
                yield new Link(there.near(), there, InterfaceState.Mode.GENERIC);
            }
            case BOND -> {
                Neighbour there = bond();
                yield new Link(there.near(), there, InterfaceState.Mode.NATIVE);
            }
        };
    }

    private Neighbour vlan(VethPairs veths) {
        String near = addVlan(veths.names().get(0));
        String far = addVlan(veths.peers().get(0));
        return neighbour(near, far);
    }

    private static String addVlan(String below) {
        String name = below + ".7";
        Bpffs.run("ip", "link", "add", "link", below, "name", name, "type", "vlan", "id", "7");
        return name;
    }

    /** Two links as one, at both ends; the one in use is then cut. */
    private Neighbour bond() {
        VethPairs veths = veths(2);
        String near = "pcbond";
        Bpffs.run(bonding(near));
        cleanUp.add(() -> Bpffs.run("ip", "link", "del", near));
        for (String link : veths.names()) {
            Bpffs.run("ip", "link", "set", link, "down");
            Bpffs.run("ip", "link", "set", link, "master", near);
        }
        Neighbour there = neighbour(near, veths.peers().get(0));
        there.namespace().take(veths.peers().get(1));
        there.run(bonding("far"));
        for (String link : veths.peers()) {
            there.run("ip", "address", "flush", "dev", link);
            there.run("ip", "link", "set", link, "down");
            there.run("ip", "link", "set", link, "master", "far");
        }
        there.run("ip", "link", "set", "far", "up");
        there.namespace().addAddresses("far", Neighbour.THERE4, Neighbour.THERE6);
        Bpffs.run("ip", "link", "set", veths.names().get(0), "down");
        return there;
    }

    private static String[] bonding(String name) {
        return ("ip link add " + name + " type bond mode active-backup miimon 10").split(" ");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void one_client_is_let_in_and_this_host_is_answered(Kind kind) throws Exception {
        Link link = link(kind);
        Namespace there = link.there().namespace();
        String far = kind == Kind.BOND ? "far" : link.there().far();
        there.addAddresses(far, OTHER4, OTHER6);
        try (LoadedDataplane loaded =
                new LoadedDataplane(
                        bpffs,
                        Limits.DEFAULT,
                        List.of(link.guarded()),
                        false,
                        DecisionIds.none())) {
            loaded.commit(States.everything(States.ip("one", OTHER4 + "/32", OTHER6 + "/128")));
            assertThat(loaded.dataplane.interfaces())
                    .extracting(InterfaceState::mode)
                    .containsExactly(link.mode());

            Traffic.assertServed(there, OTHER4, Neighbour.HERE4, BYTES);
            Traffic.assertServed(there, OTHER6, Neighbour.HERE6, BYTES);
            Traffic.assertNotAnswered(there, Neighbour.THERE4, Neighbour.HERE4);
            Traffic.assertNotAnswered(there, Neighbour.THERE6, Neighbour.HERE6);
            Traffic.assertEchoed(there, Neighbour.THERE4, BYTES);
            Traffic.assertEchoed(there, Neighbour.THERE6, BYTES);

            assertThat(loaded.counted(Direction.INGRESS, Reason.POLICY_MATCH)).isPositive();
            assertThat(loaded.counted(Direction.INGRESS, Reason.NO_POLICY_MATCH)).isPositive();
            assertThat(loaded.counted(Direction.INGRESS, Reason.REPLY)).isPositive();
            loaded.dataplane.detach();
        }
    }
}
