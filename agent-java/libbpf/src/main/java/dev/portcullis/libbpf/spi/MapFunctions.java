// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.spi;

/** Maps ({@code bpf/bpf.h}). Every function returns a negative error number on failure. */
@SuppressWarnings("MemberName") // The names are those of the C functions, by which they are found.
public interface MapFunctions {
    int bpf_map_create(
            int type, long name, int keySize, int valueSize, int maxEntries, long options);

    int bpf_map_lookup_elem(int fd, long key, long value);

    int bpf_map_update_elem(int fd, long key, long value, long flags);

    int bpf_map_delete_elem(int fd, long key);

    int bpf_map_get_next_key(int fd, long key, long nextKey);

    int bpf_map_update_batch(int fd, long keys, long values, long count, long options);

    int bpf_map_delete_batch(int fd, long keys, long count, long options);

    int bpf_map_lookup_batch(
            int fd, long inBatch, long outBatch, long keys, long values, long count, long options);

    int bpf_map_freeze(int fd);
}
