// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a state directory was not as it was written.
 *
 * @param atStart what the start found, in words
 * @param files how many damaged files are kept, of this start and others
 * @param keptIn where they are
 */
public record Damage(List<String> atStart, int files, Path keptIn) {
    public Damage {
        atStart = List.copyOf(atStart);
    }

    /** What an operator should know. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(atStart);
        if (files > 0) {
            warnings.add(
                    (files == 1 ? "1 damaged file" : files + " damaged files")
                            + " of the state directory went to "
                            + keptIn
                            + ": look at the disk, then remove what is there");
        }
        return warnings;
    }
}
