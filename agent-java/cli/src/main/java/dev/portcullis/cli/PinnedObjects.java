// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The kernel objects of an agent that does not run. */
final class PinnedObjects {
    private PinnedObjects() {}

    /** Takes the programs off, and returns the names of the interfaces. */
    static List<String> detachAll(Path bpffs) {
        if (!Files.exists(bpffs.resolve("links"))) {
            return List.of();
        }
        throw CommandFailure.refused(
                "can't detach below " + bpffs + " without an agent yet: start it and use detach");
    }
}
