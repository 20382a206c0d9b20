// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.reference.ProxyHeader.Bad;
import dev.portcullis.policy.reference.ProxyHeader.Incomplete;
import dev.portcullis.policy.reference.ProxyHeader.Local;
import dev.portcullis.policy.reference.ProxyHeader.Proxied;
import dev.portcullis.policy.reference.ProxyHeader.TooLong;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers are written in hexadecimal, by hand or as they were captured. */
class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    /** From 198.51.100.7, port 40000, to 192.0.2.1, port 9200. */
    private static final String IPV4 = "c6336407 c0000201 9c40 23f0";

    /** From 2001:db8::7, port 40000, to 2001:db8::1, port 9200. */
    private static final String IPV6 =
            "20010db8000000000000000000000007 20010db8000000000000000000000001 9c40 23f0";

    private static final String UNIX = "2f".repeat(216);

    private static final String VPCE = "ea 0007 01 767063652d31";
    private static final String LINK = "ee 0005 01 c1450021";
    private static final String CONNECTION = "e0 0008 ffffffffc0a86402";

    private static final PrivateEndpoint VPCE_ENDPOINT = PrivateEndpoint.aws("vpce-1");
    private static final PrivateEndpoint LINK_ENDPOINT = PrivateEndpoint.azure(0x2100_45c1L);
    private static final PrivateEndpoint CONNECTION_ENDPOINT =
            PrivateEndpoint.gcp(0xffff_ffff_c0a8_6402L);

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /**
     * @param start the bytes 12 and 13
     * @param rest what the length tells of
     */
    private static byte[] header(String start, String... rest) {
        String content = String.join("", rest).replace(" ", "");
        String length = HexFormat.of().toHexDigits((char) (content.length() / 2));
        return bytes(SIGNATURE + start + length + content);
    }

    /** A TLV that is to be ignored, of so many bytes in all. */
    private static String filler(int bytes) {
        return "04" + HexFormat.of().toHexDigits((char) (bytes - 3)) + "00".repeat(bytes - 3);
    }

    private static Proxied from(int length, String source) {
        return new Proxied(length, Optional.of(Address.parse(source)), Optional.empty());
    }

    private static Proxied by(int length, String source, PrivateEndpoint endpoint) {
        return new Proxied(length, Optional.of(Address.parse(source)), Optional.of(endpoint));
    }

    private static void assertBad(byte[] header, String why) {
        assertThat(ProxyHeader.parse(header)).isEqualTo(new Bad(why));
    }

    @Test
    void a_capture_of_aws_names_a_vpc_endpoint() {
        byte[] header =
                header(
                        "2111",
                        "c0a82c0a c0a82c07 cc3e 241b",
                        "03 0004 b9286fa6",
                        "ea 0017 01 767063652d3030656166633435386563393762383333",
                        filler(39));

        assertThat(ProxyHeader.parse(header))
                .isEqualTo(by(100, "192.168.44.10", PrivateEndpoint.aws("vpce-00eafc458ec97b833")));
    }

    @Test
    void the_example_that_aws_publishes_names_a_vpc_endpoint() {
        byte[] header =
                header(
                        "2111",
                        "ac1f0771 ac1f0a1f c8f2 0050",
                        "03 0004 e8d6892d",
                        "ea 0017 01 767063652d3038643262663135666163353030316339",
                        filler(39));

        assertThat(ProxyHeader.parse(header))
                .isEqualTo(by(100, "172.31.7.113", PrivateEndpoint.aws("vpce-08d2bf15fac5001c9")));
    }

    @Test
    void a_capture_of_aws_without_private_link_names_no_endpoint() {
        byte[] header =
                header("2111", "7b67c99a ac1f0c37 b116 024b", "03 0004 08942207", filler(65));

        assertThat(ProxyHeader.parse(header)).isEqualTo(from(100, "123.103.201.154"));
    }

    @Test
    void a_link_id_of_azure_is_little_endian() {
        assertThat(ProxyHeader.parse(header("2111", IPV4, LINK)))
                .isEqualTo(by(36, "198.51.100.7", LINK_ENDPOINT));
    }

    @Test
    void a_connection_id_of_gcp_is_big_endian() {
        assertThat(ProxyHeader.parse(header("2111", IPV4, CONNECTION)))
                .isEqualTo(by(39, "198.51.100.7", CONNECTION_ENDPOINT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2111", "2112"})
    void ipv4_has_a_source(String start) {
        assertThat(ProxyHeader.parse(header(start, IPV4))).isEqualTo(from(28, "198.51.100.7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2121", "2122"})
    void ipv6_has_a_source(String start) {
        assertThat(ProxyHeader.parse(header(start, IPV6))).isEqualTo(from(52, "2001:db8::7"));
    }

    @Test
    void an_ipv4_mapped_source_is_of_ipv4() {
        byte[] header =
                header("2121", "00000000000000000000ffff cb007105", "00".repeat(16), "0001 0002");

        assertThat(ProxyHeader.parse(header)).isEqualTo(from(52, "203.0.113.5"));
    }

    @ParameterizedTest
    @CsvSource({
        "00000000000000000000fffe cb007105, ::fffe:cb00:7105",
        "000000000000000000000000 cb007105, ::cb00:7105",
        "00000000000000010000ffff cb007105, ::1:0:ffff:cb00:7105",
        "00000001000000000000ffff cb007105, 0:1::ffff:cb00:7105",
    })
    void a_source_that_is_nearly_ipv4_mapped_is_of_ipv6(String source, String address) {
        byte[] header = header("2121", source, "00".repeat(16), "0001 0002");

        assertThat(ProxyHeader.parse(header)).isEqualTo(from(52, address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2131", "2132"})
    void unix_has_no_source(String start) {
        assertThat(ProxyHeader.parse(header(start, UNIX, VPCE)))
                .isEqualTo(new Proxied(242, Optional.empty(), Optional.of(VPCE_ENDPOINT)));
    }

    @Test
    void unspec_has_no_source() {
        assertThat(ProxyHeader.parse(header("2100")))
                .isEqualTo(new Proxied(16, Optional.empty(), Optional.empty()));
    }

    @Test
    void unspec_can_name_an_endpoint() {
        assertThat(ProxyHeader.parse(header("2100", CONNECTION)))
                .isEqualTo(new Proxied(27, Optional.empty(), Optional.of(CONNECTION_ENDPOINT)));
    }

    @Test
    void a_local_header_can_be_empty() {
        assertThat(ProxyHeader.parse(header("2000"))).isEqualTo(new Local(16));
    }

    @Test
    void addresses_and_endpoint_of_a_local_header_are_not_told() {
        assertThat(ProxyHeader.parse(header("2011", IPV4, VPCE))).isEqualTo(new Local(38));
        assertThat(ProxyHeader.parse(header("2022", IPV6, LINK))).isEqualTo(new Local(60));
        assertThat(ProxyHeader.parse(header("2031", UNIX))).isEqualTo(new Local(232));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "10", "13", "20", "23", "30", "33", "41", "ff"})
    void a_local_header_of_an_unknown_family_is_skipped(String family) {
        byte[] header = header("20" + family, "03 0004 00000000", "e0 0000", "ea ffff");

        assertThat(ProxyHeader.parse(header)).isEqualTo(new Local(29));
    }

    @Test
    void the_payload_is_not_looked_at() {
        byte[] header = header("2111", IPV4, VPCE);
        byte[] stream = Arrays.copyOf(header, header.length + 5000);
        Arrays.fill(stream, header.length, stream.length, (byte) 0xea);

        assertThat(ProxyHeader.parse(stream)).isEqualTo(by(38, "198.51.100.7", VPCE_ENDPOINT));
    }

    @Test
    void only_the_first_header_counts() {
        byte[] first = header("2111", IPV4);
        byte[] second = header("2111", "cb007105 c0000201 0001 0002", VPCE);
        byte[] stream = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, stream, first.length, second.length);

        assertThat(ProxyHeader.parse(stream)).isEqualTo(from(28, "198.51.100.7"));
    }

    @Test
    void the_endpoint_can_stand_anywhere_among_tlvs() {
        String other = "01 0002 6832";

        assertThat(ProxyHeader.parse(header("2111", IPV4, VPCE, other, filler(3))))
                .isEqualTo(by(46, "198.51.100.7", VPCE_ENDPOINT));
        assertThat(ProxyHeader.parse(header("2111", IPV4, other, VPCE, filler(3))))
                .isEqualTo(by(46, "198.51.100.7", VPCE_ENDPOINT));
        assertThat(ProxyHeader.parse(header("2111", IPV4, other, filler(3), VPCE)))
                .isEqualTo(by(46, "198.51.100.7", VPCE_ENDPOINT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01 0000",
                "01 0002 6832",
                "02 0001 ff",
                "04 0000",
                "05 0000",
                "20 0000",
                "20 0005 01 00000000",
                "20 0003 ea0005",
                "20 000f 07 00000000 e0 0007 00000000000000",
                "30 0000",
                "e1 0000",
                "eb 0001 01",
                "ef 0001 01",
                "00 0000",
                "ff 0002 ffff",
            })
    void other_tlvs_are_ignored_whatever_is_in_them(String tlv) {
        byte[] header = header("2111", IPV4, tlv, LINK);

        assertThat(ProxyHeader.parse(header))
                .isEqualTo(by(header.length, "198.51.100.7", LINK_ENDPOINT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ea 0001 02", "ea 0003 00 6162", "ee 0001 00", "ee 0005 02 01020304"})
    void other_subtypes_are_ignored(String tlv) {
        byte[] header = header("2111", IPV4, tlv, tlv, VPCE);

        assertThat(ProxyHeader.parse(header))
                .isEqualTo(by(header.length, "198.51.100.7", VPCE_ENDPOINT));
    }

    @Test
    void an_aws_id_of_255_bytes_is_kept_whole() {
        byte[] header = header("2111", IPV4, "ea 0100 01", "78".repeat(255));

        assertThat(ProxyHeader.parse(header))
                .isEqualTo(by(287, "198.51.100.7", PrivateEndpoint.aws("x".repeat(255))));
    }

    @Test
    void an_aws_id_can_have_any_bytes() {
        byte[] header = header("2111", IPV4, "ea 0004 01 00ff0a");

        assertThat(((Proxied) ProxyHeader.parse(header)).endpoint().orElseThrow())
                .hasToString("\\x00\\xff\\x0a");
    }

    @Test
    void a_header_of_4096_bytes_is_read_to_its_end() {
        byte[] header = header("2111", IPV4, filler(4058), VPCE);

        assertThat(header).hasSize(4096);
        assertThat(ProxyHeader.parse(header)).isEqualTo(by(4096, "198.51.100.7", VPCE_ENDPOINT));
    }

    @Test
    void a_header_can_have_as_many_tlvs_as_fit() {
        byte[] header = header("2111", IPV4, "04 0000".repeat(1352), filler(12));

        assertThat(ProxyHeader.parse(header)).isEqualTo(from(4096, "198.51.100.7"));
    }

    @ParameterizedTest
    @CsvSource({"0ff1, 4097", "1000, 4112", "ffff, 65551"})
    void a_header_is_too_long_as_soon_as_its_length_is_known(String field, int length) {
        TooLong tooLong = new TooLong(length);

        assertThat(ProxyHeader.parse(bytes(SIGNATURE + "2111" + field))).isEqualTo(tooLong);
        assertThat(ProxyHeader.parse(bytes(SIGNATURE + "2041" + field))).isEqualTo(tooLong);
    }

    @Test
    void a_cut_header_is_incomplete_wherever_it_is_cut() {
        byte[] header = header("2111", IPV4, VPCE, LINK);

        assertThat(header).hasSize(46);
        for (int length = 0; length < header.length; length++) {
            assertThat(ProxyHeader.parse(Arrays.copyOf(header, length)))
                    .as("the first %d bytes", length)
                    .isEqualTo(new Incomplete());
        }
    }

    @Test
    void a_cut_local_header_of_an_unknown_family_is_incomplete() {
        assertThat(ProxyHeader.parse(bytes(SIGNATURE + "20ff0001"))).isEqualTo(new Incomplete());
    }

    @Test
    void a_cut_header_is_bad_as_soon_as_a_byte_of_the_start_is() {
        assertBad(bytes("00"), "byte 0 is not that of the signature");
        assertBad(bytes("0d0a0d0a000d0a5155495400"), "byte 11 is not that of the signature");
        assertBad(bytes(SIGNATURE + "11"), "version 1");
        assertBad(bytes(SIGNATURE + "22"), "command 2");
        assertBad(bytes(SIGNATURE + "2113"), "family and protocol 19");
        assertBad(bytes(SIGNATURE + "2111000b"), "too short for 12 bytes of addresses");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void another_byte_in_the_signature_is_bad(int at) {
        byte[] header = header("2111", IPV4);
        header[at] ^= 0x20;

        assertBad(header, "byte " + at + " is not that of the signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n", "\n"})
    void other_protocols_are_bad(String text) {
        assertThat(ProxyHeader.parse(text.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(Bad.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 15})
    void another_version_is_bad(int version) {
        byte[] header = header("2111", IPV4);
        header[12] = (byte) (version << 4 | 1);

        assertBad(header, "version " + version);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void another_command_is_bad(int command) {
        byte[] header = header("2111", IPV4);
        header[12] = (byte) (0x20 | command);

        assertBad(header, "command " + command);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x02, 0x10, 0x13, 0x20, 0x23, 0x30, 0x33, 0x40, 0x41, 0xff})
    void a_proxy_header_of_an_unknown_family_is_bad(int family) {
        byte[] header = header("2111", UNIX);
        header[13] = (byte) family;

        assertBad(header, "family and protocol " + family);
    }

    @ParameterizedTest
    @CsvSource({
        "2111, 0, 12",
        "2112, 11, 12",
        "2121, 12, 36",
        "2122, 35, 36",
        "2131, 36, 216",
        "2132, 215, 216",
        "2011, 11, 12",
        "2021, 35, 36",
        "2031, 0, 216",
    })
    void a_length_below_that_of_the_addresses_is_bad(String start, int length, int addresses) {
        assertBad(
                header(start, "00".repeat(length)),
                "too short for " + addresses + " bytes of addresses");
    }

    @ParameterizedTest
    @CsvSource({"04, 1", "0400, 2", "040000 00, 1", "040000 0000, 2"})
    void bytes_after_the_last_tlv_are_bad(String tail, int left) {
        String why = "too few bytes for a TLV: " + left;

        assertBad(header("2111", IPV4, tail), why);
        assertBad(header("2100", tail), why);
        assertBad(header("2011", IPV4, tail), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"04 0001", "04 0005 00000000", "04 0100", "04 ffff 00"})
    void a_tlv_that_goes_past_the_end_is_bad(String tail) {
        byte[] header = header("2111", IPV4, tail);
        byte[] withPayload = Arrays.copyOf(header, header.length + 70_000);

        assertBad(withPayload, "TLV of type 4 goes past the end");
    }

    @ParameterizedTest
    @CsvSource({
        "2111, " + IPV4 + " 03 0004 004ce9c2" + VPCE,
        "2111, " + IPV4 + VPCE + " 03 0004 17dd58cc",
        "2111, " + IPV4 + " 04 0000 03 0004 70281171" + VPCE,
        "2121, " + IPV6 + " 03 0004 ed5d52df",
        "2100, 03 0004 3ec9894e",
    })
    void a_right_checksum_can_stand_anywhere_among_tlvs(String start, String content) {
        assertThat(ProxyHeader.parse(header(start, content))).isInstanceOf(Proxied.class);
    }

    @ParameterizedTest
    @CsvSource({"2011, " + IPV4 + " 03 0004 0f0b7a9d", "2000, 03 0004 a9b87e8f"})
    void a_local_header_can_have_a_right_checksum(String start, String content) {
        assertThat(ProxyHeader.parse(header(start, content))).isInstanceOf(Local.class);
    }

    @Test
    void the_checksum_is_that_of_the_whole_header() {
        byte[] header = header("2111", IPV4, filler(4051), "03 0004 a4c290a1", VPCE);

        assertThat(ProxyHeader.parse(header)).isEqualTo(by(4096, "198.51.100.7", VPCE_ENDPOINT));
    }

    @Test
    void the_checksum_is_not_of_the_payload() {
        byte[] header = header("2100", "03 0004 3ec9894e");
        byte[] stream = Arrays.copyOf(header, 100);

        assertThat(ProxyHeader.parse(stream)).isInstanceOf(Proxied.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03 0004 3ec9894f",
                "03 0004 bec9894e",
                "03 0004 4e89c93e",
                "03 0004 c13676b1",
                "03 0004 00000000",
            })
    void a_wrong_checksum_is_bad(String tlv) {
        assertBad(header("2100", tlv), "wrong checksum");
        assertBad(header("2000", tlv), "wrong checksum");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 31, 34, 39, 44})
    void a_checksum_is_wrong_when_another_byte_is(int at) {
        byte[] header = header("2111", IPV4, "03 0004 004ce9c2", VPCE);
        header[at] ^= 0x10;

        assertBad(header, "wrong checksum");
    }

    @ParameterizedTest
    @CsvSource({
        "03 0000, 0",
        "03 0001 3e, 1",
        "03 0003 3ec989, 3",
        "03 0005 3ec9894e00, 5",
    })
    void a_checksum_of_another_size_is_bad(String tlv, int bytes) {
        assertBad(header("2111", IPV4, tlv), "checksum of " + bytes + " bytes");
    }

    @Test
    void two_checksums_are_bad() {
        assertBad(header("2100", "03 0004 00000000", "03 0004 00000000"), "2 checksums");
        assertBad(header("2100", "03 0004 3ec9894e", "03 0000"), "2 checksums");
    }

    @ParameterizedTest
    @CsvSource({
        "ea 0000, TLV of AWS without a subtype",
        "ea 0001 01, AWS endpoint id of 0 bytes",
        "ee 0000, TLV of Azure without a subtype",
        "ee 0001 01, Azure endpoint id of 0 bytes",
        "ee 0004 01 c14500, Azure endpoint id of 3 bytes",
        "ee 0006 01 c145002100, Azure endpoint id of 5 bytes",
        "e0 0000, GCP endpoint id of 0 bytes",
        "e0 0007 ffffffffc0a864, GCP endpoint id of 7 bytes",
        "e0 0009 01 ffffffffc0a86402, GCP endpoint id of 9 bytes",
    })
    void an_endpoint_of_the_wrong_size_is_bad(String tlv, String why) {
        assertBad(header("2111", IPV4, tlv), why);
        assertBad(header("2111", IPV4, VPCE, tlv), why);
        assertBad(header("2011", IPV4, tlv), why);
    }

    @Test
    void an_aws_id_of_256_bytes_is_bad() {
        assertBad(
                header("2111", IPV4, "ea 0101 01", "78".repeat(256)),
                "AWS endpoint id of 256 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                VPCE + VPCE,
                LINK + LINK,
                CONNECTION + CONNECTION,
                VPCE + "ea 0007 01 767063652d32",
                VPCE + LINK,
                LINK + CONNECTION,
                CONNECTION + "04 0000" + VPCE,
            })
    void two_endpoints_are_bad(String tlvs) {
        assertBad(header("2111", IPV4, tlvs), "2 endpoint ids");
        assertBad(header("2000", tlvs), "2 endpoint ids");
    }
}
