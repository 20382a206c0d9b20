// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import dev.portcullis.dataplane.ProgramTrial;
import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.ProgramInfo;
import java.util.Optional;

/**
 * What came of loading the programs; nothing at all without libbpf.
 *
 * @param loaded the program that judges what comes in
 * @param refusal why the kernel did not take them
 */
record Trial(Optional<ProgramInfo> loaded, Optional<BpfException> refusal) {
    static final Trial NONE = new Trial(Optional.empty(), Optional.empty());

    static Trial of(Libbpf libbpf) {
        try {
            return new Trial(Optional.of(ProgramTrial.run(libbpf)), Optional.empty());
        } catch (BpfException e) {
            return new Trial(Optional.empty(), Optional.of(e));
        }
    }

    /** Whether the kernel compiled them, if it took them. */
    Optional<Boolean> compiled() {
        return loaded.map(program -> program.jitedSize() > 0);
    }
}
