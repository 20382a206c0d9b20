// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import static dev.portcullis.policy.imports.Imports.accepted;
import static dev.portcullis.policy.imports.Imports.elasticsearch;
import static dev.portcullis.policy.imports.Imports.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.PolicySpec;
import org.junit.jupiter.api.Test;

/** The examples of Elasticsearch's page "Restricting connections with IP filtering". */
class ElasticsearchDocumentationTest {
    private static final String TRANSPORT = "elasticsearch-transport";
    private static final String HTTP = "elasticsearch-http";
    private static final String REMOTE_CLUSTER = "elasticsearch-remote-cluster";

    @Test
    void one_allowed_and_its_network_denied() {
        PolicySpec transport =
                policy(
                        elasticsearch(
                                """
                                xpack.security.transport.filter.allow: "192.168.0.1"
                                xpack.security.transport.filter.deny: "192.168.0.0/24"
                                """),
                        TRANSPORT);

        assertThat(transport.getAllowList()).containsExactly("192.168.0.1");
        assertThat(transport.getDenyList()).containsExactly("192.168.0.0/24");
    }

    @Test
    void all_but_four_denied() {
        PolicySpec transport =
                policy(
                        elasticsearch(
                                """
                                xpack.security.transport.filter:
                                  allow: [ "192.168.0.1", "192.168.0.2", "192.168.0.3", "192.168.0.4" ]
                                  deny: _all
                                """),
                        TRANSPORT);

        assertThat(transport.getAllowList())
                .containsExactly("192.168.0.1", "192.168.0.2", "192.168.0.3", "192.168.0.4");
        assertThat(transport.getDenyList()).containsExactly("_all");
    }

    @Test
    void ipv6() {
        PolicySpec transport =
                policy(
                        elasticsearch(
                                """
                                xpack.security.transport.filter.allow: "2001:0db8:1234::/48"
                                xpack.security.transport.filter.deny: "1234:0db8:85a3:0000:0000:8a2e:0370:7334"
                                """),
                        TRANSPORT);

        assertThat(transport.getAllowList()).containsExactly("2001:0db8:1234::/48");
        assertThat(transport.getDenyList())
                .containsExactly("1234:0db8:85a3:0000:0000:8a2e:0370:7334");
    }

    @Test
    void host_names() {
        PolicySpec transport =
                policy(
                        elasticsearch(
                                """
                                xpack.security.transport.filter.allow: localhost
                                xpack.security.transport.filter.deny: '*.google.com'
                                """),
                        TRANSPORT);

        assertThat(transport.getAllowList()).containsExactly("localhost");
        assertThat(transport.getDenyList()).containsExactly("*.google.com");
    }

    @Test
    void filtering_switched_off() {
        Imported imported = elasticsearch("xpack.security.transport.filter.enabled: false\n");

        assertThat(policy(imported, TRANSPORT).hasEnabled()).isTrue();
        assertThat(policy(imported, TRANSPORT).getEnabled()).isFalse();
        assertThat(policy(imported, HTTP).hasEnabled()).isFalse();
    }

    @Test
    void filtering_for_http_only() {
        Imported imported =
                elasticsearch(
                        """
                        xpack.security.transport.filter.enabled: false
                        xpack.security.http.filter.enabled: true
                        """);

        assertThat(policy(imported, TRANSPORT).getEnabled()).isFalse();
        assertThat(policy(imported, HTTP).hasEnabled()).isFalse();
    }

    @Test
    void a_profile_with_lists_of_its_own() {
        Imported imported =
                elasticsearch(
                        """
                        xpack.security.transport.filter.allow: 172.16.0.0/24
                        xpack.security.transport.filter.deny: _all
                        transport.profiles.client.xpack.security.filter.allow: 192.168.0.0/24
                        transport.profiles.client.xpack.security.filter.deny: _all
                        """);

        PolicySpec client = policy(imported, "elasticsearch-profile-client");
        assertThat(client.getAllowList()).containsExactly("192.168.0.0/24");
        assertThat(client.getDenyList()).containsExactly("_all");
        assertThat(client.getFallback()).isEmpty();
        assertThat(accepted(imported).resources()).containsKey("elasticsearch-profile-client");
    }

    @Test
    void http_other_than_transport() {
        Imported imported =
                elasticsearch(
                        """
                        xpack.security.transport.filter.allow: localhost
                        xpack.security.transport.filter.deny: '*.google.com'
                        xpack.security.http.filter.allow: 172.16.0.0/16
                        xpack.security.http.filter.deny: _all
                        """);

        assertThat(policy(imported, TRANSPORT).getDenyList()).containsExactly("*.google.com");
        assertThat(policy(imported, HTTP).getAllowList()).containsExactly("172.16.0.0/16");
        assertThat(policy(imported, HTTP).getDenyList()).containsExactly("_all");
        assertThat(policy(imported, HTTP).getFallback()).isEmpty();
        assertThat(policy(imported, REMOTE_CLUSTER).getFallback()).isEqualTo(TRANSPORT);
    }

    @Test
    void a_remote_cluster_interface_with_lists_of_its_own() {
        Imported imported =
                elasticsearch(
                        """
                        xpack.security.remote_cluster.filter.allow: 192.168.1.0/8
                        xpack.security.remote_cluster.filter.deny: 192.168.0.0/16
                        xpack.security.transport.filter.allow: localhost
                        xpack.security.transport.filter.deny: '*.google.com'
                        xpack.security.http.filter.allow: 172.16.0.0/16
                        xpack.security.http.filter.deny: _all
                        """);

        PolicySpec remote = policy(imported, REMOTE_CLUSTER);
        assertThat(remote.getAllowList()).containsExactly("192.168.1.0/8");
        assertThat(remote.getDenyList()).containsExactly("192.168.0.0/16");
        assertThat(remote.getFallback()).isEmpty();
    }

    @Test
    void settings_that_were_changed_in_the_running_cluster_are_pointed_to() {
        assertThat(elasticsearch("").yaml())
                .contains("# Settings that were changed by PUT _cluster");
    }
}
