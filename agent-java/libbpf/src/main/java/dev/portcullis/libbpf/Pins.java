// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.file.Path;
import java.util.Optional;

/** Finds what is pinned in a bpffs. */
final class Pins {
    private final Natives natives;

    Pins(Natives natives) {
        this.natives = natives;
    }

    /**
     * Opens a pin and makes sure of its kind.
     *
     * @return a descriptor that the caller owns; empty if nothing is pinned there
     */
    Optional<Integer> open(Path path, String what, String kind) {
        Memory name = Memory.string(natives, path.toString());
        int fd = natives.handles.bpf_obj_get(name.address());
        name.keep();
        if (fd == -Errno.ENOENT.number()) {
            return Optional.empty();
        }
        natives.check(fd, "open", what + " pinned at " + path);
        String found = Fd.kind(fd);
        if (!found.equals(kind)) {
            natives.libc.close(fd);
            throw new BpfException(
                    "open",
                    what + " pinned at " + path,
                    Errno.EINVAL.number(),
                    "it is a " + found + " instead of a " + kind);
        }
        return Optional.of(fd);
    }
}
