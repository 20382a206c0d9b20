// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import java.util.SortedMap;

/**
 * One rule set as the kernel's tables hold it, without anything of a kernel in it. The kernel's
 * types.h tells what each table means.
 *
 * @param sources4 class of IPv4 sources; an address without a match has class 0
 * @param sources6 the same for IPv6
 * @param locals4 group of local IPv4 addresses; an address without a match has group 0, no resource
 * @param locals6 the same for IPv6
 * @param protectedGroups by group, whether any of its resources is protected
 * @param portClasses port class by {@link PortTable} entry
 * @param portClassCount columns of the cells table for one interface class
 * @param interfaceClasses classes of the interfaces that resources name; any other has class 0
 * @param cells row by (group × interface classes + interface class) × port classes + port class
 * @param rows how a resource judges; row 0 stands for no resource and is never read
 * @param verdicts decisions with {@link #DROP}, by a row's offset and source class
 * @param decisions who the numbers in rows and verdicts are
 */
public record Image(
        PrefixTable sources4,
        PrefixTable sources6,
        PrefixTable locals4,
        PrefixTable locals6,
        List<Boolean> protectedGroups,
        ImmutableIntArray portClasses,
        int portClassCount,
        SortedMap<String, Integer> interfaceClasses,
        ImmutableIntArray cells,
        List<Row> rows,
        ImmutableIntArray verdicts,
        DecisionIds decisions) {

    /** The bit of a decision that says that the packet is dropped. */
    public static final int DROP = 0x8000_0000;

    /**
     * @param decision the decision for every source; 0 if it depends on the source
     * @param verdicts else the place in {@link Image#verdicts()} of the decision for class 0
     */
    public record Row(int decision, int verdicts) {}

    /** Whether any resource is protected. */
    public boolean protects() {
        return protectedGroups.contains(true);
    }

    /** Columns of the cells table for one group, in units of {@code portClassCount}. */
    public int interfaceClassCount() {
        return interfaceClasses.size() + 1;
    }

    /** Entries of the source tries. */
    public int prefixes() {
        return sources4.size() + sources6.size();
    }
}
