// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.util.Optional;

/** Makes maps (struct bpf_map_create_opts). */
final class MapCreation {
    private static final int SIZE = 48;

    private MapCreation() {}

    static BpfMap create(Natives natives, MapOptions map) {
        Memory options = new Memory(natives, SIZE).putLong(0, SIZE).putInt(28, map.flags());
        map.inner().ifPresent(inner -> options.putInt(24, inner.fd()));
        Memory name = Memory.string(natives, map.name());
        int fd =
                natives.maps.bpf_map_create(
                        map.type().number(),
                        name.address(),
                        map.keySize(),
                        map.valueSize(),
                        map.maxEntries(),
                        options.address());
        name.keep();
        options.keep();
        natives.check(fd, "create", "map " + map.name());
        return BpfMap.own(natives, fd, Optional.of(map.name()));
    }
}
