// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.util.Optional;

/**
 * A map to be made.
 *
 * @param name up to 15 letters, digits, dots and underscores; the kernel keeps no more
 * @param keySize in bytes
 * @param valueSize in bytes, of one CPU's value for a per-CPU map
 * @param maxEntries for a ring buffer its size in bytes, a power of two and of whole pages
 * @param flags of {@link MapFlags}
 * @param inner for a map of maps, a map like those that it will hold
 */
public record MapOptions(
        MapType type,
        String name,
        int keySize,
        int valueSize,
        int maxEntries,
        int flags,
        Optional<BpfMap> inner) {

    public static MapOptions of(
            MapType type, String name, int keySize, int valueSize, int maxEntries) {
        int flags = type == MapType.LPM_TRIE ? MapFlags.NO_PREALLOC : 0;
        return new MapOptions(type, name, keySize, valueSize, maxEntries, flags, Optional.empty());
    }

    public static MapOptions hash(String name, int keySize, int valueSize, int maxEntries) {
        return of(MapType.HASH, name, keySize, valueSize, maxEntries);
    }

    public static MapOptions array(String name, int valueSize, int maxEntries) {
        return of(MapType.ARRAY, name, Integer.BYTES, valueSize, maxEntries);
    }

    /** A trie for longest-prefix match, with the flag that it needs. */
    public static MapOptions lpmTrie(String name, int keySize, int valueSize, int maxEntries) {
        return of(MapType.LPM_TRIE, name, keySize, valueSize, maxEntries);
    }

    /** An array of maps like {@code inner}, which may be closed once the array is made. */
    public static MapOptions arrayOfMaps(String name, int maxEntries, BpfMap inner) {
        return of(MapType.ARRAY_OF_MAPS, name, Integer.BYTES, Integer.BYTES, maxEntries)
                .withInner(inner);
    }

    /**
     * @param size in bytes, a power of two and of whole pages
     */
    public static MapOptions ringBuffer(String name, int size) {
        return of(MapType.RINGBUF, name, 0, 0, size);
    }

    public MapOptions withName(String newName) {
        return new MapOptions(type, newName, keySize, valueSize, maxEntries, flags, inner);
    }

    public MapOptions withMaxEntries(int entries) {
        return new MapOptions(type, name, keySize, valueSize, entries, flags, inner);
    }

    /** Adds flags to those there are. */
    public MapOptions withFlags(int more) {
        return new MapOptions(type, name, keySize, valueSize, maxEntries, flags | more, inner);
    }

    public MapOptions withInner(BpfMap map) {
        return new MapOptions(type, name, keySize, valueSize, maxEntries, flags, Optional.of(map));
    }
}
