// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.panama;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.portcullis.libbpf.spi.ObjectFunctions;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** The functions of libbpf itself and BPF objects. */
final class PanamaObjectFunctions implements ObjectFunctions {
    private static final MethodHandle LIBBPF_VERSION_STRING =
            Linking.libbpf("libbpf_version_string", FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle LIBBPF_NUM_POSSIBLE_CPUS =
            Linking.libbpf("libbpf_num_possible_cpus", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle LIBBPF_SET_PRINT =
            Linking.libbpf("libbpf_set_print", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle LIBBPF_BPF_PROG_TYPE_STR =
            Linking.libbpf("libbpf_bpf_prog_type_str", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    private static final MethodHandle BPF_OBJECT_OPEN_MEM =
            Linking.libbpf(
                    "bpf_object__open_mem",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linking.ERRNO);
    private static final MethodHandle BPF_OBJECT_LOAD =
            Linking.libbpf("bpf_object__load", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_OBJECT_CLOSE =
            Linking.libbpf("bpf_object__close", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle BPF_OBJECT_NEXT_MAP =
            Linking.libbpf(
                    "bpf_object__next_map", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_OBJECT_FIND_MAP_BY_NAME =
            Linking.libbpf(
                    "bpf_object__find_map_by_name",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linking.ERRNO);
    private static final MethodHandle BPF_OBJECT_NEXT_PROGRAM =
            Linking.libbpf(
                    "bpf_object__next_program",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_MAP_NAME =
            Linking.libbpf("bpf_map__name", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_MAP_FD =
            Linking.libbpf("bpf_map__fd", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_MAP_TYPE =
            Linking.libbpf("bpf_map__type", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_MAP_KEY_SIZE =
            Linking.libbpf("bpf_map__key_size", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_MAP_VALUE_SIZE =
            Linking.libbpf("bpf_map__value_size", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_MAP_MAX_ENTRIES =
            Linking.libbpf("bpf_map__max_entries", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_MAP_SET_MAX_ENTRIES =
            Linking.libbpf(
                    "bpf_map__set_max_entries",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle BPF_MAP_SET_INNER_MAP_FD =
            Linking.libbpf(
                    "bpf_map__set_inner_map_fd",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle BPF_MAP_REUSE_FD =
            Linking.libbpf(
                    "bpf_map__reuse_fd", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle BPF_MAP_INITIAL_VALUE =
            Linking.libbpf(
                    "bpf_map__initial_value",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_PROGRAM_NAME =
            Linking.libbpf("bpf_program__name", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_PROGRAM_FD =
            Linking.libbpf("bpf_program__fd", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_PROGRAM_SET_LOG_BUF =
            Linking.libbpf(
                    "bpf_program__set_log_buf",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    @Override
    public long libbpf_version_string() {
        try {
            return (long) LIBBPF_VERSION_STRING.invokeExact();
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int libbpf_num_possible_cpus() {
        try {
            return (int) LIBBPF_NUM_POSSIBLE_CPUS.invokeExact();
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long libbpf_set_print(long function) {
        try {
            return (long) LIBBPF_SET_PRINT.invokeExact(function);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long libbpf_bpf_prog_type_str(int type) {
        try {
            return (long) LIBBPF_BPF_PROG_TYPE_STR.invokeExact(type);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long bpf_object__open_mem(long elf, long size, long options) {
        try {
            return (long)
                    BPF_OBJECT_OPEN_MEM.invokeExact(CapturedErrno.state(), elf, size, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_object__load(long object) {
        try {
            return (int) BPF_OBJECT_LOAD.invokeExact(object);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public void bpf_object__close(long object) {
        try {
            BPF_OBJECT_CLOSE.invokeExact(object);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long bpf_object__next_map(long object, long map) {
        try {
            return (long) BPF_OBJECT_NEXT_MAP.invokeExact(object, map);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long bpf_object__find_map_by_name(long object, long name) {
        try {
            return (long)
                    BPF_OBJECT_FIND_MAP_BY_NAME.invokeExact(CapturedErrno.state(), object, name);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long bpf_object__next_program(long object, long program) {
        try {
            return (long) BPF_OBJECT_NEXT_PROGRAM.invokeExact(object, program);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long bpf_map__name(long map) {
        try {
            return (long) BPF_MAP_NAME.invokeExact(map);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map__fd(long map) {
        try {
            return (int) BPF_MAP_FD.invokeExact(map);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map__type(long map) {
        try {
            return (int) BPF_MAP_TYPE.invokeExact(map);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map__key_size(long map) {
        try {
            return (int) BPF_MAP_KEY_SIZE.invokeExact(map);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map__value_size(long map) {
        try {
            return (int) BPF_MAP_VALUE_SIZE.invokeExact(map);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map__max_entries(long map) {
        try {
            return (int) BPF_MAP_MAX_ENTRIES.invokeExact(map);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map__set_max_entries(long map, int entries) {
        try {
            return (int) BPF_MAP_SET_MAX_ENTRIES.invokeExact(map, entries);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map__set_inner_map_fd(long map, int fd) {
        try {
            return (int) BPF_MAP_SET_INNER_MAP_FD.invokeExact(map, fd);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map__reuse_fd(long map, int fd) {
        try {
            return (int) BPF_MAP_REUSE_FD.invokeExact(map, fd);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long bpf_map__initial_value(long map, long size) {
        try {
            return (long) BPF_MAP_INITIAL_VALUE.invokeExact(map, size);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long bpf_program__name(long program) {
        try {
            return (long) BPF_PROGRAM_NAME.invokeExact(program);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_program__fd(long program) {
        try {
            return (int) BPF_PROGRAM_FD.invokeExact(program);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_program__set_log_buf(long program, long buffer, long size) {
        try {
            return (int) BPF_PROGRAM_SET_LOG_BUF.invokeExact(program, buffer, size);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }
}
