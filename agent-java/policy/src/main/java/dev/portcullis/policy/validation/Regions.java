// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;

/** Which policies and resources go together. */
public final class Regions {
    private Regions() {}

    /** Whether they can be associated: one of them names no region, or both name the same. */
    public static boolean agree(Policy policy, Resource resource) {
        return policy.region().isEmpty()
                || resource.region().isEmpty()
                || policy.region().equals(resource.region());
    }

    /** Whether a new resource gets the policy, if that is included by default. */
    public static boolean includes(Policy policy, Resource resource) {
        return policy.includeByDefault()
                && (policy.region().isEmpty() || policy.region().equals(resource.region()));
    }
}
