// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.policy.model.PolicyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The IP filter of an interface, and the one that it falls back to.
 *
 * <p>Elasticsearch falls back setting by setting, and not from an empty list. A policy's {@code
 * fallback} is used for an empty list too. So it is written where that makes no difference, and
 * where it would, the lists in force are written out.
 *
 * @param name of its policy
 * @param fallback empty if there is none
 */
record NodeFilter(
        String name,
        NodeInterface at,
        FilterList allow,
        FilterList deny,
        Optional<NodeFilter> fallback) {

    static NodeFilter of(
            NodeSettings settings, String name, NodeInterface at, Optional<NodeFilter> fallback) {
        FilterList allow = FilterList.of(settings, at, "allow");
        FilterList deny = FilterList.of(settings, at, "deny");
        return new NodeFilter(name, at, allow, deny, fallback);
    }

    /** Whether the file has any of its lists. */
    boolean isWritten() {
        return allow.written() || deny.written();
    }

    /** What is allowed in the end. */
    List<String> allowed() {
        return allow.orElse(fallback.map(NodeFilter::allowed).orElse(List.of()));
    }

    /** What is denied in the end, unless it is allowed. */
    List<String> denied() {
        return deny.orElse(fallback.map(NodeFilter::denied).orElse(List.of()));
    }

    /**
     * @param enabled whether it does anything
     */
    ImportedObject policy(boolean enabled) {
        PolicySpec.Builder spec =
                PolicySpec.newBuilder()
                        .setType(PolicyType.ALLOW_DENY.text())
                        .setDescription("IP filter of Elasticsearch's " + at.title());
        List<Remark> remarks =
                new ArrayList<>(
                        Stream.concat(allow.remarks().stream(), deny.remarks().stream()).toList());
        if (fallsBack() && !hidesFallback()) {
            spec.addAllAllow(allow.entries()).addAllDeny(deny.entries());
            spec.setFallback(fallback.orElseThrow().name);
        } else {
            spec.addAllAllow(allowed()).addAllDeny(denied());
        }
        if (fallsBack() && hidesFallback()) {
            remarks.add(Remark.about(writtenOut()));
        }
        if (!enabled) {
            spec.setEnabled(false);
        }
        Metadata metadata = Metadata.newBuilder().setName(name).build();
        Policy policy = Policy.newBuilder().setMetadata(metadata).setSpec(spec).build();
        return new ImportedObject(policy, remarks);
    }

    private boolean fallsBack() {
        return fallback.isPresent() && !(allow.written() && deny.written());
    }

    private boolean hidesFallback() {
        NodeFilter other = fallback.orElseThrow();
        return (allow.isWrittenEmpty() && !other.allowed().isEmpty())
                || (deny.isWrittenEmpty() && !other.denied().isEmpty());
    }

    private String writtenOut() {
        String empty = allow.isWrittenEmpty() ? "allow" : "deny";
        String taken = allow.isWrittenEmpty() ? "deny" : "allow";
        return at.filter()
                + "."
                + empty
                + " is an empty list, which means just that, while a policy's empty list is taken"
                + " from its fallback; so there is none, and "
                + taken
                + " is a copy of what policy "
                + fallback.orElseThrow().name
                + " has in force";
    }
}
