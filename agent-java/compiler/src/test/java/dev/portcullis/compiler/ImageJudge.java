// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Workload;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Judges by an image as the kernel program does, with slow look-ups: for tests of the compiler
 * alone.
 */
public final class ImageJudge {
    private final Image image;

    public ImageJudge(Image image) {
        this.image = image;
    }

    /** Whether policies have a say in a direction; else packets of it are not told apart. */
    public boolean judges(Direction direction) {
        return direction == Direction.INGRESS
                || image.egress().map(e -> !e.remotePorts().isEmpty()).orElse(false);
    }

    /**
     * The decision on a whole packet of other protocols than ICMP.
     *
     * @param workloads the cgroups that each word stands for
     */
    public Decision judge(Ip packet, Map<Workload, List<Cgroup>> workloads) {
        boolean leaving = packet.direction() == Direction.EGRESS;
        int noResource = leaving ? DecisionIds.EGRESS + 2 : 2;
        if (leaving && image.egress().isEmpty()) {
            return DecisionIds.FIXED.get(noResource);
        }
        int group = longestMatch(locals(packet.family()), packet.local());
        int cell = group * image.interfaceClassCount();
        cell += image.interfaceClasses().getOrDefault(packet.interfaceName(), 0);
        if (leaving) {
            cell = cell * egress().workloadClasses() + workloadClass(packet, workloads);
        }
        cell = cell * image.columns() + image.portClasses().get(entry(packet, packet.localPort()));
        int row = (leaving ? egress().cells() : image.cells()).get(cell) & Image.ROW;
        if (group == 0 || row == 0) {
            return DecisionIds.FIXED.get(noResource);
        }
        Image.Row found = image.rows().get(row);
        return decision(found.isForEverybody() ? found.decision() : word(found, packet));
    }

    private int word(Image.Row row, Ip packet) {
        int peers = longestMatch(peers(packet), packet.remote());
        if (packet.direction() == Direction.EGRESS) {
            int port = egress().remotePorts().get(entry(packet, packet.remotePort()));
            peers += port * egress().classes().size();
        }
        int word = image.verdicts().get(row.verdicts() + peers);
        if (packet.reply() && (word & Image.REPLIES) != 0) {
            return row.decision();
        }
        boolean proxied = packet.direction() == Direction.INGRESS && (word & Image.PROXIED) != 0;
        // What has no data.
        return proxied ? image.proxies().get(word & Image.NUMBER).handshake() : word;
    }

    private Decision decision(int word) {
        int number = word & Image.NUMBER;
        Decision fixed = DecisionIds.FIXED.get(number);
        return fixed != null ? fixed : image.decisions().byNumber().get(number);
    }

    private Image.Egress egress() {
        return image.egress().orElseThrow();
    }

    private PrefixTable locals(Family family) {
        return family == Family.IPV4 ? image.locals4() : image.locals6();
    }

    private PrefixTable peers(Ip packet) {
        boolean ipv4 = packet.family() == Family.IPV4;
        if (packet.direction() == Direction.EGRESS) {
            return ipv4 ? egress().targets4() : egress().targets6();
        }
        return ipv4 ? image.sources4() : image.sources6();
    }

    /** Of the innermost cgroup around the sender that a resource names. */
    private int workloadClass(Ip packet, Map<Workload, List<Cgroup>> workloads) {
        for (Workload workload : packet.workloads()) {
            for (Cgroup cgroup : workloads.get(workload)) {
                if (egress().workloads().containsKey(cgroup)) {
                    return egress().workloads().get(cgroup);
                }
            }
        }
        return 0;
    }

    private static int entry(Ip packet, OptionalInt port) {
        return switch (packet.protocol()) {
            case ReferencePacket.TCP -> PortTable.TCP + port.orElseThrow();
            case ReferencePacket.UDP -> PortTable.UDP + port.orElseThrow();
            case ReferencePacket.SCTP -> PortTable.SCTP + port.orElseThrow();
            default -> PortTable.OTHER + packet.protocol();
        };
    }

    private static int longestMatch(PrefixTable table, Address address) {
        int length = -1;
        int value = 0;
        for (int row = 0; row < table.size(); row++) {
            Prefix prefix = table.prefix(row);
            if (prefix.contains(address) && prefix.length() > length) {
                length = prefix.length();
                value = table.value(row);
            }
        }
        return value;
    }
}
