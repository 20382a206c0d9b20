// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.reference.ProxyHeader;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedProxyHeadersTest {
    @ParameterizedTest
    @MethodSource("dev.portcullis.dataplane.MalformedProxyHeaders#whole")
    void a_malformed_header_is_refused(MalformedProxyHeaders.Case malformed) {
        assertThat(ProxyHeader.parse(malformed.bytes()))
                .isInstanceOfAny(ProxyHeader.Bad.class, ProxyHeader.TooLong.class);
    }

    @ParameterizedTest
    @MethodSource("dev.portcullis.dataplane.MalformedProxyHeaders#cut")
    void a_cut_header_is_incomplete(MalformedProxyHeaders.Case cut) {
        assertThat(ProxyHeader.parse(cut.bytes())).isInstanceOf(ProxyHeader.Incomplete.class);
    }

    @Test
    void what_they_are_made_of_is_sound() {
        Optional<Address> source = Optional.of(Address.parse("198.51.100.7"));

        assertThat(ProxyHeader.parse(MalformedProxyHeaders.SOUND.bytes()))
                .isEqualTo(new ProxyHeader.Proxied(28, source, Optional.empty()));
    }

    @Test
    void there_are_many() {
        assertThat(MalformedProxyHeaders.whole()).hasSizeGreaterThan(120);
        assertThat(MalformedProxyHeaders.cut()).hasSizeGreaterThan(20);
    }

    @Test
    void names_are_distinct() {
        assertThat(
                        Stream.concat(
                                MalformedProxyHeaders.whole().stream(),
                                MalformedProxyHeaders.cut().stream()))
                .extracting(MalformedProxyHeaders.Case::name)
                .doesNotHaveDuplicates();
    }

    @Test
    void headers_are_distinct() {
        assertThat(
                        Stream.concat(
                                MalformedProxyHeaders.whole().stream(),
                                MalformedProxyHeaders.cut().stream()))
                .extracting(MalformedProxyHeaders.Case::stream)
                .doesNotHaveDuplicates();
    }
}
