// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.ProgramInfo;
import java.time.Duration;
import java.util.Map;

/** Whether this kernel takes the programs from this process. */
public final class ProgramTrial {
    private static final Limits SMALL =
            new Limits(
                    1_000,
                    64,
                    1,
                    1,
                    1,
                    new ConversationLimits(4_096, Map.of()),
                    new DroppedLimits(4_096, 1),
                    new ProxiedLimits(4_096, Duration.ZERO));

    private ProgramTrial() {}

    /**
     * Loads all programs, with small maps, and lets go of them. Nothing is attached or pinned, and
     * no agent is in the way of it.
     *
     * @return what the kernel tells of the program that judges what comes in
     * @throws dev.portcullis.libbpf.BpfException if the kernel refuses
     */
    public static ProgramInfo run(Libbpf libbpf) {
        try (KernelObject object = KernelObject.loadNew(libbpf, SMALL)) {
            return object.ingress().info();
        }
    }
}
