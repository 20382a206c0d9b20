// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.AddressSet.Format;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Violation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressListTest {
    private static final String AWS =
            """
            {
              "syncToken": "1700000000",
              "createDate": "2023-11-14-22-13-20",
              "prefixes": [
                {
                  "ip_prefix": "203.0.113.0/24",
                  "region": "eu-west-1",
                  "service": "AMAZON",
                  "network_border_group": "eu-west-1"
                },
                {
                  "ip_prefix": "203.0.113.0/25",
                  "region": "eu-west-1",
                  "service": "EC2",
                  "network_border_group": "eu-west-1"
                },
                {
                  "ip_prefix": "198.51.100.0/24",
                  "region": "GLOBAL",
                  "service": "CLOUDFRONT",
                  "network_border_group": "GLOBAL"
                }
              ],
              "ipv6_prefixes": [
                {
                  "ipv6_prefix": "2001:db8:1::/48",
                  "region": "eu-west-1",
                  "service": "EC2",
                  "network_border_group": "eu-west-1"
                }
              ]
            }
            """;

    private static final String GOOGLE_CLOUD =
            """
            {
              "syncToken": "1700000000000",
              "creationTime": "2023-11-14T22:13:20.000",
              "prefixes": [{
                "ipv4Prefix": "203.0.113.0/26",
                "service": "Google Cloud",
                "scope": "europe-west3"
              }, {
                "ipv6Prefix": "2001:db8:20::/44",
                "service": "Google Cloud",
                "scope": "africa-south1"
              }]
            }
            """;

    private static final String GOOGLE_ALL =
            """
            {
              "syncToken": "1700000000000",
              "creationTime": "2023-11-14T22:13:20.000",
              "prefixes": [{
                "ipv4Prefix": "192.0.2.0/25"
              }, {
                "ipv6Prefix": "2001:db8:3::/48"
              }]
            }
            """;

    private static final String AZURE =
            """
            {
              "changeNumber": 300,
              "cloud": "Public",
              "values": [
                {
                  "name": "Storage",
                  "id": "Storage",
                  "properties": {
                    "changeNumber": 100,
                    "region": "",
                    "regionId": 0,
                    "platform": "Azure",
                    "systemService": "AzureStorage",
                    "addressPrefixes": ["203.0.113.64/26", "2001:db8:4::/48"],
                    "networkFeatures": ["API", "NSG", "UDR", "FW"]
                  }
                },
                {
                  "name": "Storage.WestEurope",
                  "id": "Storage.WestEurope",
                  "properties": {
                    "changeNumber": 7,
                    "region": "westeurope",
                    "regionId": 18,
                    "platform": "Azure",
                    "systemService": "AzureStorage",
                    "addressPrefixes": ["203.0.113.64/27"],
                    "networkFeatures": ["API", "NSG", "UDR", "FW"]
                  }
                }
              ]
            }
            """;

    private static final String ELASTIC =
            """
            {
              "regions": {
                "aws-us-east-1": {
                  "egress_from_elastic": ["192.0.2.1", "192.0.2.2/32"],
                  "ingress_to_elastic": ["192.0.2.129"]
                },
                "gcp-us-central1": {
                  "egress_from_elastic": [],
                  "ingress_to_elastic": ["192.0.2.130"]
                }
              }
            }
            """;

    private static AddressSet set(
            Optional<Format> format, List<String> services, List<String> regions) {
        return new AddressSet(
                "s", new AddressSet.LocalFile(Path.of("/etc/list")), format, services, regions, "");
    }

    private static Checked<SortedSet<Prefix>> read(AddressSet set, String content) {
        return AddressList.read(set, content.getBytes(StandardCharsets.UTF_8));
    }

    private static Checked<SortedSet<Prefix>> read(String content) {
        return read(set(Optional.empty(), List.of(), List.of()), content);
    }

    private static List<String> prefixes(
            Format format, String content, List<String> services, List<String> regions) {
        return texts(read(set(Optional.of(format), services, regions), content));
    }

    private static List<String> texts(Checked<SortedSet<Prefix>> checked) {
        assertThat(checked.violations()).isEmpty();
        return checked.value().orElseThrow().stream().map(Prefix::toString).toList();
    }

    private static List<String> violations(
            Format format, String content, List<String> services, List<String> regions) {
        return texts(read(set(Optional.of(format), services, regions), content).violations());
    }

    private static List<String> texts(List<Violation> violations) {
        return violations.stream().map(Violation::toString).toList();
    }

    @Test
    void lines_hold_cidrs_and_addresses_with_comments_and_nothing_between() {
        String content =
                "\ufeff# office\r\n\r\n203.0.113.0/24 # head office\r\n  2001:db8::1\t\r\n"
                        + "::ffff:10.0.0.0/104\n192.0.2.1";

        assertThat(texts(read(content)))
                .containsExactly("10.0.0.0/8", "192.0.2.1/32", "203.0.113.0/24", "2001:db8::1/128");
    }

    @Test
    void every_bad_line_is_named() {
        assertThat(texts(read("10.0.0.0/33\n10.0.0.1\noffice\n10.0.0.0-10.0.0.9\n").violations()))
                .containsExactly(
                        "address set s: spec.file: line 1: \"10.0.0.0/33\" needs a prefix length"
                                + " from 0 to 32",
                        "address set s: spec.file: line 3: \"office\" is not an IPv4 or IPv6"
                                + " address or CIDR; write one such as 203.0.113.0/24 or"
                                + " 2001:db8:7::/48",
                        "address set s: spec.file: line 4: \"10.0.0.0-10.0.0.9\" is not an IPv4 or"
                                + " IPv6 address or CIDR; write one such as 203.0.113.0/24 or"
                                + " 2001:db8:7::/48");
    }

    @Test
    void of_many_bad_lines_the_first_twenty_are_named_and_the_others_counted() {
        String content =
                IntStream.rangeClosed(1, 57)
                        .mapToObj(i -> "bad" + i)
                        .collect(Collectors.joining("\n"));

        List<String> violations = texts(read(content).violations());

        assertThat(violations).hasSize(21);
        assertThat(violations.get(19)).contains("line 20: \"bad20\"");
        assertThat(violations.get(20))
                .isEqualTo("address set s: spec.file: 37 more entries can't be read");
    }

    @Test
    void host_bits_and_a_whole_family_are_warnings() {
        Checked<SortedSet<Prefix>> checked = read("192.168.132.6/22\n::/0\n");

        assertThat(texts(checked)).containsExactly("192.168.132.0/22", "::/0");
        assertThat(checked.warnings())
                .containsExactly(
                        "address set s: spec.file: line 1: 192.168.132.6/22 has host bits set; it"
                                + " means 192.168.132.0/22",
                        "address set s: spec.file: line 2: ::/0 is every address of its family");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# nothing\n", "{\"prefixes\": [], \"ipv6_prefixes\": []}"})
    void a_list_without_addresses_is_no_list(String content) {
        assertThat(texts(read(content).violations()))
                .containsExactly(
                        "address set s: spec.file: holds no addresses; a set can't be empty");
    }

    @Test
    void amazon_gives_all_prefixes_of_both_families() {
        assertThat(prefixes(Format.AWS, AWS, List.of(), List.of()))
                .containsExactly(
                        "198.51.100.0/24", "203.0.113.0/24", "203.0.113.0/25", "2001:db8:1::/48");
    }

    @Test
    void amazon_is_filtered_by_service_and_region() {
        assertThat(prefixes(Format.AWS, AWS, List.of("EC2", "CLOUDFRONT"), List.of("eu-west-1")))
                .containsExactly("203.0.113.0/25", "2001:db8:1::/48");
    }

    @Test
    void google_is_filtered_by_service_and_scope() {
        assertThat(prefixes(Format.GOOGLE, GOOGLE_CLOUD, List.of(), List.of()))
                .containsExactly("203.0.113.0/26", "2001:db8:20::/44");
        assertThat(
                        prefixes(
                                Format.GOOGLE,
                                GOOGLE_CLOUD,
                                List.of("Google Cloud"),
                                List.of("europe-west3")))
                .containsExactly("203.0.113.0/26");
    }

    @Test
    void googles_list_of_all_has_prefixes_alone() {
        assertThat(prefixes(Format.GOOGLE, GOOGLE_ALL, List.of(), List.of()))
                .containsExactly("192.0.2.0/25", "2001:db8:3::/48");
        assertThat(violations(Format.GOOGLE, GOOGLE_ALL, List.of("Google Cloud"), List.of()))
                .containsExactly(
                        "address set s: spec.services[0]: the list tells no services; take \"Google"
                                + " Cloud\" out");
    }

    @Test
    void microsoft_is_filtered_by_the_tags_name_and_region() {
        assertThat(prefixes(Format.AZURE, AZURE, List.of(), List.of()))
                .containsExactly("203.0.113.64/26", "203.0.113.64/27", "2001:db8:4::/48");
        assertThat(prefixes(Format.AZURE, AZURE, List.of("Storage"), List.of()))
                .containsExactly("203.0.113.64/26", "2001:db8:4::/48");
        assertThat(prefixes(Format.AZURE, AZURE, List.of(), List.of("westeurope")))
                .containsExactly("203.0.113.64/27");
    }

    @Test
    void elastic_is_filtered_by_region_and_by_what_the_addresses_are_for() {
        assertThat(prefixes(Format.ELASTIC, ELASTIC, List.of(), List.of()))
                .containsExactly(
                        "192.0.2.1/32", "192.0.2.2/32", "192.0.2.129/32", "192.0.2.130/32");
        assertThat(
                        prefixes(
                                Format.ELASTIC,
                                ELASTIC,
                                List.of("egress_from_elastic"),
                                List.of("aws-us-east-1")))
                .containsExactly("192.0.2.1/32", "192.0.2.2/32");
    }

    @Test
    void members_may_come_in_any_order() {
        String azure =
                """
                {"values": [{
                  "properties": {"addressPrefixes": ["192.0.2.0/24"], "region": "northeurope"},
                  "name": "Sql.NorthEurope"
                }]}
                """;

        assertThat(
                        prefixes(
                                Format.AZURE,
                                azure,
                                List.of("Sql.NorthEurope"),
                                List.of("northeurope")))
                .containsExactly("192.0.2.0/24");
    }

    @Test
    void a_filter_that_matches_nothing_suggests_the_name_that_was_meant() {
        assertThat(violations(Format.AWS, AWS, List.of("EC2", "cloudfront"), List.of("eu-wset-1")))
                .containsExactly(
                        "address set s: spec.services[1]: the list has no service \"cloudfront\""
                                + " (did you mean \"CLOUDFRONT\"?)",
                        "address set s: spec.regions[0]: the list has no region \"eu-wset-1\" (did"
                                + " you mean \"eu-west-1\"?)");
    }

    @Test
    void a_filter_that_is_like_no_name_gets_some_that_there_are() {
        assertThat(violations(Format.AWS, AWS, List.of("Compute Engine"), List.of()))
                .containsExactly(
                        "address set s: spec.services[0]: the list has no service \"Compute"
                                + " Engine\"; it has \"AMAZON\", \"CLOUDFRONT\", \"EC2\"");
    }

    @Test
    void filters_that_exclude_each_other_are_no_set() {
        assertThat(violations(Format.AWS, AWS, List.of("CLOUDFRONT"), List.of("eu-west-1")))
                .containsExactly(
                        "address set s: spec.file: holds no addresses of these services in these"
                                + " regions; a set can't be empty");
    }

    @Test
    void bad_entries_in_json_are_named_by_their_path() {
        String content =
                """
                {"prefixes": [
                  {"ip_prefix": "10.0.0.0/8"},
                  {"ip_prefix": "10.0.0.0/40"},
                  {"region": "eu-west-1"},
                  {"ip_prefix": 7},
                  "10.0.0.0/8"
                ], "ipv6_prefixes": {}}
                """;

        assertThat(violations(Format.AWS, content, List.of(), List.of()))
                .containsExactly(
                        "address set s: spec.file: prefixes[1].ip_prefix: \"10.0.0.0/40\" needs a"
                                + " prefix length from 0 to 32",
                        "address set s: spec.file: prefixes[2]: has no ip_prefix and no ipv6_prefix",
                        "address set s: spec.file: prefixes[3].ip_prefix: is not a string",
                        "address set s: spec.file: prefixes[4]: is not an object",
                        "address set s: spec.file: ipv6_prefixes: is not a list");
    }

    @Test
    void every_format_is_told_from_the_content() {
        assertThat(texts(read("192.0.2.1"))).hasSize(1);
        assertThat(texts(read(AWS))).hasSize(4);
        assertThat(texts(read(GOOGLE_CLOUD))).hasSize(2);
        assertThat(texts(read(GOOGLE_ALL))).hasSize(2);
        assertThat(texts(read(AZURE))).hasSize(3);
        assertThat(texts(read(ELASTIC))).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!DOCTYPE html><html></html>", "[\"10.0.0.0/8\"]", "{\"a\": 1}", "{"})
    void what_is_of_no_known_form_is_refused_in_one_sentence(String content) {
        assertThat(texts(read(content).violations()))
                .containsExactly(
                        "address set s: spec.file: is neither a list of CIDRs nor JSON of a known"
                                + " form; write one CIDR a line, or name a list of aws, google,"
                                + " azure or elastic");
    }

    @Test
    void a_format_that_the_content_is_not_of_is_the_one_thing_told() {
        assertThat(violations(Format.AWS, GOOGLE_CLOUD, List.of(), List.of()))
                .containsExactly(
                        "address set s: spec.format: is aws, but the content looks like google;"
                                + " write that, or leave the format out");
        assertThat(violations(Format.CIDRS, AZURE, List.of(), List.of())).hasSize(1);
        assertThat(violations(Format.ELASTIC, "10.0.0.1\n", List.of(), List.of())).hasSize(1);
    }

    @Test
    void json_that_is_cut_short_anywhere_is_no_list() {
        for (int length = 0; length < AWS.stripTrailing().length(); length++) {
            String content = AWS.substring(0, length);

            assertThat(violations(Format.AWS, content, List.of(), List.of()))
                    .as("%d characters", length)
                    .isNotEmpty();
        }
        assertThat(
                        violations(
                                Format.AWS,
                                AWS.substring(0, AWS.indexOf("\"region\"")),
                                List.of(),
                                List.of()))
                .containsExactly("address set s: spec.file: is JSON that ends too early");
    }

    @Test
    void json_that_is_broken_is_told_with_the_place() {
        String content = AWS.replace("\"198.51.100.0/24\",", "\"198.51.100.0/24\"");

        assertThat(violations(Format.AWS, content, List.of(), List.of()))
                .containsExactly("address set s: spec.file: line 19, column 8: is not JSON");
    }

    @Test
    void json_that_goes_on_after_its_end_is_no_list() {
        assertThat(violations(Format.AWS, AWS + AWS, List.of(), List.of())).hasSize(1);
    }

    @Test
    void bytes_that_are_no_utf8_are_no_list() {
        byte[] utf16 = "10.0.0.0/8".getBytes(StandardCharsets.UTF_16);
        AddressSet set = set(Optional.empty(), List.of(), List.of());

        assertThat(texts(AddressList.read(set, utf16).violations()))
                .containsExactly("address set s: spec.file: is not UTF-8 text");
    }

    @Test
    void a_list_of_a_million_lines_is_read_whole() {
        String content =
                IntStream.range(0, 1_000_000)
                        .mapToObj(i ->
                                "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + "\n")
                        .collect(Collectors.joining());

        assertThat(read(content).value().orElseThrow()).hasSize(1_000_000);
    }
}
