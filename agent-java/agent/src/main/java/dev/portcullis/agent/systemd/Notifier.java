// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.systemd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager how the agent does, as sd_notify(3) has it: datagrams to the socket
 * that the environment names. Without one it tells nobody.
 */
public final class Notifier {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final Optional<UnixSocketAddress> manager;
    private final Optional<Duration> watchdog;

    private Notifier(Optional<UnixSocketAddress> manager, Optional<Duration> watchdog) {
        this.manager = manager;
        this.watchdog = watchdog;
    }

    public static Notifier fromEnvironment() {
        return of(System.getenv(), ProcessHandle.current().pid());
    }

    static Notifier of(Map<String, String> environment, long ownPid) {
        Optional<UnixSocketAddress> manager =
                Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
                        .map(name -> new UnixSocketAddress(name.replaceFirst("^@", "\0")));
        String pid = environment.getOrDefault("WATCHDOG_PID", Long.toString(ownPid));
        Optional<Duration> watchdog =
                Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                        .filter(usec -> pid.equals(Long.toString(ownPid)) && usec.matches("[0-9]+"))
                        .map(usec -> Duration.ofNanos(Long.parseLong(usec) * 1_000));
        return new Notifier(manager, watchdog);
    }

    /**
     * Within which {@link #alive} has to be called again and again; empty if nobody waits for it.
     */
    public Optional<Duration> watchdog() {
        return watchdog;
    }

    public void ready(String status) {
        send("READY=1\nSTATUS=" + status);
    }

    public void status(String status) {
        send("STATUS=" + status);
    }

    public void alive() {
        send("WATCHDOG=1");
    }

    public void stopping() {
        send("STOPPING=1");
    }

    private void send(String message) {
        if (manager.isEmpty()) {
            return;
        }
        try (UnixDatagramChannel channel = UnixDatagramChannel.open()) {
            channel.send(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), manager.get());
        } catch (IOException e) {
            LOG.warn(
                    "event=notify_failed socket={} error=\"{}\"",
                    manager.get().path(),
                    e.getMessage());
        }
    }
}
