// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.portcullis.policy.model.PrivateEndpoint.Kind;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateEndpointTest {
    private static String wire(PrivateEndpoint endpoint) {
        return HexFormat.of().formatHex(endpoint.id().toByteArray());
    }

    @Test
    void an_id_of_aws_is_ascii() {
        assertThat(wire(PrivateEndpoint.aws("vpce-1"))).isEqualTo("767063652d31");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 00000000",
        "1, 01000000",
        "553665985, c1450021",
        "2147483648, 00000080",
        "4294967295, ffffffff",
    })
    void an_id_of_azure_is_little_endian_and_unsigned(long linkId, String bytes) {
        PrivateEndpoint endpoint = PrivateEndpoint.azure(linkId);

        assertThat(wire(endpoint)).isEqualTo(bytes);
        assertThat(endpoint).hasToString(Long.toString(linkId));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0000000000000000",
        "1, 0000000000000001",
        "9223372036854775808, 8000000000000000",
        "18446744072646845442, ffffffffc0a86402",
        "18446744073709551615, ffffffffffffffff",
    })
    void an_id_of_gcp_is_big_endian_and_unsigned(String connectionId, String bytes) {
        PrivateEndpoint endpoint = PrivateEndpoint.gcp(Long.parseUnsignedLong(connectionId));

        assertThat(wire(endpoint)).isEqualTo(bytes);
        assertThat(endpoint).hasToString(connectionId);
    }

    @Test
    void ids_of_the_same_bytes_are_equal() {
        PrivateEndpoint endpoint = new PrivateEndpoint(Kind.AWS, ByteString.copyFromUtf8("vpce-1"));

        assertThat(endpoint)
                .isEqualTo(PrivateEndpoint.aws("vpce-1"))
                .hasSameHashCodeAs(PrivateEndpoint.aws("vpce-1"))
                .isNotEqualTo(PrivateEndpoint.aws("vpce-2"));
    }

    @Test
    void kinds_are_told_apart() {
        ByteString bytes = ByteString.copyFromUtf8("12345678");

        assertThat(new PrivateEndpoint(Kind.AWS, bytes))
                .isNotEqualTo(new PrivateEndpoint(Kind.GCP, bytes));
    }

    @Test
    void what_cannot_be_printed_is_escaped() {
        ByteString id = ByteString.copyFrom(HexFormat.of().parseHex("00090a1b20415c7e7f80ff"));

        assertThat(new PrivateEndpoint(Kind.AWS, id))
                .hasToString("\\x00\\x09\\x0a\\x1b A\\\\~\\x7f\\x80\\xff");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4_294_967_296L, Long.MIN_VALUE, Long.MAX_VALUE})
    void a_link_id_of_more_than_32_bits_is_refused(long linkId) {
        assertThatThrownBy(() -> PrivateEndpoint.azure(linkId))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "vpce-é", "vpce-\u2026", "\ud800"})
    void an_id_of_aws_is_refused_that_is_empty_or_not_ascii(String id) {
        assertThatThrownBy(() -> PrivateEndpoint.aws(id))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_id_of_aws_has_at_most_255_characters() {
        assertThat(PrivateEndpoint.aws("x".repeat(255)).id().size()).isEqualTo(255);
        assertThatThrownBy(() -> PrivateEndpoint.aws("x".repeat(256)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"AZURE, 3", "AZURE, 5", "GCP, 7", "GCP, 9", "AWS, 0", "AWS, 256"})
    void a_number_of_bytes_that_no_id_has_is_refused(Kind kind, int bytes) {
        assertThatThrownBy(() -> new PrivateEndpoint(kind, ByteString.copyFrom(new byte[bytes])))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
