// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.Libbpf;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What this kernel tells of, in the namespace of the tests. */
class InterfaceWatchTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final InterfaceWatch watch = InterfaceWatch.open(Libbpf.get());
    private final String name = "pcdp" + ProcessHandle.current().pid() % 100_000 + "w";

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void a_bridge_that_comes_and_one_that_goes_are_heard_of() {
        Bpffs.run("ip", "link", "add", name, "type", "bridge");

        assertThat(watch.await(SOON)).isTrue();
        Bpffs.run("ip", "link", "del", name);
        assertThat(watch.await(SOON)).isTrue();
    }
}
