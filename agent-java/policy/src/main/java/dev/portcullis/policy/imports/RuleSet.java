// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.api.v1.EgressRule;
import java.util.List;
import java.util.Optional;

/**
 * A rule set of Elastic Cloud as its interface tells it.
 *
 * @param associations those that could be seen
 * @param totalAssociations how many there are in all
 */
record RuleSet(
        String id,
        String name,
        String description,
        RuleSetType type,
        boolean includeByDefault,
        String region,
        List<Entry> rules,
        Optional<List<Entity>> associations,
        int totalAssociations) {

    /**
     * A rule; what its type has no use for is empty.
     *
     * @param azureName the name of a private endpoint of Azure, like {@code azureGuid}
     */
    record Entry(
            String source,
            String description,
            String remoteClusterId,
            String remoteClusterOrganization,
            Optional<EgressRule> egress,
            String azureName,
            String azureGuid) {
        /** Whether it is about what is inside TLS. */
        boolean isById() {
            return !remoteClusterId.isEmpty() || !remoteClusterOrganization.isEmpty();
        }
    }

    /**
     * What a rule set is associated with.
     *
     * @param type such as {@code deployment}
     */
    record Entity(String type, String id) {
        @Override
        public String toString() {
            return type.isEmpty() ? id : type + " " + id;
        }
    }
}
