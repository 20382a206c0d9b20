// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;
import java.util.List;

/**
 * What resources decide in one direction about each entry of a row: a class of peers, and at egress
 * of their ports. Entry 0 is a peer that nothing names.
 */
interface Verdicts {
    Direction direction();

    /** The entries of a row. */
    int length();

    /** The policies of a resource that have a say in the direction, in order. */
    List<Policy> policies(Resource resource);

    /** Whether some of those ask for names. */
    boolean asksNames(Resource resource);

    /** The entries that may be decided otherwise than entry 0. */
    List<int[]> relevant(Resource resource, List<Integer> failsafes);

    /** Whether an entry is among the peers of a failsafe entry. */
    boolean isFailsafe(int entry, int failsafe);

    /** Whether an entry is among the balancers in front of a resource. */
    default boolean isBalancer(Resource resource, int entry) {
        return false;
    }

    /**
     * @param toRemoteCluster whether the packet goes to the resource's remote-cluster port
     */
    Ruling ruling(Resource resource, boolean toRemoteCluster, int entry);
}
