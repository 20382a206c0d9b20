// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvConfTest {
    @TempDir private Path directory;

    private List<InetSocketAddress> servers(String text) throws Exception {
        Path file = directory.resolve("resolv.conf");
        Files.writeString(file, text);
        return new ResolvConf(file).get();
    }

    private static InetSocketAddress server(String address) {
        return new InetSocketAddress(InetAddresses.forString(address), 53);
    }

    @Test
    void its_servers_come_in_order_and_all_else_is_passed_over() throws Exception {
        String text =
                """
                # nameserver 192.0.2.9
                search example.org
                nameserver 192.0.2.1
                \tnameserver   2001:db8::1
                nameserver dns.example.org
                options rotate
                """;

        assertThat(servers(text)).containsExactly(server("192.0.2.1"), server("2001:db8::1"));
    }

    @Test
    void there_are_at_most_three() throws Exception {
        assertThat(servers("nameserver 192.0.2.1\n".repeat(5))).hasSize(3);
    }

    @Test
    void without_any_the_one_on_this_host_is_asked() throws Exception {
        assertThat(servers("")).containsExactly(server("127.0.0.1"));
        assertThat(new ResolvConf(directory.resolve("missing")).get())
                .containsExactly(server("127.0.0.1"));
    }
}
