// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * NSD, which serves zones as they are written: each record with its own TTL, aliases left to the
 * client where they lead out of the zone, SERVFAIL for a zone that it has no file of.
 */
final class Nsd implements AutoCloseable {
    private final int port;
    private final Server server;

    private Nsd(int port, Server server) {
        this.port = port;
        this.server = server;
    }

    /**
     * @param zones records by zone; the SOA is written before them. An empty one is a zone that
     *     can't be served
     */
    static Nsd start(Path directory, int port, Map<String, String> zones) throws Exception {
        StringBuilder config = new StringBuilder();
        config.append(
                """
                server:
                  ip-address: 127.0.0.1
                  port: %d
                  username: ""
                  zonesdir: "%2$s"
                  pidfile: "%2$s/nsd.pid"
                  database: ""
                  xfrdfile: "%2$s/xfrd.state"
                  zonelistfile: "%2$s/zone.list"
                  xfrdir: "%2$s"
                  server-count: 1
                  rrl-ratelimit: 0
                remote-control:
                  control-enable: no
                """
                        .formatted(port, directory));
        for (Map.Entry<String, String> zone : zones.entrySet()) {
            Path file = directory.resolve(zone.getKey() + ".zone");
            if (zone.getValue().isEmpty()) {
                Files.deleteIfExists(file);
            } else {
                Files.writeString(file, zone.getValue());
            }
            config.append("zone:\n  name: %s\n  zonefile: %s\n".formatted(zone.getKey(), file));
        }
        Path file = directory.resolve("nsd.conf");
        Files.writeString(file, config);
        Server server =
                Server.start(
                        java.util.List.of("/usr/sbin/nsd", "-d", "-c", file.toString()),
                        port,
                        directory.resolve("nsd.out"));
        return new Nsd(port, server);
    }

    /**
     * A zone.
     *
     * @param negative seconds for which a client may keep that there is no such record
     */
    static String zone(int negative, String records) {
        return "@ 3600 IN SOA ns.test. admin.test. 1 3600 600 86400 "
                + negative
                + "\n"
                + "@ 3600 IN NS ns.test.\n"
                + records;
    }

    InetSocketAddress address() {
        return Server.address(port);
    }

    @Override
    public void close() {
        server.close();
    }
}
