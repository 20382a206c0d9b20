// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.InterfacePatterns;
import dev.portcullis.dataplane.InterfaceSurvey;
import dev.portcullis.dataplane.LeftAlone;
import dev.portcullis.dataplane.Limits;
import dev.portcullis.dataplane.NativeXdp;
import dev.portcullis.dataplane.SeenInterface;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.XdpAttachment;
import dev.portcullis.libbpf.XdpMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of interfaces: one that the test makes, and others as they could be seen. */
class InterfacesCheckTest {
    private static final int INDEX = 7;

    private final Libbpf libbpf = Libbpf.get();
    private final String name = "pcdo" + ProcessHandle.current().pid() % 100_000 + "a";

    @TempDir private Path root;
    private FakeHost files;

    @BeforeEach
    void make() {
        files = new FakeHost(root);
        FakeHost.run("ip", "link", "add", name, "type", "veth", "peer", "name", name + "b");
        FakeHost.run("ip", "link", "set", name, "up");
    }

    @AfterEach
    void remove() {
        FakeHost.run("ip", "link", "del", name);
    }

    /** What the kernel would show of an interface in /sys. */
    private void show(String interfaceName, int index, int rx, int tx, int cpus) {
        String directory = "/sys/class/net/" + interfaceName;
        files.with(directory + "/ifindex", index + "\n");
        for (int queue = 0; queue < rx; queue++) {
            files.with(directory + "/queues/rx-" + queue + "/rps_cpus", "0\n");
        }
        for (int queue = 0; queue < tx; queue++) {
            files.with(directory + "/queues/tx-" + queue + "/xps_cpus", "0\n");
        }
        files.with("/sys/devices/system/cpu/online", "0-" + (cpus - 1) + "\n");
    }

    private List<Finding> findings(String... patterns) throws IOException {
        Dataplane.Options options =
                new Dataplane.Options(
                        Path.of("/sys/fs/bpf/pcdoc-none"),
                        new InterfacePatterns(List.of(patterns)),
                        List.of(),
                        Limits.DEFAULT);
        return new InterfacesCheck(files.host(), Optional.of(libbpf), Optional.of(options))
                .findings();
    }

    /** A card that nobody attached to. */
    private static SeenInterface card(NativeXdp nativeXdp) {
        return new SeenInterface(
                "eth1", INDEX, "", nativeXdp, Optional.empty(), SeenInterface.Owner.NOBODY);
    }

    private static SeenInterface guarded(XdpMode mode, SeenInterface.Owner owner) {
        Optional<XdpAttachment> attached = Optional.of(new XdpAttachment(42, mode));
        return new SeenInterface("eth1", INDEX, "", NativeXdp.SUPPORTED, attached, owner);
    }

    private Finding finding(String check, SeenInterface seen, boolean generic) throws IOException {
        return new InterfaceFindings(new NetworkFiles(files.host()), seen, generic)
                .all().stream()
                        .filter(finding -> finding.check().equals("eth1 " + check))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void a_veth_that_is_free_is_fine() throws IOException {
        show(name, libbpf.interfaceIndex(name).orElseThrow(), 1, 1, 2);

        assertThat(findings(name))
                .containsExactly(
                        Subject.INTERFACES.ok(name + " driver", "veth has native XDP"),
                        Subject.INTERFACES.ok(name + " queues", "1 rx and 1 tx, and 2 CPUs online"),
                        Subject.INTERFACES.ok(name + " program", "no other XDP program is there"));
    }

    @Test
    void an_interface_of_the_same_name_elsewhere_tells_nothing_of_queues() throws IOException {
        show(name, Integer.MAX_VALUE, 1, 1, 2);

        Finding queues = findings(name).get(1);

        assertThat(queues.result()).isEqualTo(Result.UNKNOWN);
        assertThat(queues.found()).contains("another network namespace");
    }

    @Test
    void what_is_left_alone_is_told_with_the_reason_after_what_is_guarded() throws IOException {
        LeftAlone vlan = new LeftAlone("eth1.7", 8, "is a VLAN whose frames are judged at eth1");
        InterfaceSurvey survey =
                new InterfaceSurvey(
                        List.of(card(NativeXdp.SUPPORTED)), List.of(vlan), List.of(), List.of());

        List<Finding> findings =
                new InterfacesCheck(files.host(), Optional.of(libbpf), Optional.empty())
                        .findings(survey, false);

        assertThat(findings.get(0).check()).isEqualTo("eth1 driver");
        assertThat(findings)
                .endsWith(
                        Subject.INTERFACES.ok(
                                "eth1.7", "left alone: is a VLAN whose frames are judged at eth1"));
    }

    @Test
    void a_name_that_no_interface_has_fails_and_a_pattern_is_warned_of() throws IOException {
        List<Finding> findings = findings("pc-none0", "pc-none*");

        assertThat(findings)
                .extracting(Finding::check, Finding::result)
                .containsExactly(
                        tuple("pc-none0", Result.FAILED), tuple("pc-none*", Result.WARNING));
        assertThat(findings.get(0).found()).startsWith("interface pc-none0 does not exist");
        assertThat(findings.get(0).remedy()).startsWith("correct \"interfaces\" in agent.yaml");
    }

    @Test
    void a_driver_without_xdp_is_warned_of_with_its_name() throws IOException {
        show("eth1", INDEX, 2, 2, 2);
        Path driver = root.resolve("sys/class/net/eth1/device/driver");
        Files.createDirectories(driver.getParent());
        Files.createSymbolicLink(driver, Path.of("../../../bus/pci/drivers/e1000"));

        Finding warned = finding("driver", card(NativeXdp.MISSING), false);

        assertThat(warned.result()).isEqualTo(Result.WARNING);
        assertThat(warned.found()).startsWith("e1000 has no native XDP");
    }

    @Test
    void a_driver_without_xdp_is_fine_where_the_stack_is_wanted() throws IOException {
        Finding driver = finding("driver", card(NativeXdp.MISSING), true);

        assertThat(driver.result()).isEqualTo(Result.OK);
    }

    @Test
    void a_kernel_that_does_not_tell_leaves_it_to_status() throws IOException {
        Finding driver = finding("driver", card(NativeXdp.UNKNOWN), false);

        assertThat(driver.result()).isEqualTo(Result.UNKNOWN);
        assertThat(driver.remedy()).contains("portcullis status");
    }

    @Test
    void what_is_guarded_is_told_with_where() throws IOException {
        SeenInterface inDriver = guarded(XdpMode.NATIVE, SeenInterface.Owner.PORTCULLIS);

        assertThat(finding("driver", inDriver, false).found()).endsWith("in the driver (native)");
        assertThat(finding("program", inDriver, false).result()).isEqualTo(Result.OK);
    }

    @Test
    void what_is_guarded_in_the_stack_is_warned_of_unless_that_is_wanted() throws IOException {
        SeenInterface inStack = guarded(XdpMode.GENERIC, SeenInterface.Owner.PORTCULLIS);

        assertThat(finding("driver", inStack, false).result()).isEqualTo(Result.WARNING);
        assertThat(finding("driver", inStack, true).result()).isEqualTo(Result.OK);
    }

    @Test
    void the_program_of_another_fails_with_the_way_to_remove_it() throws IOException {
        SeenInterface taken = guarded(XdpMode.GENERIC, SeenInterface.Owner.OTHERS);

        Finding program = finding("program", taken, false);

        assertThat(program.result()).isEqualTo(Result.FAILED);
        assertThat(program.found()).startsWith("the XDP program with id 42 (generic) is there");
        assertThat(program.remedy()).contains("ip link set dev eth1 xdp off");
    }

    @Test
    void whose_program_it_is_may_be_hidden() throws IOException {
        SeenInterface hidden = guarded(XdpMode.NATIVE, SeenInterface.Owner.UNKNOWN);

        assertThat(finding("program", hidden, false).result()).isEqualTo(Result.UNKNOWN);
        assertThat(finding("driver", hidden, false).result()).isEqualTo(Result.OK);
    }

    @Test
    void a_card_with_a_tx_queue_for_each_cpu_is_fine() throws IOException {
        show("eth1", INDEX, 1, 4, 4);

        assertThat(finding("queues", card(NativeXdp.SUPPORTED), false).result())
                .isEqualTo(Result.OK);
    }

    @Test
    void a_card_with_fewer_tx_queues_than_cpus_is_warned_of() throws IOException {
        show("eth1", INDEX, 4, 2, 4);

        Finding queues = finding("queues", card(NativeXdp.SUPPORTED), false);

        assertThat(queues.result()).isEqualTo(Result.WARNING);
        assertThat(queues.found()).startsWith("4 rx and 2 tx, and 4 CPUs online");
        assertThat(queues.remedy()).contains("ethtool -L eth1 combined 4");
    }

    @Test
    void without_a_configuration_the_interfaces_are_unknown() throws IOException {
        List<Finding> findings =
                new InterfacesCheck(files.host(), Optional.of(libbpf), Optional.empty()).findings();

        assertThat(findings).extracting(Finding::result).containsExactly(Result.UNKNOWN);
    }
}
