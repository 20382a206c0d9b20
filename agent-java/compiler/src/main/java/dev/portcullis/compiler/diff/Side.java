// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.compiler.Image;
import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import java.util.Optional;
import java.util.Set;

/** How an image judges one direction. */
final class Side {
    private final Image image;
    private final Direction direction;

    /** Empty at ingress, and where nothing that leaves is judged. */
    private final Optional<Image.Egress> egress;

    Side(Image image, Direction direction) {
        this.image = image;
        this.direction = direction;
        egress =
                direction == Direction.EGRESS
                        ? image.egress().filter(e -> image.judges(direction))
                        : Optional.empty();
    }

    PrefixTable peers(Family family) {
        if (direction == Direction.INGRESS) {
            return family == Family.IPV4 ? image.sources4() : image.sources6();
        }
        return egress.map(e -> family == Family.IPV4 ? e.targets4() : e.targets6())
                .orElse(PrefixTable.empty(family));
    }

    PrefixTable locals(Family family) {
        return family == Family.IPV4 ? image.locals4() : image.locals6();
    }

    Set<String> interfaces() {
        return image.interfaceClasses().keySet();
    }

    int portClass(int entry) {
        return image.portClasses().get(entry);
    }

    /** 0 at ingress, where the remote port has no say. */
    int remotePortClass(int entry) {
        return egress.map(e -> e.remotePorts().get(entry)).orElse(0);
    }

    /** Those that senders are told apart by. */
    Set<Cgroup> cgroups() {
        return egress.map(e -> e.workloads().keySet()).orElse(Set.of());
    }

    int workloadClass(Cgroup sender) {
        return egress.map(e -> e.workloadClass(sender)).orElse(0);
    }

    /** 0 for no resource. */
    int row(int group, String interfaceName, int workloadClass, int portClass) {
        if (group == 0 || (direction == Direction.EGRESS && egress.isEmpty())) {
            return 0;
        }
        int interfaceClass = image.interfaceClasses().getOrDefault(interfaceName, 0);
        int place = group * image.interfaceClassCount() + interfaceClass;
        int workloads = egress.map(Image.Egress::workloadClasses).orElse(1);
        ImmutableIntArray cells = egress.map(Image.Egress::cells).orElse(image.cells());
        return cells.get((place * workloads + workloadClass) * image.columns() + portClass)
                & Image.ROW;
    }

    boolean passes(int row, int remotePortClass, int peerClass) {
        return row == 0 || (word(row, remotePortClass, peerClass) & Image.DROP) == 0;
    }

    private int word(int row, int remotePortClass, int peerClass) {
        Image.Row found = image.rows().get(row);
        int classes = egress.map(e -> e.classes().size()).orElse(0);
        return found.isForEverybody()
                ? found.decision()
                : image.verdicts().get(found.verdicts() + remotePortClass * classes + peerClass);
    }

    /** The resource whose row it is; a failsafe entry for everybody is nobody's. */
    String resource(int row) {
        // By the class of peers that nothing names, which no failsafe entry for some holds.
        int number = word(row, 0, 0) & Image.NUMBER;
        Decision decision = image.decisions().byNumber().get(number);
        return decision == null ? "" : decision.resource();
    }
}
