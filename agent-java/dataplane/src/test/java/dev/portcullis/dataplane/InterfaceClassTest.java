// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.Compiler;
import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.compiler.Image;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Resources that name an interface whose packets come in with several indexes. */
class InterfaceClassTest {
    private static final String SOURCE = "203.0.113.9";

    @Test
    void packets_with_any_index_of_an_interface_belong_to_the_resource_that_names_it() {
        try (Bpffs bpffs = new Bpffs();
                VethPairs veths = new VethPairs(3);
                KernelObject object =
                        KernelObject.load(Libbpf.get(), new Pins(bpffs.path()), Limits.DEFAULT)) {
            Probe probe = object.probe();
            Map<String, Integer> index = veths.indexesAs(List.of("bond0", "eth0", "eth1"));
            try (Generations generations =
                    new Generations(
                            Libbpf.get(),
                            object,
                            Limits.DEFAULT,
                            probe,
                            new RuleTimes(object.matched()))) {
                Image image = image(web("bond0"));

                generations
                        .stage(
                                image,
                                DecisionIds.none(),
                                Map.of("bond0", Set.of(index.get("bond0"), index.get("eth0"))))
                        .commit(Optional.empty());

                assertThat(reason(probe, image, index.get("bond0")))
                        .isEqualTo(Reason.NO_POLICY_MATCH);
                assertThat(reason(probe, image, index.get("eth0")))
                        .isEqualTo(Reason.NO_POLICY_MATCH);
                assertThat(reason(probe, image, index.get("eth1"))).isEqualTo(Reason.NO_RESOURCE);
            }
        }
    }

    private static DesiredState web(String interfaceName) {
        Policy office = States.ip("office", "198.51.100.0/24");
        Resource web =
                Resource.of(
                        "web",
                        LocalAddresses.EVERY,
                        List.of(PortMatch.EVERYTHING),
                        Set.of(interfaceName),
                        List.of("office"));
        return new DesiredState(Map.of("office", office), Map.of("web", web));
    }

    private static Image image(DesiredState state) {
        Environment environment = Environment.of(HostAddresses.of(List.of()));
        return Compiler.compile(state, List.of(), environment, DecisionIds.none());
    }

    private static Reason reason(Probe probe, Image image, int index) {
        ProbePacket packet =
                new ProbePacket(Address.parse(SOURCE), 40_000, Address.parse("10.0.0.1"), 9200, 6);
        int number = probe.live().arriving(packet.frame(), index).decision() & Image.NUMBER;
        return DecisionIds.FIXED
                .getOrDefault(number, image.decisions().byNumber().get(number))
                .reason();
    }
}
