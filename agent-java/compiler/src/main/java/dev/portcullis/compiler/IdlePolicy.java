// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import java.util.List;

/**
 * A policy that never decides at a resource.
 *
 * @param before those that decide about its sources, in the order in which they are asked
 */
public record IdlePolicy(String policy, String resource, List<String> before) {
    public IdlePolicy {
        before = List.copyOf(before);
    }
}
