// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.util.List;

/** What the policies of a resource decide about the sources of one class. */
final class SourceVerdict {
    private enum Match {
        YES,
        NO,
        /** It takes the name of the source. */
        UNKNOWN
    }

    private SourceVerdict() {}

    /**
     * In the order of docs/policy-reference.md: blocklists, open by default, the first policy that
     * matches, else denied.
     *
     * @param associated the policies of the resource, in order
     * @param bound the member of its own addresses
     * @param toRemoteCluster whether the packet goes to the resource's remote-cluster port
     */
    static Ruling of(
            Sources sources,
            List<PolicyMembers> associated,
            int bound,
            boolean toRemoteCluster,
            int set) {
        for (PolicyMembers members : associated) {
            if (!members.policy().type().allows(Direction.INGRESS)
                    && sources.isIn(set, members.deny())) {
                int place = sources.place(set, members.deny());
                return new Ruling(Reason.BLOCKLIST, members.policy().name(), place);
            }
        }
        boolean closed = false;
        boolean pending = false;
        int denied = 0;
        for (PolicyMembers members : associated) {
            if (members.policy().type().allows(Direction.INGRESS)) {
                closed = true;
                Match match = match(sources, members, bound, toRemoteCluster, set);
                if (match == Match.YES) {
                    int place = sources.place(set, members.allow());
                    return new Ruling(Reason.POLICY_MATCH, members.policy().name(), place);
                }
                pending |= match == Match.UNKNOWN;
                denied = denied == 0 ? sources.place(set, members.deny()) : denied;
            }
        }
        if (!closed) {
            return new Ruling(Reason.OPEN, "", 0);
        }
        return pending
                ? new Ruling(Reason.NAME_PENDING, "", 0)
                : new Ruling(Reason.NO_POLICY_MATCH, "", denied);
    }

    private static Match match(
            Sources sources, PolicyMembers members, int bound, boolean toRemoteCluster, int set) {
        boolean allowed = sources.isIn(set, members.allow());
        return switch (members.policy().type()) {
            case IP -> allowed ? Match.YES : Match.NO;
            case REMOTE_CLUSTER -> allowed && toRemoteCluster ? Match.YES : Match.NO;
            case BLOCKLIST,
                    EGRESS_FIREWALL,
                    VPCE,
                    AZURE_PRIVATE_ENDPOINT,
                    GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT ->
                    Match.NO;
            case ALLOW_DENY ->
                    allowed || !members.policy().enabled() || sources.isIn(set, bound)
                            ? Match.YES
                            : unlessDenied(sources, members, set);
        };
    }

    /** Of a source that no allow rule is known to hold. */
    private static Match unlessDenied(Sources sources, PolicyMembers members, int set) {
        boolean denied = sources.isIn(set, members.deny());
        if (!sources.isNameKnown(set)) {
            boolean couldBeDenied = denied || members.asksDeny();
            boolean couldBeAllowed = !denied || members.asksAllow();
            if (couldBeDenied && couldBeAllowed) {
                return Match.UNKNOWN;
            }
        }
        return denied ? Match.NO : Match.YES;
    }
}
