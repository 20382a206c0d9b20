// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import java.util.List;

/**
 * A place where a node takes connections, and the names of the settings about it.
 *
 * @param title what remarks call it
 * @param filter what the names of its IP filter's settings begin with
 * @param enabled the setting that switches its filter on and off
 * @param ports settings of its port, the first that is there counts
 * @param defaultPort what it listens on when none is there; 0 if Elasticsearch has no default
 * @param hosts settings of the addresses that it is bound to, the first that is there counts
 */
record NodeInterface(
        String title,
        String filter,
        String enabled,
        List<String> ports,
        int defaultPort,
        List<String> hosts) {
    private static final String TRANSPORT_ENABLED = "xpack.security.transport.filter.enabled";

    /** The profile of transport that is not named. */
    static final String DEFAULT_PROFILE = "default";

    static final String PROFILES = "transport.profiles.";

    static final NodeInterface TRANSPORT =
            new NodeInterface(
                    "transport",
                    "xpack.security.transport.filter",
                    TRANSPORT_ENABLED,
                    List.of(PROFILES + "default.port", "transport.port", "transport.tcp.port"),
                    9300,
                    List.of(
                            PROFILES + "default.bind_host",
                            "transport.bind_host",
                            "transport.host",
                            "network.bind_host",
                            "network.host"));

    static final NodeInterface HTTP =
            new NodeInterface(
                    "http",
                    "xpack.security.http.filter",
                    "xpack.security.http.filter.enabled",
                    List.of("http.port"),
                    9200,
                    List.of("http.bind_host", "http.host", "network.bind_host", "network.host"));

    /** It is switched with transport, and has no switch of its own. */
    static final NodeInterface REMOTE_CLUSTER =
            new NodeInterface(
                    "remote_cluster",
                    "xpack.security.remote_cluster.filter",
                    TRANSPORT_ENABLED,
                    List.of("remote_cluster.port"),
                    9443,
                    List.of(
                            "remote_cluster.bind_host",
                            "remote_cluster.host",
                            "transport.bind_host",
                            "transport.host",
                            "network.bind_host",
                            "network.host"));

    /** A profile of transport; it is switched with transport too, and must name a port. */
    static NodeInterface profile(String name) {
        String prefix = PROFILES + name + ".";
        return new NodeInterface(
                "transport profile " + name,
                prefix + "xpack.security.filter",
                TRANSPORT_ENABLED,
                List.of(prefix + "port"),
                0,
                List.of(
                        prefix + "bind_host",
                        "transport.bind_host",
                        "transport.host",
                        "network.bind_host",
                        "network.host"));
    }
}
