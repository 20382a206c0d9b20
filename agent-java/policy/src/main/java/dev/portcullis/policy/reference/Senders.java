// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Workload;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** How closely a resource names the process that sent a packet. */
final class Senders {
    private Senders() {}

    /**
     * How many of the sender's workloads are deeper than the one that the resource names: the
     * fewer, the more specific. Two that now stand for the same cgroup are equally deep.
     *
     * @param workloads of the sender, the deepest first; the resource's is among them
     * @return empty if the resource names none
     */
    static OptionalInt workloadsAbove(
            Resource resource, Environment environment, List<Workload> workloads) {
        if (resource.workload().isEmpty()) {
            return OptionalInt.empty();
        }
        int place = workloads.indexOf(resource.workload().get());
        while (place > 0
                && isSamePlace(workloads.get(place - 1), workloads.get(place), environment)) {
            place--;
        }
        return OptionalInt.of(place);
    }

    private static boolean isSamePlace(Workload one, Workload other, Environment environment) {
        List<Cgroup> cgroups = environment.workloads().getOrDefault(one, List.of());
        List<Cgroup> others = environment.workloads().getOrDefault(other, List.of());
        return !Collections.disjoint(cgroups, others);
    }
}
