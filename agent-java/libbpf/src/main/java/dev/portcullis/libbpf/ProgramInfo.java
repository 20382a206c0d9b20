// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the kernel tells of a program (struct bpf_prog_info).
 *
 * @param name what the kernel keeps of the name: 15 bytes
 * @param type such as {@code xdp} or {@code sched_cls}
 * @param tag a digest of the instructions in hexadecimal, the same for the same program
 * @param loadedAfter the time from the host's boot to the program's load
 * @param mapIds the maps that the program uses
 * @param translatedSize the size of the verified program in bytes
 * @param jitedSize the size of the compiled program in bytes; 0 if it is interpreted
 * @param runCount how often it ran, if the kernel counts (kernel.bpf_stats_enabled)
 * @param runTime how long it ran altogether, likewise
 */
public record ProgramInfo(
        int id,
        String name,
        String type,
        String tag,
        Duration loadedAfter,
        List<Integer> mapIds,
        int translatedSize,
        int jitedSize,
        long runCount,
        Duration runTime) {
    private static final int SIZE = 232;
    private static final int NAME_LENGTH = 16;
    private static final int TAG_LENGTH = 8;
    private static final int MAX_MAPS = 64; // MAX_USED_MAPS of the kernel

    public ProgramInfo {
        mapIds = List.copyOf(mapIds);
    }

    static ProgramInfo read(Natives natives, int fd, Object subject) {
        Memory ids = new Memory(natives, MAX_MAPS * Integer.BYTES);
        Memory info = new Memory(natives, SIZE).putInt(52, MAX_MAPS).putLong(56, ids.address());
        natives.info(fd, info, subject);
        byte[] tag = new byte[TAG_LENGTH];
        info.bytes().get(8, tag);
        return new ProgramInfo(
                info.getInt(4),
                info.getString(64, NAME_LENGTH),
                typeName(natives, info.getInt(0)),
                HexFormat.of().formatHex(tag),
                Duration.ofNanos(info.getLong(40)),
                IntStream.range(0, Math.min(info.getInt(52), MAX_MAPS))
                        .mapToObj(i -> ids.getInt(i * Integer.BYTES))
                        .toList(),
                info.getInt(20),
                info.getInt(16),
                info.getLong(200),
                Duration.ofNanos(info.getLong(192)));
    }

    private static String typeName(Natives natives, int type) {
        long name = natives.objects.libbpf_bpf_prog_type_str(type);
        return name == 0 ? "type " + type : natives.string(name);
    }
}
