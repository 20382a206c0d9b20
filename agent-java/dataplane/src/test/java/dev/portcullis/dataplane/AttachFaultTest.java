// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.BpfLink;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.TcDirection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each call that guards an interface, or guards it again, fails in turn; with the best that the
 * kernel has, and as on one without tcx.
 */
class AttachFaultTest {
    private final FaultyBackend backend = new FaultyBackend();
    private final Libbpf libbpf = Libbpf.of(backend.backend());
    private final Bpffs bpffs = new Bpffs();
    private final VethPairs veths = new VethPairs(1);
    private final Pins pins = new Pins(bpffs.path());
    private final KernelObject object = load();
    private final GuardedInterfaces choice =
            GuardedInterfaces.choose(patterns(), HostInterfaces.read(libbpf));
    private final int index = libbpf.interfaceIndex(veths.names().get(0)).orElseThrow();
    private final long others = links();
    private final List<String> failures = new ArrayList<>();
    private Attachments attachments;

    private void open(boolean clsact) {
        attachments =
                new Attachments(
                        libbpf,
                        pins,
                        new Dataplane.Options(
                                bpffs.path(), patterns(), false, clsact, List.of(), Limits.DEFAULT),
                        () -> new Conversations(object).seed(SocketTables.read()));
    }

    private KernelObject load() {
        pins.prepare();
        return KernelObject.load(libbpf, pins, Limits.DEFAULT);
    }

    private InterfacePatterns patterns() {
        return new InterfacePatterns(veths.names());
    }

    @AfterEach
    void clean() {
        attachments.detach();
        object.close();
        veths.close();
        bpffs.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatever_call_fails_an_interface_is_guarded_whole_or_nothing_is_left_of_it(
            boolean clsact) {
        open(clsact);
        String failed;
        int calls = 0;
        do {
            failed = failing(calls, () -> attachments.reconcile(object, choice));
            boolean guarded = pins.hasLink(index);
            check(held() == (guarded ? whole() : 0), "links after " + failed);
            check(pins.hasEgress(index) == guarded, "pin of egress after " + failed);
            attachments.reconcile(object, choice);
            check(held() == whole() && isGuarded(), "guarded after " + failed);
            attachments.detach();
            check(held() == 0, "let go after " + failed);
            calls++;
        } while (!failed.isEmpty());
        assertThat(failures).isEmpty();
        assertThat(calls).isGreaterThan(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatever_call_fails_what_somebody_took_off_is_put_back_by_the_next_look(boolean clsact) {
        open(clsact);
        attachments.reconcile(object, choice);
        String failed;
        int calls = 0;
        do {
            takeOff();
            failed = failing(calls, () -> attachments.repair(object));
            attachments.repair(object);
            check(held() == whole() && isGuarded(), "guarded after " + failed);
            check(attachments.repair(object).isEmpty(), "nothing is left to do after " + failed);
            calls++;
        } while (!failed.isEmpty());
        assertThat(failures).isEmpty();
        assertThat(calls).isGreaterThan(5);
    }

    /** The name of the call that failed; empty if there were not so many. */
    private String failing(int call, Runnable action) {
        backend.failAfter(call);
        try {
            action.run();
        } catch (BpfException e) {
            assertThat(e.errnoName()).isEqualTo("ENOMEM");
        }
        return backend.stop();
    }

    private void takeOff() {
        takeOff(pins.link(index));
        if (pins.hasFilterMark(index)) {
            libbpf.attachedClsact(
                            index,
                            TcDirection.EGRESS,
                            EgressAttachment.HANDLE,
                            EgressAttachment.PRIORITY)
                    .orElseThrow()
                    .detach();
        } else {
            takeOff(pins.egressLink(index));
        }
    }

    private void takeOff(Path pin) {
        try (BpfLink link = libbpf.pinnedLink(pin).orElseThrow()) {
            link.detach();
        }
    }

    /** A link of each direction; a filter is none. */
    private long whole() {
        return pins.hasFilterMark(index) ? 1 : 2;
    }

    private boolean isGuarded() {
        return attachments.repair(object).isEmpty()
                && libbpf.attachedXdp(index)
                        .filter(found -> found.programId() == object.ingress().id())
                        .isPresent();
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            failures.add(what);
        }
    }

    /** Descriptors of links beyond those that were there before. */
    private long held() {
        return links() - others;
    }

    private static long links() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(AttachFaultTest::isLink).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isLink(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals("anon_inode:bpf_link");
        } catch (IOException e) {
            return false; // Closed meanwhile, such as the one that lists them.
        }
    }
}
