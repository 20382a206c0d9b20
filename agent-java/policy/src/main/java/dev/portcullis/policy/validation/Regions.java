// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;
import java.util.Arrays;

/** Which policies and resources go together. */
public final class Regions {
    private Regions() {}

    /** Whether they can be associated: one of them names no region, or both name the same. */
    public static boolean agree(Policy policy, Resource resource) {
        return policy.region().isEmpty()
                || resource.region().isEmpty()
                || policy.region().equals(resource.region());
    }

    /** Whether the resource has a say in what the policy allows. */
    static boolean directionsAgree(Policy policy, Resource resource) {
        return Arrays.stream(Direction.values())
                .allMatch(d -> resource.judges(d) || !policy.type().allows(d));
    }

    /** Whether a new resource gets the policy, if that is included by default. */
    public static boolean includes(Policy policy, Resource resource) {
        return policy.includeByDefault()
                && directionsAgree(policy, resource)
                && (policy.region().isEmpty() || policy.region().equals(resource.region()));
    }
}
