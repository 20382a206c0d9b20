// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The CPUs that run. A virtual machine often could have many more, for which the kernel reserves
 * the parts of its per-CPU maps.
 */
public final class OnlineCpus {
    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

    private OnlineCpus() {}

    public static int count() {
        try {
            return count(Files.readString(ONLINE).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param list as the kernel writes it, such as {@code 0-3,6}
     */
    public static int count(String list) {
        int count = 0;
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
        }
        return count;
    }
}
