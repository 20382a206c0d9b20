// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.policy.file.SourceText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From the elasticsearch.yml of a node to policies of type {@code allow_deny} that let in and keep
 * out whom its IP filter does, and a resource for each interface: transport, http, remote_cluster,
 * and every profile of transport.
 *
 * <p>It follows Elasticsearch's own code: http falls back to the profile {@code default} and then
 * to transport, setting by setting; remote_cluster to transport; other profiles to nothing. The
 * profile {@code default} is nothing but that fallback: connections to it are filtered by
 * transport's settings.
 */
public final class ElasticsearchImport {
    private static final String PREFIX = "elasticsearch-";
    private static final Pattern PROFILE =
            Pattern.compile("transport\\.profiles\\.([^.]+)(?:\\..+)?");

    private final SourceText source;
    private final NodeSettings settings;
    private final ObjectNames names = new ObjectNames();
    private final NodeResources resources;
    private final List<ImportedObject> policies = new ArrayList<>();
    private final List<ImportedObject> objects = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private final boolean security;

    private ElasticsearchImport(SourceText source) {
        this.source = source;
        this.settings = new NodeSettings(source);
        this.resources = new NodeResources(settings);
        this.security = settings.flag("xpack.security.enabled").orElse(true);
    }

    /** Reads a file in any mixture of dotted and nested names. */
    public static Imported read(SourceText source) {
        return new ElasticsearchImport(source).imported();
    }

    private Imported imported() {
        remarks.addAll(FilterSettingNames.check(settings));
        NodeFilter transport = filter("transport", NodeInterface.TRANSPORT, Optional.empty());
        add(transport, List.of());
        add(filter("http", NodeInterface.HTTP, Optional.of(fallbackOfHttp(transport))), List.of());
        add(
                filter("remote-cluster", NodeInterface.REMOTE_CLUSTER, Optional.of(transport)),
                remoteClusterServer());
        for (String profile : profiles()) {
            add(
                    filter("profile-" + profile, NodeInterface.profile(profile), Optional.empty()),
                    List.of());
        }
        if (!settings.violations().isEmpty()) {
            return Imported.refused(settings.violations());
        }
        List<ImportedObject> all = new ArrayList<>(policies);
        all.addAll(objects);
        return new Imported(opening(), all, List.of());
    }

    private NodeFilter filter(String name, NodeInterface at, Optional<NodeFilter> fallback) {
        return NodeFilter.of(settings, names.name(PREFIX + name, PREFIX + "profile"), at, fallback);
    }

    private void add(NodeFilter filter, List<Remark> more) {
        policies.add(filter.policy(isEnabled(filter.at().enabled())));
        objects.add(resources.resource(filter, more));
    }

    private boolean isEnabled(String setting) {
        substituted(setting);
        return security && settings.flag(setting).orElse(true);
    }

    /** The lists of the default profile if there are any, which are for http alone. */
    private NodeFilter fallbackOfHttp(NodeFilter transport) {
        NodeInterface at = NodeInterface.profile(NodeInterface.DEFAULT_PROFILE);
        NodeFilter filter =
                NodeFilter.of(settings, PREFIX + "profile-default", at, Optional.of(transport));
        if (!filter.isWritten()) {
            return transport;
        }
        NodeFilter named = filter("profile-default", at, Optional.of(transport));
        policies.add(named.policy(true));
        remarks.add(
                Remark.about(
                        "policy "
                                + named.name()
                                + " is for no resource: Elasticsearch takes the lists of the profile"
                                + " \"default\" where http has none, and filters connections to that"
                                + " profile by xpack.security.transport.filter"));
        return named;
    }

    private List<Remark> remoteClusterServer() {
        return settings.flag("remote_cluster_server.enabled").orElse(false)
                ? List.of()
                : List.of(
                        Remark.about(
                                "remote_cluster_server.enabled is not true in the file: the node"
                                        + " does not listen here, unless that is set elsewhere; take"
                                        + " this resource out if the port is another service's"));
    }

    private Set<String> profiles() {
        Set<String> profiles = new LinkedHashSet<>();
        for (String name : settings.names()) {
            Matcher profile = PROFILE.matcher(name);
            if (profile.matches() && !profile.group(1).equals(NodeInterface.DEFAULT_PROFILE)) {
                profiles.add(profile.group(1));
            }
        }
        return profiles;
    }

    private void substituted(String flag) {
        settings.single(flag)
                .filter(NodeSettings.Value::isSubstituted)
                .ifPresent(value -> {
                    Remark remark =
                            Remark.lost(
                                    flag
                                            + " comes from the node's environment, and is taken for"
                                            + " true; write enabled: false if it is false");
                    if (!remarks.contains(remark)) {
                        remarks.add(remark);
                    }
                });
    }

    private List<Remark> opening() {
        List<Remark> opening = new ArrayList<>();
        opening.add(
                Remark.about(
                        "Made from " + source.name() + " by portcullis import elasticsearch."));
        opening.add(
                Remark.about(
                        "Settings that were changed by PUT _cluster/settings take precedence over"
                                + " this file and are not in it; GET _cluster/settings shows them."));
        if (!security) {
            opening.add(
                    Remark.about(
                            "xpack.security.enabled is false, and IP filtering with it; so every"
                                    + " policy has enabled: false."));
        }
        if (settings.flag("xpack.security.filter.always_allow_bound_address")
                .filter(allowed -> !allowed)
                .isPresent()) {
            opening.add(
                    Remark.lost(
                            "xpack.security.filter.always_allow_bound_address: false is left out:"
                                    + " the host's own addresses are always allowed"));
        }
        opening.addAll(remarks);
        return opening;
    }
}
