// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.EgressRule;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.Port;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.api.v1.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is pushed over and over: rule sets of some hundred prefixes that have little in common, one
 * after the other, so that each push adds and removes policies and resources of every kind. With
 * each comes a policy and a resource whose names nobody has used before.
 *
 * <p>The sequence repeats itself, but for those names, every {@link #PERIOD} pushes.
 */
final class RuleSets {
    static final int PERIOD = 40;

    /** Ports of client 1 and of the server where a crowd is answered under every rule set. */
    static final int INBOUND = 9200;

    static final int OUTBOUND = 9300;

    private static final int KINDS = 5;
    private static final int FIRST_GUEST_PORT = 20_000;
    private static final int GUEST_PORTS = 10_000;

    private RuleSets() {}

    /**
     * What stays. Client 1 gets in at one port, whose answers may leave only because they are
     * answers; the server gets out to one port of client 1, whose answers come in for the same
     * reason. Everything else is denied.
     */
    static List<Message> lasting() {
        return List.of(
                sources("office", List.of("10.77.1.0/24", "fd77:1::/64")),
                sources("nobody", List.of()),
                policy(
                        "outward",
                        PolicySpec.newBuilder()
                                .setType("egress_firewall")
                                .addRules(target("10.77.1.0/24", OUTBOUND))
                                .addRules(target("fd77:1::/64", OUTBOUND))),
                resource(
                        "service",
                        ResourceSpec.newBuilder()
                                .addPorts(tcp(INBOUND))
                                .addAllPolicies(List.of("office", "outward"))),
                resource(
                        "host",
                        ResourceSpec.newBuilder().addAllPolicies(List.of("nobody", "outward"))));
    }

    /** The objects of a push beside those that stay. */
    static List<Message> at(int push) {
        int season = push % PERIOD;
        List<Message> objects = new ArrayList<>();
        switch (push % KINDS) {
            case 0 -> addFeeds(season, objects);
            case 1 -> addAudited(season, objects);
            case 2 -> addLists(season, objects);
            case 3 -> addMany(season, objects);
            default -> objects.add(sources("spare", prefixes(9, 20, season)));
        }
        addGuest(push, objects);
        return objects;
    }

    private static void addFeeds(int season, List<Message> objects) {
        objects.add(sources("feed-a", prefixes(1, 250, season)));
        objects.add(sources("feed-b", prefixes(1, 100, season + 3)));
        objects.add(policy("outposts", egress(prefixes(2, 150, season), 443 + season)));
        objects.add(
                resource(
                        "search",
                        ResourceSpec.newBuilder()
                                .addPorts(tcp(10_000).setEndPort(10_099))
                                .setOnDeny("reset")
                                .addAllPolicies(List.of("feed-a", "feed-b", "outposts"))));
    }

    private static void addAudited(int season, List<Message> objects) {
        objects.add(sources("feed-a", prefixes(1, 200, season)));
        objects.add(blocked("blocked", prefixes(3, 150, season)));
        objects.add(
                resource(
                        "search",
                        ResourceSpec.newBuilder()
                                .addPorts(tcp(10_000).setEndPort(10_099))
                                .setMode("audit")
                                .addAllPolicies(List.of("blocked", "feed-a"))));
        objects.add(
                resource(
                        "late",
                        ResourceSpec.newBuilder()
                                .addInterfaces(Flapping.NAME)
                                .addPolicies("feed-a")));
    }

    private static void addLists(int season, List<Message> objects) {
        objects.add(
                policy(
                        "lists",
                        PolicySpec.newBuilder()
                                .setType("allow_deny")
                                .addAllAllow(prefixes(4, 150, season))
                                .addAllow("localhost")
                                .addDeny("_all")));
        objects.add(
                resource(
                        "nodes",
                        ResourceSpec.newBuilder().addPorts(tcp(9_400)).addPolicies("lists")));
    }

    private static void addMany(int season, List<Message> objects) {
        for (int i = 0; i < 10; i++) {
            objects.add(sources("part-" + i, prefixes(5 + i % 3, 40, season + i)));
            objects.add(policy("way-" + i, egress(prefixes(8, 15, season + i), 1_000 + i)));
            objects.add(
                    resource(
                            "part-" + i,
                            ResourceSpec.newBuilder()
                                    .addPorts(tcp(11_000 + i))
                                    .addInterfaces(i % 2 == 0 ? "c1" : Flapping.NAME)
                                    .setMode(i % 3 == 0 ? "audit" : "enforce")
                                    .addAllPolicies(List.of("part-" + i, "way-" + i))));
        }
    }

    private static void addGuest(int push, List<Message> objects) {
        String name = String.format("guest-%07d", push);
        objects.add(sources(name, prefixes(9, 3, push % PERIOD)));
        objects.add(
                resource(
                        name,
                        ResourceSpec.newBuilder()
                                .addPorts(tcp(FIRST_GUEST_PORT + push % GUEST_PORTS))
                                .addPolicies(name)));
    }

    /** Of both families, nested, and all but a few the same in each season. */
    private static List<String> prefixes(int block, int count, int season) {
        return IntStream.range(0, count)
                .filter(i -> i % 97 != season)
                .mapToObj(i ->
                        switch (i % 5) {
                            case 0 -> "20." + block + "." + i + ".0/24";
                            case 1 -> "20." + block + "." + (i - 1) + ".0/28";
                            case 2 -> "20." + block + "." + (i - 2) + ".7/32";
                            case 3 -> "2001:db8:" + block + ":" + i + "::/64";
                            default -> "2001:db8:" + block + ":" + (i - 1) + "::7/128";
                        })
                .toList();
    }

    private static Policy sources(String name, List<String> prefixes) {
        return policy(name, withSources("ip", prefixes));
    }

    private static Policy blocked(String name, List<String> prefixes) {
        return policy(name, withSources("blocklist", prefixes));
    }

    private static PolicySpec.Builder withSources(String type, List<String> prefixes) {
        PolicySpec.Builder spec = PolicySpec.newBuilder().setType(type);
        prefixes.forEach(prefix -> spec.addRules(Rule.newBuilder().setSource(prefix)));
        return spec;
    }

    private static PolicySpec.Builder egress(List<String> prefixes, int port) {
        PolicySpec.Builder spec = PolicySpec.newBuilder().setType("egress_firewall");
        prefixes.forEach(prefix -> spec.addRules(target(prefix, port)));
        return spec;
    }

    private static Rule.Builder target(String prefix, int port) {
        return Rule.newBuilder()
                .setEgressRule(
                        EgressRule.newBuilder()
                                .setTarget(prefix)
                                .setProtocol("tcp")
                                .addPorts(Integer.toString(port)));
    }

    private static Policy policy(String name, PolicySpec.Builder spec) {
        return Policy.newBuilder()
                .setMetadata(Metadata.newBuilder().setName(name))
                .setSpec(spec)
                .build();
    }

    private static Resource resource(String name, ResourceSpec.Builder spec) {
        return Resource.newBuilder()
                .setMetadata(Metadata.newBuilder().setName(name))
                .setSpec(spec)
                .build();
    }

    private static Port.Builder tcp(int port) {
        return Port.newBuilder().setProtocol("TCP").setPort(port);
    }
}
