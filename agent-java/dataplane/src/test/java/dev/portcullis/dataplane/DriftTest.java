// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.LoadedDataplane.XDP_DROP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.libbpf.BpfLink;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.MapOptions;
import dev.portcullis.libbpf.TcDirection;
import dev.portcullis.libbpf.XdpMode;
import dev.portcullis.policy.model.Enforcement;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What others do to programs, links, maps and pins, is found and put back. */
class DriftTest {
    private final Libbpf libbpf = Libbpf.get();
    private final Bpffs bpffs = new Bpffs();
    private final VethPairs veths = new VethPairs(1);
    private final String name = veths.names().get(0);
    private LoadedDataplane host = open(false);
    private final int index = libbpf.interfaceIndex(name).orElseThrow();

    private LoadedDataplane open(boolean clsact) {
        LoadedDataplane opened =
                new LoadedDataplane(
                        bpffs, Limits.DEFAULT, List.of(name), clsact, DecisionIds.none());
        opened.commit(States.web(Enforcement.DROP, States.ip("office", "203.0.113.0/24")));
        return opened;
    }

    @AfterEach
    void clean() {
        host.dataplane.detach();
        host.close();
        veths.close();
        bpffs.close();
    }

    private BpfLink link(String directory) {
        return libbpf.pinnedLink(bpffs.path().resolve(directory + "/" + index)).orElseThrow();
    }

    private void assertFound(Drift.Kind... kinds) {
        assertThat(host.dataplane.repair()).extracting(Drift::kind).containsExactly(kinds);
        assertThat(host.dataplane.repair()).isEmpty();
        assertThat(libbpf.attachedXdp(index).orElseThrow().programId())
                .isEqualTo(host.dataplane.program().id());
        assertThat(host.verdict("192.0.2.1")).isEqualTo(XDP_DROP);
    }

    @Test
    void nothing_is_found_where_nobody_did_anything() {
        assertThat(host.dataplane.repair()).isEmpty();
    }

    @Test
    void a_link_that_was_detached_is_attached_again() {
        try (BpfLink link = link("links")) {
            link.detach();
        }

        assertFound(Drift.Kind.INGRESS);
        assertThat(libbpf.attachedXdp(index).orElseThrow().mode()).isEqualTo(XdpMode.NATIVE);
    }

    @Test
    void another_program_in_the_link_is_replaced() {
        try (BpfLink link = link("links");
                Dataplane other =
                        Dataplane.open(
                                libbpf,
                                new Dataplane.Options(
                                        bpffs.path().resolve("other"),
                                        new InterfacePatterns(List.of()),
                                        List.of(),
                                        Limits.DEFAULT),
                                DecisionIds.none())) {
            link.update(other.program());
        }

        assertFound(Drift.Kind.PROGRAM);
    }

    @Test
    @Tag("newer-linux")
    void an_egress_link_that_was_detached_is_attached_again() {
        try (BpfLink link = link("egress")) {
            link.detach();
        }

        assertFound(Drift.Kind.EGRESS);
        try (BpfLink link = link("egress")) {
            assertThat(link.info().programId()).isEqualTo(host.dataplane.egressProgram().id());
        }
    }

    @Test
    void a_filter_that_was_deleted_is_made_again() {
        host.dataplane.detach();
        host.close();
        host = open(true);

        Bpffs.run("tc", "filter", "del", "dev", name, "egress");

        assertFound(Drift.Kind.EGRESS);
        assertThat(
                        libbpf.attachedClsact(
                                index,
                                TcDirection.EGRESS,
                                EgressAttachment.HANDLE,
                                EgressAttachment.PRIORITY))
                .isPresent();
    }

    @Test
    void pins_that_were_removed_are_made_again() {
        for (Path pin :
                List.of(
                        bpffs.path().resolve("links/" + index),
                        bpffs.path().resolve("egress/" + index),
                        bpffs.path().resolve("objects/1/counters"))) {
            // Without tcx, the egress pin is a directory.
            Bpffs.run("rm", "-r", pin.toString());
        }

        assertFound(Drift.Kind.PIN, Drift.Kind.PIN, Drift.Kind.PIN);
        link("links").close();
        assertThat(bpffs.path().resolve("egress/" + index)).exists();
        assertThat(bpffs.path().resolve("objects/1/counters")).exists();
    }

    @Test
    void everything_is_pinned_again_where_all_was_removed() {
        Bpffs.run("rm", "-r", bpffs.path().toString());

        assertThat(host.dataplane.repair()).hasSizeGreaterThan(20);

        assertThat(host.dataplane.repair()).isEmpty();
        host.close();
        host = open(false);
        assertThat(bpffs.path().resolve("objects/1")).exists();
    }

    @Test
    void a_map_that_was_exchanged_makes_the_rule_set_be_written_anew() {
        try (BpfMap sources = pinned("sources4");
                BpfMap other =
                        libbpf.createMap(
                                MapOptions.lpmTrie("other", 8, KernelLayout.SOURCE_SIZE, 10))) {
            for (int slot = 0; slot < KernelLayout.SLOTS; slot++) {
                sources.putInner(slot, other);
            }
        }

        assertFound(Drift.Kind.MAP);
    }

    @Test
    void the_word_that_says_what_is_live_is_put_back() {
        try (BpfMap live = pinned("live")) {
            LiveWord word = new LiveWord(live);
            word.set(new LiveWord.Choice(2, java.util.Optional.empty()));
        }

        assertFound(Drift.Kind.MAP);
    }

    @Test
    void what_somebody_has_detached_on_purpose_is_left_so() {
        Pins.detachAll(libbpf, bpffs.path());

        assertThat(host.dataplane.repair()).isEmpty();

        assertThat(host.dataplane.isDetached()).isTrue();
        assertThat(libbpf.attachedXdp(index)).isEmpty();
    }

    private BpfMap pinned(String map) {
        return libbpf.pinnedMap(bpffs.path().resolve("objects/1/" + map)).orElseThrow();
    }
}
