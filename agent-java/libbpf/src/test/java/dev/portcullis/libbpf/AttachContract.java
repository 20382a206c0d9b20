// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs on an interface, with packets that travel. */
public abstract class AttachContract extends Contract {
    private static final int JUDGED = 0;
    private static final int DROPPED = 1;
    private static final int TC = 2;

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private VethPair veth;
    private BpfMap counters;
    private BpfProgram judge;
    private BpfProgram dropAll;
    private BpfProgram countTc;

    @BeforeEach
    void connect() {
        veth = closingLater(VethPair.create());
        BpfObject object = closingLater(loaded());
        counters = closingLater(object.map("counters"));
        judge = closingLater(object.program("judge"));
        dropAll = closingLater(object.program("drop_all"));
        countTc = closingLater(object.program("count_tc"));
    }

    private <T extends AutoCloseable> T closingLater(T resource) {
        resources.push(resource);
        return resource;
    }

    @AfterEach
    void disconnect() throws Exception {
        while (!resources.isEmpty()) {
            resources.pop().close();
        }
    }

    @Test
    void a_program_attached_in_native_mode_judges_what_arrives() {
        try (BpfLink link = judge.attachXdp(veth.ifindex(), XdpMode.NATIVE)) {
            veth.sendPacket();

            awaitCount(JUDGED, 1);
            assertThat(veth.describe()).contains(" xdp ").doesNotContain("xdpgeneric");
            assertThat(link.info())
                    .isEqualTo(new LinkInfo(link.id(), "xdp", judge.id(), veth.ifindex()));
            assertThat(libbpf.attachedXdp(veth.ifindex()))
                    .contains(new XdpAttachment(judge.id(), XdpMode.NATIVE));
        }
    }

    @Test
    void a_program_attached_in_generic_mode_judges_what_arrives() {
        try (BpfLink link = judge.attachXdp(veth.ifindex(), XdpMode.GENERIC)) {
            veth.sendPacket();

            awaitCount(JUDGED, 1);
            assertThat(veth.describe()).contains("xdpgeneric");
            assertThat(libbpf.attachedXdp(veth.ifindex()))
                    .contains(new XdpAttachment(link.info().programId(), XdpMode.GENERIC));
        }
    }

    @Test
    void an_updated_link_runs_the_new_program_at_once() {
        try (BpfLink link = judge.attachXdp(veth.ifindex(), XdpMode.NATIVE)) {
            link.update(dropAll);
            veth.sendPacket();

            awaitCount(DROPPED, 1);
            assertThat(counter(counters, JUDGED)).isZero();
            assertThat(link.info().programId()).isEqualTo(dropAll.id());
        }
    }

    @Test
    void a_detached_link_leaves_the_interface_without_a_program() {
        try (BpfLink link = judge.attachXdp(veth.ifindex(), XdpMode.NATIVE)) {
            link.detach();

            assertThat(libbpf.attachedXdp(veth.ifindex())).isEmpty();
            assertThat(link.info().ifindex()).isZero();
        }
    }

    @Test
    void closing_the_only_handle_detaches() {
        judge.attachXdp(veth.ifindex(), XdpMode.NATIVE).close();

        assertThat(libbpf.attachedXdp(veth.ifindex())).isEmpty();
    }

    @Test
    void a_pinned_link_goes_on_judging_and_is_found_again() {
        try (BpfLink link = judge.attachXdp(veth.ifindex(), XdpMode.NATIVE)) {
            link.pin(pins.resolve("link"));
        }

        try (BpfLink found = libbpf.pinnedLink(pins.resolve("link")).orElseThrow()) {
            veth.sendPacket();

            awaitCount(JUDGED, 1);
            found.update(dropAll);
            assertThat(found.info().programId()).isEqualTo(dropAll.id());
            found.detach();
        }
    }

    @Test
    void a_second_program_is_refused_with_the_interface() {
        int ifindex = veth.ifindex();
        try (BpfLink link = judge.attachXdp(ifindex, XdpMode.NATIVE)) {
            assertThat(link.id()).isPositive();
            assertThatThrownBy(() -> dropAll.attachXdp(ifindex, XdpMode.NATIVE))
                    .isInstanceOf(BpfException.class)
                    .hasMessageStartingWith(
                            "attach program drop_all to interface " + ifindex + ": ")
                    .hasMessageEndingWith("(EBUSY)");
        }
    }

    @Test
    void an_interface_that_is_not_there_is_an_error() {
        assertThatThrownBy(() -> judge.attachXdp(Integer.MAX_VALUE, XdpMode.NATIVE))
                .hasMessage(
                        "attach program judge to interface 2147483647: invalid argument (EINVAL)");
    }

    @Test
    void a_closed_link_says_so() {
        BpfLink link = judge.attachXdp(veth.ifindex(), XdpMode.NATIVE);
        link.close();
        link.close();

        assertThatThrownBy(link::info)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("link " + link.id() + " is closed");
    }

    @Test
    @Tag("newer-linux")
    void a_program_on_tcx_sees_what_leaves() {
        try (BpfLink link = countTc.attachTcx(veth.ifindex(), TcDirection.EGRESS)) {
            veth.answerPacket();

            awaitCount(TC, 1);
            assertThat(link.info())
                    .isEqualTo(new LinkInfo(link.id(), "tcx", countTc.id(), veth.ifindex()));
        }
    }

    @Test
    @Tag("newer-linux")
    void a_program_on_tcx_sees_what_arrives() {
        try (BpfLink link = countTc.attachTcx(veth.ifindex(), TcDirection.INGRESS)) {
            veth.sendPacket();

            awaitCount(TC, 1);
            link.detach();
            assertThat(link.info().ifindex()).isZero();
        }
    }

    @Test
    void a_filter_on_clsact_sees_what_leaves_until_it_is_detached() {
        TcFilter filter = countTc.attachClsact(veth.ifindex(), TcDirection.EGRESS, 1, 10);
        veth.answerPacket();
        awaitCount(TC, 1);

        filter.detach();
        veth.answerPacket();

        assertThat(libbpf.attachedClsact(veth.ifindex(), TcDirection.EGRESS, 1, 10)).isEmpty();
        assertThat(counter(counters, TC)).isEqualTo(1);
    }

    @Test
    void a_filter_is_found_again_and_replaced_in_place() {
        countTc.attachClsact(veth.ifindex(), TcDirection.INGRESS, 1, 10);
        try (BpfObject second = loaded();
                BpfProgram replacement = second.program("count_tc")) {
            replacement.attachClsact(veth.ifindex(), TcDirection.INGRESS, 1, 10);

            TcFilter found =
                    libbpf.attachedClsact(veth.ifindex(), TcDirection.INGRESS, 1, 10).orElseThrow();

            assertThat(found.programId()).isEqualTo(replacement.id());
            found.detach();
        }
    }

    @Test
    void without_clsact_there_is_no_filter() {
        assertThat(libbpf.attachedClsact(veth.ifindex(), TcDirection.EGRESS, 1, 10)).isEmpty();
    }

    @Test
    void detaching_a_filter_twice_is_an_error_that_names_it() {
        TcFilter filter = countTc.attachClsact(veth.ifindex(), TcDirection.EGRESS, 1, 10);
        filter.detach();

        assertThatThrownBy(filter::detach)
                .isInstanceOf(BpfException.class)
                .hasMessageStartingWith(
                        "detach tc egress filter 1 of priority 10 on interface "
                                + veth.ifindex()
                                + ": ");
    }

    /** A packet's way through the kernel ends on another CPU, perhaps a little later. */
    private void awaitCount(int which, long expected) {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (counter(counters, which) < expected && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(counter(counters, which)).isEqualTo(expected);
    }
}
