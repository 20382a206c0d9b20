// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.libbpf.BpfLink;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.XdpAttachment;
import dev.portcullis.libbpf.XdpMode;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is seen from outside of interfaces that the test makes. */
class InterfaceSurveyTest {
    private final Libbpf libbpf = Libbpf.get();
    private final Bpffs bpffs = new Bpffs();
    private final VethPairs veths = new VethPairs(1);
    private final String name = veths.names().get(0);

    @AfterEach
    void clean() {
        veths.close();
        bpffs.close();
    }

    private InterfaceSurvey survey(String... patterns) {
        return InterfaceSurvey.take(libbpf, new InterfacePatterns(List.of(patterns)), bpffs.path());
    }

    private SeenInterface seen() {
        return survey(name).guarded().get(0);
    }

    private Dataplane guarding() {
        Dataplane dataplane =
                Dataplane.open(
                        libbpf,
                        new Dataplane.Options(
                                bpffs.path(),
                                new InterfacePatterns(List.of(name)),
                                List.of(),
                                Limits.DEFAULT),
                        DecisionIds.none());
        dataplane.commit(DesiredState.EMPTY, Environment.of(HostAddresses.of(List.of())));
        return dataplane;
    }

    @Test
    @Tag("newer-linux")
    void an_interface_that_is_free_has_its_driver_told_and_nobodys_program() {
        SeenInterface seen = seen();

        assertThat(seen.name()).isEqualTo(name);
        assertThat(seen.kind()).isEqualTo("veth");
        assertThat(seen.nativeXdp()).isEqualTo(NativeXdp.SUPPORTED);
        assertThat(seen.attached()).isEmpty();
        assertThat(seen.owner()).isEqualTo(SeenInterface.Owner.NOBODY);
    }

    @Test
    void the_program_that_an_agent_left_is_known_by_its_pin() {
        guarding().close();

        SeenInterface seen = seen();

        assertThat(seen.owner()).isEqualTo(SeenInterface.Owner.PORTCULLIS);
        assertThat(seen.attached().map(XdpAttachment::mode)).contains(XdpMode.NATIVE);
    }

    @Test
    void the_program_of_an_agent_with_other_pins_is_anothers() {
        guarding().close();

        try (Bpffs others = new Bpffs()) {
            InterfaceSurvey survey =
                    InterfaceSurvey.take(
                            libbpf, new InterfacePatterns(List.of(name)), others.path());

            assertThat(survey.guarded().get(0).owner()).isEqualTo(SeenInterface.Owner.OTHERS);
        }
    }

    @Test
    void a_program_beside_a_pin_that_is_of_another_one_is_anothers() {
        try (Dataplane dataplane = guarding()) {
            Pins pins = new Pins(bpffs.path());
            int index = libbpf.interfaceIndex(name).orElseThrow();
            try (BpfLink link = libbpf.pinnedLink(pins.link(index)).orElseThrow()) {
                link.detach();
            }
            try (KernelObject object = KernelObject.loadNew(libbpf, Limits.DEFAULT);
                    BpfLink link = object.ingress().attachXdp(index, XdpMode.GENERIC)) {
                assertThat(seen().owner()).isEqualTo(SeenInterface.Owner.OTHERS);
                assertThat(seen().attached().map(XdpAttachment::mode)).contains(XdpMode.GENERIC);
                link.detach();
            }
            assertThat(dataplane.isHealthy()).isTrue();
        }
    }

    @Test
    void what_matches_nothing_is_told() {
        InterfaceSurvey survey = survey(name, "pc-none*", "pc-none0");

        assertThat(survey.idlePatterns()).containsExactly("pc-none*");
        assertThat(survey.problems()).hasSize(1);
        assertThat(survey.problems().get(0).problem())
                .startsWith("interface pc-none0 does not exist");
    }

    @Test
    void a_trial_leaves_neither_pins_nor_attachments() {
        assertThat(ProgramTrial.run(libbpf).name()).startsWith("portcullis_xdp");

        assertThat(Files.exists(bpffs.path())).isFalse();
        assertThat(seen().attached()).isEmpty();
    }
}
