// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/** A part of one slot's rule set, in a map of its own. */
interface SlotTable {
    /** Where the map is. */
    InnerMap inner();

    /** What the map holds is unknown from now on; the next write makes a new one. */
    void forget();
}
