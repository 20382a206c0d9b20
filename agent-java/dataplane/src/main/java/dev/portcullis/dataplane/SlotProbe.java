// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.nio.ByteBuffer;

/**
 * Asks how the rule set in one slot judges, whether or not packets are judged by it.
 *
 * @param slot or {@link KernelLayout#PROBE_LIVE}
 */
record SlotProbe(Probe probe, int slot) {
    /** How packets that come in are judged. */
    Probe.Answer arriving(ByteBuffer frame, int interfaceIndex) {
        return probe.run(frame, interfaceIndex, slot);
    }

    /**
     * How packets that go out are judged.
     *
     * @param workloadClass that of the sender; 0 for none
     */
    Probe.Answer leaving(ByteBuffer frame, int interfaceIndex, int workloadClass) {
        return probe.runLeaving(frame, interfaceIndex, slot, workloadClass);
    }
}
