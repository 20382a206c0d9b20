// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The servers of resolv.conf(5) as it is now: like in the C library at most three, and the one on
 * this host if there is none. Search domains and options are not looked at.
 */
final class ResolvConf implements Supplier<List<InetSocketAddress>> {
    private static final int PORT = 53;
    private static final int MOST = 3;
    private static final List<InetSocketAddress> NONE_NAMED =
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT));

    private final Path file;

    ResolvConf(Path file) {
        this.file = file;
    }

    @Override
    public List<InetSocketAddress> get() {
        try (Stream<String> lines = Files.lines(file)) {
            List<InetSocketAddress> servers =
                    lines.map(line -> line.strip().split("\\s+"))
                            .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                            .map(words -> words[1])
                            .filter(InetAddresses::isInetAddress)
                            .map(text -> new InetSocketAddress(InetAddresses.forString(text), PORT))
                            .limit(MOST)
                            .toList();
            return servers.isEmpty() ? NONE_NAMED : servers;
        } catch (IOException | java.io.UncheckedIOException e) {
            return NONE_NAMED;
        }
    }
}
