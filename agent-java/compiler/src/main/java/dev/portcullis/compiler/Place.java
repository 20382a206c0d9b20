// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Workload;
import java.util.Map;

/**
 * Where a packet is seen, as far as resources tell places apart.
 *
 * @param interfaceName empty for an interface that no resource names
 * @param workloads those that its sender is inside, with the levels of each below the root
 */
record Place(Direction direction, String interfaceName, Map<Workload, Integer> workloads) {
    boolean isIn(Resource resource) {
        return resource.judges(direction)
                && (resource.interfaces().isEmpty()
                        || resource.interfaces().contains(interfaceName))
                && (resource.workload().isEmpty()
                        || workloads.containsKey(resource.workload().get()));
    }

    /** How deep the workload is that the resource names; -1 if it names none. */
    int depth(Resource resource) {
        return resource.workload().map(workloads::get).orElse(-1);
    }
}
