// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.spi;

/** libbpf itself, and BPF objects before and while they are loaded ({@code bpf/libbpf.h}). */
@SuppressWarnings("MemberName") // The names are those of the C functions, by which they are found.
public interface ObjectFunctions {
    long libbpf_version_string();

    int libbpf_num_possible_cpus();

    long libbpf_set_print(long function);

    /** The name of a program type, or 0 for one newer than the library. */
    long libbpf_bpf_prog_type_str(int type);

    /** Returns 0 and sets errno on failure. */
    long bpf_object__open_mem(long elf, long size, long options);

    int bpf_object__load(long object);

    void bpf_object__close(long object);

    /** Returns 0 after the last one. */
    long bpf_object__next_map(long object, long map);

    /** Returns 0 and sets errno if there is none. */
    long bpf_object__find_map_by_name(long object, long name);

    /** Returns 0 after the last one. */
    long bpf_object__next_program(long object, long program);

    long bpf_map__name(long map);

    int bpf_map__fd(long map);

    int bpf_map__type(long map);

    int bpf_map__key_size(long map);

    int bpf_map__value_size(long map);

    int bpf_map__max_entries(long map);

    int bpf_map__set_max_entries(long map, int entries);

    int bpf_map__set_inner_map_fd(long map, int fd);

    int bpf_map__reuse_fd(long map, int fd);

    /** Returns 0 if the map has no initial value; writes the value's size to {@code size}. */
    long bpf_map__initial_value(long map, long size);

    long bpf_program__name(long program);

    int bpf_program__fd(long program);

    int bpf_program__set_log_buf(long program, long buffer, long size);
}
