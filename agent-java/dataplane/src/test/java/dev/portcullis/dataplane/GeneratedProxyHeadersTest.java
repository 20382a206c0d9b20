// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.reference.ProxyHeader;
import dev.portcullis.policy.reference.ProxyHeader.Bad;
import dev.portcullis.policy.reference.ProxyHeader.Incomplete;
import dev.portcullis.policy.reference.ProxyHeader.Local;
import dev.portcullis.policy.reference.ProxyHeader.Proxied;
import dev.portcullis.policy.reference.ProxyHeader.TooLong;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GeneratedProxyHeadersTest {
    private static final List<byte[]> STREAMS = streams(1).limit(20_000).toList();
    private static final List<ProxyHeader> HEADERS =
            STREAMS.stream().map(ProxyHeader::parse).toList();

    private static Stream<byte[]> streams(long seed) {
        return Stream.generate(new GeneratedProxyHeaders(new SplittableRandom(seed))::next);
    }

    private static long count(Predicate<ProxyHeader> wanted) {
        return HEADERS.stream().filter(wanted).count();
    }

    private static long proxied(boolean source, boolean endpoint) {
        return count(header ->
                header instanceof Proxied proxied
                        && proxied.source().isPresent() == source
                        && proxied.endpoint().isPresent() == endpoint);
    }

    @Test
    void many_have_a_source_and_an_endpoint() {
        assertThat(proxied(true, true)).isGreaterThan(700);
    }

    @Test
    void many_have_a_source_alone() {
        assertThat(proxied(true, false)).isGreaterThan(700);
    }

    @Test
    void many_have_an_endpoint_alone() {
        assertThat(proxied(false, true)).isGreaterThan(300);
    }

    @Test
    void many_have_neither() {
        assertThat(proxied(false, false)).isGreaterThan(300);
    }

    @Test
    void many_are_local() {
        assertThat(count(Local.class::isInstance)).isGreaterThan(1000);
    }

    @Test
    void many_are_bad() {
        assertThat(count(Bad.class::isInstance)).isGreaterThan(3000);
    }

    @Test
    void many_are_incomplete() {
        assertThat(count(Incomplete.class::isInstance)).isGreaterThan(1000);
    }

    @Test
    void some_are_too_long() {
        assertThat(count(TooLong.class::isInstance)).isGreaterThan(300);
    }

    @Test
    void they_are_bad_in_each_of_many_ways() {
        assertThat(HEADERS)
                .filteredOn(Bad.class::isInstance)
                .extracting(header -> ((Bad) header).why().replaceAll("\\d+", "#"))
                .contains(
                        "byte # is not that of the signature",
                        "version #",
                        "command #",
                        "family and protocol #",
                        "too short for # bytes of addresses",
                        "too few bytes for a TLV: #",
                        "TLV of type # goes past the end",
                        "wrong checksum",
                        "checksum of # bytes",
                        "# checksums",
                        "# endpoint ids",
                        "TLV of AWS without a subtype",
                        "AWS endpoint id of # bytes",
                        "TLV of Azure without a subtype",
                        "Azure endpoint id of # bytes",
                        "GCP endpoint id of # bytes");
    }

    @Test
    void none_is_longer_than_is_promised() {
        assertThat(STREAMS).allMatch(stream -> stream.length <= 9000);
    }

    @Test
    void the_same_seed_makes_the_same() {
        assertThat(streams(2).limit(100)).containsExactlyElementsOf(streams(2).limit(100).toList());
    }
}
