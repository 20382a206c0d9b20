// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One rule set as the kernel's tables hold it, without anything of a kernel in it. The kernel's
 * types.h tells what each table means.
 *
 * @param sources4 class of IPv4 sources; an address without a match has class 0
 * @param sources6 the same for IPv6
 * @param classes the members of each class, in the order that {@link #RULE_MASK} counts
 * @param locals4 group of local IPv4 addresses; an address without a match has group 0, no resource
 * @param locals6 the same for IPv6
 * @param portClasses port class by {@link PortTable} entry
 * @param columns of the cells table for one interface class: a port class each, then {@link
 *     AnyPort}
 * @param interfaceClasses classes of the interfaces that resources name; any other has class 0
 * @param cells by (group × interface classes + interface class) × columns + column; the rows of
 *     port classes, and {@link AnyPort} cells
 * @param egress for packets that go out; empty if they need not be looked at
 * @param rows how a resource judges; row 0 stands for no resource and is never read
 * @param verdicts decisions with their bits, by a row's offset and source class
 * @param proxies how what balancers send on is judged; a verdict with {@link #PROXIED} has the
 *     place
 * @param endpoints class of private endpoints; any other has class 0
 * @param endpointClasses the members of each class, in the order that {@link #RULE_MASK} counts
 * @param decisions who the numbers in rows and verdicts are
 */
public record Image(
        PrefixTable sources4,
        PrefixTable sources6,
        List<List<Member>> classes,
        PrefixTable locals4,
        PrefixTable locals6,
        ImmutableIntArray portClasses,
        int columns,
        SortedMap<String, Integer> interfaceClasses,
        ImmutableIntArray cells,
        Optional<Egress> egress,
        List<Row> rows,
        ImmutableIntArray verdicts,
        List<Proxy> proxies,
        Map<PrivateEndpoint, Integer> endpoints,
        List<List<Member>> endpointClasses,
        DecisionIds decisions) {

    /** The bit of a decision that says that the packet is dropped. */
    public static final int DROP = 0x8000_0000;

    /** It passes, and is counted and reported as a denial that would have been. */
    public static final int AUDIT = 0x4000_0000;

    /** With {@link #DROP}: TCP is answered with RST. */
    public static final int RESET = 0x2000_0000;

    /** It depends on the name of the source, which is to be asked for. */
    public static final int ASK = 0x1000_0000;

    /**
     * Which member of the class decided: 0 for none, else its place from 1, the last for all
     * beyond.
     */
    public static final int RULE_MASK = 7 << 25;

    /** Where those bits begin. */
    public static final int RULE_SHIFT = 25;

    /**
     * It passes all the same if it belongs to a conversation that the other side of the host began;
     * in a row, from whatever source.
     */
    public static final int REPLIES = 0x0100_0000;

    /**
     * In a verdict: the source is a balancer, and the number that of an entry of {@link #proxies}.
     */
    public static final int PROXIED = 0x0080_0000;

    /** The number of the decision without any of these bits. */
    public static final int NUMBER = 0x007f_ffff;

    /**
     * With the number of a row in a cell: conversations that begin here are noted, because the
     * other direction can deny their answers.
     */
    public static final int NOTE = 0x4000_0000;

    /** The number of the row in such a cell. */
    public static final int ROW = 0x3fff_ffff;

    /**
     * @param decision the decision for every peer; 0 if it depends on the peer; with {@link
     *     Image#REPLIES} too, and then it is the one on answers
     * @param verdicts else the place in {@link Image#verdicts()} of the decision for class 0
     */
    public record Row(int decision, int verdicts) {
        /** Whether every peer gets the one decision. */
        public boolean isForEverybody() {
            return (decision & NUMBER) != 0 && (decision & REPLIES) == 0;
        }
    }

    /**
     * How a resource judges what balancers send on.
     *
     * <p>Both the original source and the endpoint have a decision each, and a rank that says which
     * of the two counts: the lower one as an unsigned number, and that of the source if they are
     * alike. Decisions have their bits.
     *
     * @param sources the place in {@link Image#verdicts()} of the decision for the original sources
     *     of class 0; {@code sourceRanks} that of its rank
     * @param endpoints the same for endpoints of class 0, like {@code endpointRanks}
     * @param handshake the decision on what comes before the header and has no data
     * @param ahead on data that comes ahead of the header
     * @param header on a header that is missing or wrong
     * @param local on a connection of the balancer's own
     * @param kept on one that was there before its header was asked for
     */
    public record Proxy(
            int sources,
            int sourceRanks,
            int endpoints,
            int endpointRanks,
            int handshake,
            int ahead,
            int header,
            int local,
            int kept) {}

    /**
     * What packets that go out are judged by.
     *
     * @param targets4 class of IPv4 destinations; an address without a match has class 0
     * @param targets6 the same for IPv6
     * @param classes the members of each class, in the order that {@link Image#RULE_MASK} counts
     * @param remotePorts class of remote ports by {@link PortTable} entry; empty if no rule asks
     * @param workloads class by cgroup, in the order of their ids; that of the innermost one around
     *     the sender counts, see {@link #workloadClass}
     * @param workloadClasses how many there are, with class 0
     * @param cells by ((group × interface classes + interface class) × workload classes + workload
     *     class) × columns + column; else as those of ingress. The verdicts of a row are by class
     *     of remote port × classes + class
     */
    public record Egress(
            PrefixTable targets4,
            PrefixTable targets6,
            List<List<Member>> classes,
            ImmutableIntArray remotePorts,
            SortedMap<Cgroup, Integer> workloads,
            int workloadClasses,
            ImmutableIntArray cells) {
        /** The class of what processes of a cgroup send. */
        public int workloadClass(Cgroup sender) {
            return workloads.entrySet().stream()
                    .filter(named -> named.getKey().holds(sender))
                    .max(Comparator.comparingInt(named -> named.getKey().depth()))
                    .map(Map.Entry::getValue)
                    .orElse(0);
        }
    }

    /** Columns of the cells table for one group, in units of {@code columns}. */
    public int interfaceClassCount() {
        return interfaceClasses.size() + 1;
    }

    /** Whether policies have a say in a direction; in what comes in, resources always have one. */
    public boolean judges(Direction direction) {
        return direction == Direction.INGRESS
                || egress.map(e -> !e.remotePorts.isEmpty()).orElse(false);
    }

    /** Entries of the tries of peers. */
    public int prefixes() {
        return sources4.size()
                + sources6.size()
                + egress.map(e -> e.targets4.size() + e.targets6.size()).orElse(0);
    }
}
