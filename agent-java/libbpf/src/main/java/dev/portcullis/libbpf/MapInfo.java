// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/** What the kernel tells of a map (struct bpf_map_info). */
record MapInfo(
        int id, String name, MapType type, int keySize, int valueSize, int maxEntries, int flags) {
    private static final int SIZE = 88;
    private static final int NAME_LENGTH = 16;

    static MapInfo read(Natives natives, int fd, Object subject) {
        Memory info = natives.info(fd, new Memory(natives, SIZE), subject);
        return new MapInfo(
                info.getInt(4),
                info.getString(24, NAME_LENGTH),
                MapType.of(info.getInt(0)),
                info.getInt(8),
                info.getInt(12),
                info.getInt(16),
                info.getInt(20));
    }
}
