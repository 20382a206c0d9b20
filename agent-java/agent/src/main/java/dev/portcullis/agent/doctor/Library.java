// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.spi.LibbpfUnavailableException;
import java.util.Optional;

/**
 * libbpf, or why it can't be used.
 *
 * @param problem a sentence; empty if there is libbpf
 */
record Library(Optional<Libbpf> libbpf, String problem) {
    static Library load() {
        try {
            return new Library(Optional.of(Libbpf.get()), "");
        } catch (LibbpfUnavailableException e) {
            return new Library(Optional.empty(), e.getMessage());
        }
    }
}
