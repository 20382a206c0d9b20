// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.spi;

/**
 * Pins, ids and information, the same for maps, programs and links ({@code bpf/bpf.h}). Every
 * function returns a negative error number on failure.
 */
@SuppressWarnings("MemberName") // The names are those of the C functions, by which they are found.
public interface HandleFunctions {
    int bpf_obj_pin(int fd, long path);

    int bpf_obj_get(long path);

    int bpf_obj_get_info_by_fd(int fd, long info, long size);

    int bpf_map_get_fd_by_id(int id);

    int bpf_prog_get_fd_by_id(int id);
}
