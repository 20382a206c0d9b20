// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixTextTest {
    @ParameterizedTest(name = "{0} means {1}")
    @CsvSource({
        "10.1.2.3, 10.1.2.3/32",
        "10.0.0.0/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "255.255.255.255/32, 255.255.255.255/32",
        "2001:db8::1, 2001:db8::1/128",
        "2001:DB8::/32, 2001:db8::/32",
        "::/0, ::/0",
        "::1.2.3.4, ::102:304/128",
        "::ffff:10.0.0.1, 10.0.0.1/32",
        "::ffff:a00:1, 10.0.0.1/32",
        "::ffff:10.0.0.0/104, 10.0.0.0/8",
        "::ffff:0:0/96, 0.0.0.0/0",
        "::ffff:10.0.0.1/128, 10.0.0.1/32",
    })
    void text_means_a_prefix(String text, String prefix) {
        PrefixText parsed = PrefixText.parse(text);

        assertThat(parsed.prefix()).hasToString(prefix);
        assertThat(parsed.hostBits()).isFalse();
    }

    @ParameterizedTest(name = "{0} means {1}")
    @CsvSource({
        "192.168.132.6/22, 192.168.132.0/22",
        "10.0.0.1/0, 0.0.0.0/0",
        "2001:db8::1/64, 2001:db8::/64",
        "2001:db8:0:0:8000::/64, 2001:db8::/64",
        "::ffff:10.0.0.1/104, 10.0.0.0/8",
    })
    void a_cidr_with_host_bits_means_its_network(String text, String prefix) {
        PrefixText parsed = PrefixText.parse(text);

        assertThat(parsed.prefix()).hasToString(prefix);
        assertThat(parsed.hostBits()).isTrue();
    }

    @ParameterizedTest(name = "\"{0}\" is refused")
    @CsvSource({
        "''",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.01",
        "' 10.0.0.1'",
        "'10.0.0.1 '",
        "10.0.0.1-10.0.0.9",
        "example.org",
        "/8",
        "10.0.0.1:80",
        "[::1]",
        "2001:db8:::1",
        "１０.0.0.1",
        "_all",
    })
    void what_is_no_address_is_refused(String text) {
        assertThatThrownBy(() -> PrefixText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "\"%s\" is not an IPv4 or IPv6 address or CIDR; write one such as"
                                + " 203.0.113.0/24 or 2001:db8:7::/48",
                        text);
    }

    @ParameterizedTest(name = "{0} is refused")
    @CsvSource({
        "10.0.0.0/33, 0 to 32",
        "10.0.0.0/, 0 to 32",
        "10.0.0.0/-1, 0 to 32",
        "10.0.0.0/+8, 0 to 32",
        "10.0.0.0/08, 0 to 32",
        "10.0.0.0/8/8, 0 to 32",
        "10.0.0.0/255.0.0.0, 0 to 32",
        "10.0.0.0/99999999999, 0 to 32",
        "2001:db8::/129, 0 to 128",
        "::ffff:10.0.0.0/8, 96 to 128 for an IPv4-mapped address",
        "::ffff:10.0.0.0/95, 96 to 128 for an IPv4-mapped address",
    })
    void a_prefix_length_out_of_range_is_refused(String text, String range) {
        assertThatThrownBy(() -> PrefixText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"%s\" needs a prefix length from %s", text, range);
    }

    @Test
    void a_zone_is_refused() {
        assertThatThrownBy(() -> PrefixText.parse("fe80::1%eth0"))
                .hasMessage(
                        "\"fe80::1%eth0\" has a zone; leave it out, and name the interface in the"
                                + " resource");
    }
}
