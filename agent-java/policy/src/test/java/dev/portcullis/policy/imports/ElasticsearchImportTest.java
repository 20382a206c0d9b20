// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import static dev.portcullis.policy.imports.Imports.accepted;
import static dev.portcullis.policy.imports.Imports.elasticsearch;
import static dev.portcullis.policy.imports.Imports.policy;
import static dev.portcullis.policy.imports.Imports.resource;
import static dev.portcullis.policy.imports.Imports.violations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.Port;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElasticsearchImportTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "xpack.security.transport.filter.allow: [192.168.0.1, 192.168.0.2]",
                "xpack.security.transport.filter.allow: 192.168.0.1,192.168.0.2",
                "xpack.security.transport.filter.allow: ' 192.168.0.1 , 192.168.0.2, '",
                "xpack.security.transport.filter.allow:\n- 192.168.0.1\n- '192.168.0.2'\n",
                "xpack.security.transport.filter.allow: ['192.168.0.1, 192.168.0.2']",
                "xpack.security: {transport.filter: {allow: [192.168.0.1, 192.168.0.2]}}",
                "xpack: {security.transport: {filter.allow: '192.168.0.1,192.168.0.2'}}",
                "xpack:\n security:\n  transport:\n   filter:\n    allow: [192.168.0.1, 192.168.0.2]",
                "{\"xpack\": {\"security.transport.filter.allow\": [\"192.168.0.1\",\"192.168.0.2\"]}}",
            })
    void a_list_is_read_in_every_form(String text) {
        Imported imported = elasticsearch(text);

        assertThat(policy(imported, "elasticsearch-transport").getAllowList())
                .containsExactly("192.168.0.1", "192.168.0.2");
        assertThat(imported.lost()).isEmpty();
    }

    @Test
    void nested_and_dotted_settings_are_put_together() {
        Imported imported =
                elasticsearch(
                        """
                        xpack:
                          security:
                            transport.filter.allow: 10.0.0.0/8
                            http:
                              filter: {allow: 172.16.0.0/12}
                        xpack.security.transport.filter.deny: _all
                        xpack.security.http:
                          filter.deny: [_all]
                        """);

        assertThat(policy(imported, "elasticsearch-transport").getAllowList())
                .containsExactly("10.0.0.0/8");
        assertThat(policy(imported, "elasticsearch-transport").getDenyList())
                .containsExactly("_all");
        assertThat(policy(imported, "elasticsearch-http").getAllowList())
                .containsExactly("172.16.0.0/12");
        assertThat(policy(imported, "elasticsearch-http").getDenyList()).containsExactly("_all");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.168.0.1 | 192.168.0.1",
                "2001:0db8:1234::/48 | 2001:0db8:1234::/48",
                "1234:0db8:85a3:0000:0000:8a2e:0370:7334 | 1234:0db8:85a3:0000:0000:8a2e:0370:7334",
                "192.168.1.0/8 | 192.168.1.0/8",
                "10.0.0.0/255.255.0.0 | 10.0.0.0/16",
                "localhost | localhost",
                "_all | _all",
                "'*' | _all",
                "db1.example.org | db1.example.org",
                "'*.google.com' | *.google.com",
                "node?.example.org | node?.example.org",
                "192.168.0.* | 192.168.0.0/24",
                "10.* | 10.0.0.0/8",
                "10.1.*.* | 10.1.0.0/16",
            })
    void a_value_is_written_in_the_words_of_allow_deny(String value, String expected) {
        Imported imported = elasticsearch("xpack.security.http.filter.deny: '" + value + "'");

        assertThat(policy(imported, "elasticsearch-http").getDenyList()).containsExactly(expected);
        assertThat(imported.lost()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${OFFICE}",
                "net-${ZONE}.example.org",
                "host.example.org/24",
                "10.0.0.0/255.0.255.0",
                "node[0-9].example.org",
                "fe80::1%eth0",
                "300.1.2.3",
                "10.0.0.0/33",
            })
    void a_value_that_has_no_words_is_left_out_and_told(String value) {
        Imported imported =
                elasticsearch("xpack.security.http.filter.deny: [\"" + value + "\", 198.51.100.7]");

        assertThat(policy(imported, "elasticsearch-http").getDenyList())
                .containsExactly("198.51.100.7");
        assertThat(imported.lost())
                .singleElement()
                .asString()
                .startsWith("xpack.security.http.filter.deny: \"" + value + "\" is left out: ");
        assertThat(imported.yaml()).contains("# Not carried over: xpack.security.http.filter.deny");
    }

    @Test
    void all_stands_alone_and_what_was_beside_it_is_told() {
        Imported imported =
                elasticsearch("xpack.security.http.filter.deny: [10.0.0.1, _all, 10.0.0.2]");

        assertThat(policy(imported, "elasticsearch-http").getDenyList()).containsExactly("_all");
        assertThat(imported.yaml()).contains("holds _all, to which its other values add nothing");
    }

    @Test
    void an_empty_file_makes_the_three_interfaces_on_their_default_ports() {
        Imported imported = elasticsearch("# nothing is set\n");

        assertThat(ports(imported, "elasticsearch-transport")).isEqualTo("9300");
        assertThat(ports(imported, "elasticsearch-http")).isEqualTo("9200");
        assertThat(ports(imported, "elasticsearch-remote-cluster")).isEqualTo("9443");
        assertThat(resource(imported, "elasticsearch-http").getAddressesList())
                .containsExactly("local");
    }

    @Test
    void ports_and_ranges_are_those_of_the_file() {
        Imported imported =
                elasticsearch(
                        """
                        transport.port: 9350-9360
                        http: {port: 9201}
                        remote_cluster: {port: 9444}
                        remote_cluster_server.enabled: true
                        transport.profiles.client.port: 9500-9600
                        transport.profiles: {dmz: {port: "9700,9710-9712"}}
                        """);

        assertThat(ports(imported, "elasticsearch-transport")).isEqualTo("9350-9360");
        assertThat(ports(imported, "elasticsearch-http")).isEqualTo("9201");
        assertThat(ports(imported, "elasticsearch-remote-cluster")).isEqualTo("9444");
        assertThat(ports(imported, "elasticsearch-profile-client")).isEqualTo("9500-9600");
        assertThat(ports(imported, "elasticsearch-profile-dmz")).isEqualTo("9700 9710-9712");
        assertThat(imported.lost()).isEmpty();
    }

    @Test
    void the_port_of_the_default_profile_is_that_of_transport() {
        Imported imported =
                elasticsearch("{transport.port: 9300, transport.profiles.default.port: 9320}");

        assertThat(ports(imported, "elasticsearch-transport")).isEqualTo("9320");
    }

    @Test
    void ranges_that_share_ports_do_not_tie() {
        Imported imported = elasticsearch("{transport.port: 9300-9400, http.port: 9200-9300}");

        assertThat(ports(imported, "elasticsearch-transport")).isEqualTo("9300-9400");
        assertThat(ports(imported, "elasticsearch-http")).isEqualTo("9200-9299");
    }

    @Test
    void the_same_port_at_different_addresses_is_no_tie() {
        Imported imported =
                elasticsearch(
                        """
                        transport: {bind_host: 10.0.0.1, port: 9300}
                        transport.profiles.client: {bind_host: 10.0.0.2, port: 9300}
                        """);

        assertThat(ports(imported, "elasticsearch-profile-client")).isEqualTo("9300");
        assertThat(resource(imported, "elasticsearch-profile-client").getAddressesList())
                .containsExactly("10.0.0.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{port: 9300}", "{port: '${CLIENT_PORT}'}"})
    void a_profile_without_a_port_of_its_own_protects_nothing_yet(String profile) {
        Imported imported =
                elasticsearch(
                        "transport.profiles.client: "
                                + profile
                                + "\ntransport.profiles.client.xpack.security.filter.deny: _all");

        assertThat(resource(imported, "elasticsearch-profile-client").getAddressesList())
                .containsExactly("2001:db8::1");
        assertThat(String.join("\n", imported.lost()))
                .contains("the port of transport profile client: ");
    }

    @Test
    void addresses_are_taken_over_where_they_are_plain() {
        Imported imported =
                elasticsearch(
                        """
                        network.host: [10.0.0.1, _local_, "[2001:db8:7::1]"]
                        http.host: 0.0.0.0
                        transport.bind_host: 10.0.0.2,10.0.0.3
                        remote_cluster.host: 10.0.0.4
                        """);

        assertThat(resource(imported, "elasticsearch-http").getAddressesList())
                .containsExactly("local");
        assertThat(resource(imported, "elasticsearch-transport").getAddressesList())
                .containsExactly("10.0.0.2", "10.0.0.3");
        assertThat(resource(imported, "elasticsearch-remote-cluster").getAddressesList())
                .containsExactly("10.0.0.4");
        assertThat(imported.lost()).isEmpty();
        assertThat(
                        resource(
                                        elasticsearch("network.host: [10.0.0.1, _local_, '::1']"),
                                        "elasticsearch-http")
                                .getAddressesList())
                .containsExactly("10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_site_", "_en0:ipv4_", "node1.example.org", "${HOST_IP}", "_ec2_"})
    void an_address_that_only_the_node_knows_becomes_local(String host) {
        Imported imported = elasticsearch("http.host: [\"" + host + "\", 10.0.0.1]");

        assertThat(resource(imported, "elasticsearch-http").getAddressesList())
                .containsExactly("local");
        assertThat(imported.lost())
                .singleElement()
                .asString()
                .contains("http.host: \"" + host + "\" is written as local");
    }

    @Test
    void a_filter_that_is_switched_off_is_written_so() {
        Imported imported =
                elasticsearch(
                        """
                        xpack.security.transport.filter: {enabled: false, deny: _all}
                        xpack.security.http.filter.enabled: "true"
                        transport.profiles.client.port: 9500
                        """);

        assertThat(enabled(imported, "elasticsearch-transport")).isFalse();
        assertThat(enabled(imported, "elasticsearch-http")).isTrue();
        assertThat(enabled(imported, "elasticsearch-remote-cluster")).isFalse();
        assertThat(enabled(imported, "elasticsearch-profile-client")).isFalse();
    }

    @Test
    void switches_that_elasticsearch_does_not_have_are_told() {
        Imported imported =
                elasticsearch(
                        """
                        xpack.security.remote_cluster.filter.enabled: false
                        transport.profiles.client.xpack.security.filter.enabled: false
                        transport.profiles.client.port: 9500
                        """);

        assertThat(enabled(imported, "elasticsearch-remote-cluster")).isTrue();
        assertThat(enabled(imported, "elasticsearch-profile-client")).isTrue();
        assertThat(imported.lost())
                .hasSize(2)
                .allSatisfy(lost -> assertThat(lost).contains("Elasticsearch has no such setting"));
    }

    @Test
    void a_switch_of_the_environment_is_taken_for_on_and_told_once() {
        Imported imported =
                elasticsearch("xpack.security.transport.filter.enabled: ${FILTER:true}");

        assertThat(enabled(imported, "elasticsearch-transport")).isTrue();
        assertThat(imported.lost())
                .singleElement()
                .asString()
                .contains("comes from the node's environment");
    }

    @Test
    void that_own_addresses_are_allowed_can_not_be_switched_off() {
        Imported imported =
                elasticsearch("xpack.security.filter.always_allow_bound_address: false");

        accepted(imported);
        assertThat(imported.lost())
                .singleElement()
                .asString()
                .contains("own addresses are always allowed");
    }

    @Test
    void fallback_is_written_where_it_says_the_same() {
        Imported imported =
                elasticsearch(
                        """
                        xpack.security.transport.filter: {allow: 10.0.0.1, deny: _all}
                        xpack.security.http.filter.allow: 10.0.0.2
                        """);

        PolicySpec http = policy(imported, "elasticsearch-http");
        assertThat(http.getAllowList()).containsExactly("10.0.0.2");
        assertThat(http.getDenyList()).isEmpty();
        assertThat(http.getFallback()).isEqualTo("elasticsearch-transport");
        assertThat(policy(imported, "elasticsearch-remote-cluster").getFallback())
                .isEqualTo("elasticsearch-transport");
        assertThat(policy(imported, "elasticsearch-transport").getFallback()).isEmpty();
    }

    @Test
    void the_lists_of_the_default_profile_are_a_policy_for_http_alone() {
        Imported imported =
                elasticsearch(
                        """
                        xpack.security.transport.filter.deny: _all
                        transport.profiles.default.xpack.security.filter.allow: 10.0.0.3
                        """);

        assertThat(policy(imported, "elasticsearch-http").getFallback())
                .isEqualTo("elasticsearch-profile-default");
        assertThat(policy(imported, "elasticsearch-profile-default").getFallback())
                .isEqualTo("elasticsearch-transport");
        assertThat(policy(imported, "elasticsearch-remote-cluster").getFallback())
                .isEqualTo("elasticsearch-transport");
        assertThat(accepted(imported).resources())
                .doesNotContainKey("elasticsearch-profile-default");
    }

    @Test
    void a_list_that_is_empty_in_the_file_is_resolved() {
        Imported imported =
                elasticsearch(
                        """
                        xpack.security.transport.filter: {allow: 10.0.0.1, deny: _all}
                        xpack.security.http.filter.allow: []
                        """);

        PolicySpec http = policy(imported, "elasticsearch-http");
        assertThat(http.getFallback()).isEmpty();
        assertThat(http.getAllowList()).isEmpty();
        assertThat(http.getDenyList()).containsExactly("_all");
        assertThat(imported.yaml()).contains("deny is a copy");
    }

    @Test
    void profiles_with_names_that_objects_can_not_have_get_others() {
        Imported imported =
                elasticsearch(
                        """
                        transport.profiles:
                          My_Clients: {port: 9500}
                          my-clients: {port: 9501}
                        """);

        assertThat(accepted(imported).resources())
                .containsKeys(
                        "elasticsearch-profile-my-clients", "elasticsearch-profile-my-clients-2");
        assertThat(resource(imported, "elasticsearch-profile-my-clients").getDescription())
                .contains("My_Clients");
    }

    @Test
    void everything_that_makes_a_file_unusable_is_told_with_its_line() {
        Imported imported =
                elasticsearch(
                        """
                        xpack.security.http.filter.alow: 10.0.0.1
                        xpack.security.trasport.filter.deny: _all
                        xpack.security.http.filter.deny:
                        xpack.security.transport.filter.enabled: maybe
                        http.port: 92000
                        xpack.security.transport.filter.allow: ["10.0.0.0/8,192.168.0.0/16"]
                        xpack: {security.transport.filter.allow: 10.0.0.1}
                        transport.profiles.client.xpack.security.filter.deni: _all
                        transport.profiles.client.port: 9500
                        """);

        assertThat(violations(imported))
                .containsExactlyInAnyOrder(
                        "elasticsearch.yml:1: xpack.security.http.filter.alow: is not a setting of"
                                + " Elasticsearch (did you mean \"allow\"?)",
                        "elasticsearch.yml:2: xpack.security.trasport.filter.deny: is not a setting"
                                + " of Elasticsearch (did you mean \"transport\"?)",
                        "elasticsearch.yml:3: xpack.security.http.filter.deny: has no value; write"
                                + " one, or take the line out",
                        "elasticsearch.yml:4: xpack.security.transport.filter.enabled: \"maybe\" is"
                                + " not true or false",
                        "elasticsearch.yml:5: http.port: \"92000\" is not a port from 1 to 65535 or"
                                + " a range of ports",
                        "elasticsearch.yml:6: xpack.security.transport.filter.allow:"
                                + " \"10.0.0.0/8,192.168.0.0/16\" is several in one, which"
                                + " Elasticsearch refuses; make them items of the list",
                        "elasticsearch.yml:7: xpack.security.transport.filter.allow: is set at line"
                                + " 6 already, and Elasticsearch refuses a second; keep one",
                        "elasticsearch.yml:8: transport.profiles.client.xpack.security.filter.deni:"
                                + " is not a setting of Elasticsearch (did you mean \"deny\"?)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "just text",
                "[a, b]",
                "a: [1",
                "a: 1\n---\nb: 2\n",
                "xpack.security.http.filter.allow: {a: b}",
                "xpack.security.http.filter.allow: [{a: b}]",
                "xpack.security.http.filter.allow: [[a]]",
                "http.port: [9200]",
                "{[a]: b}",
            })
    void what_is_no_file_of_settings_is_refused(String text) {
        assertThat(violations(elasticsearch(text))).isNotEmpty();
    }

    @Test
    void aliases_that_stand_for_millions_of_settings_are_refused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 {k: v}\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" {");
            for (int j = 0; j < 10; j++) {
                bomb.append(j == 0 ? "" : ", ").append(j).append(": *a").append(i - 1);
            }
            bomb.append("}\n");
        }

        assertThat(violations(elasticsearch(bomb.toString())))
                .singleElement()
                .asString()
                .contains("more than 100,000 settings");
    }

    @Test
    void settings_that_have_nothing_to_do_with_filters_are_no_matter() {
        Imported imported =
                elasticsearch(
                        """
                        cluster.name: production
                        path:
                          data: [/var/lib/a, /var/lib/b]
                          logs:
                        xpack.security.http.ssl: {enabled: true, keystore.path: certs/http.p12}
                        xpack.security.authc.realms.ldap.ldap1.user_search.filter: (cn={0})
                        http.cors.enabled: 1
                        """);

        assertThat(accepted(imported).policies()).hasSize(3);
        assertThat(imported.lost()).isEmpty();
    }

    private static boolean enabled(Imported imported, String policy) {
        PolicySpec spec = policy(imported, policy);
        return !spec.hasEnabled() || spec.getEnabled();
    }

    private static String ports(Imported imported, String resource) {
        return String.join(
                " ",
                resource(imported, resource).getPortsList().stream()
                        .map(ElasticsearchImportTest::port)
                        .toList());
    }

    private static String port(Port port) {
        assertThat(port.getProtocol()).isEqualTo("TCP");
        return port.getPort() + (port.hasEndPort() ? "-" + port.getEndPort() : "");
    }
}
