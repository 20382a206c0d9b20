// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifierTest {
    private static final long PID = 42;

    @TempDir private Path directory;

    @Test
    void readiness_reaches_the_socket_that_the_environment_names() throws IOException {
        File socket = directory.resolve("notify").toFile();
        try (UnixDatagramChannel manager = UnixDatagramChannel.open()) {
            manager.bind(new UnixSocketAddress(socket));

            Notifier.of(Map.of("NOTIFY_SOCKET", socket.toString()), PID).ready("all is well");

            assertThat(received(manager)).isEqualTo("READY=1\nSTATUS=all is well");
        }
    }

    @Test
    void an_abstract_socket_is_reached_too() throws IOException {
        String name = "portcullis-test-" + ProcessHandle.current().pid();
        try (UnixDatagramChannel manager = UnixDatagramChannel.open()) {
            manager.bind(new UnixSocketAddress("\0" + name));

            Notifier.of(Map.of("NOTIFY_SOCKET", "@" + name), PID).alive();

            assertThat(received(manager)).isEqualTo("WATCHDOG=1");
        }
    }

    private static String received(UnixDatagramChannel channel) throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(200);
        channel.receive(datagram);
        return StandardCharsets.UTF_8.decode(datagram.flip()).toString();
    }

    @Test
    void the_watchdog_is_ours_only_if_it_names_this_process() {
        Map<String, String> ours = Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "42");
        Map<String, String> others = Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "7");

        assertThat(Notifier.of(ours, PID).watchdog()).contains(Duration.ofSeconds(30));
        assertThat(Notifier.of(others, PID).watchdog()).isEmpty();
        assertThat(Notifier.of(Map.of(), PID).watchdog()).isEmpty();
    }
}
