// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.panama;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.portcullis.libbpf.spi.HandleFunctions;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** The functions of pins, ids and information. */
final class PanamaHandleFunctions implements HandleFunctions {
    private static final MethodHandle BPF_OBJ_PIN =
            Linking.libbpf("bpf_obj_pin", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_OBJ_GET =
            Linking.libbpf("bpf_obj_get", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_OBJ_GET_INFO_BY_FD =
            Linking.libbpf(
                    "bpf_obj_get_info_by_fd",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_MAP_GET_FD_BY_ID =
            Linking.libbpf("bpf_map_get_fd_by_id", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle BPF_PROG_GET_FD_BY_ID =
            Linking.libbpf("bpf_prog_get_fd_by_id", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    @Override
    public int bpf_obj_pin(int fd, long path) {
        try {
            return (int) BPF_OBJ_PIN.invokeExact(fd, path);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_obj_get(long path) {
        try {
            return (int) BPF_OBJ_GET.invokeExact(path);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_obj_get_info_by_fd(int fd, long info, long size) {
        try {
            return (int) BPF_OBJ_GET_INFO_BY_FD.invokeExact(fd, info, size);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map_get_fd_by_id(int id) {
        try {
            return (int) BPF_MAP_GET_FD_BY_ID.invokeExact(id);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_prog_get_fd_by_id(int id) {
        try {
            return (int) BPF_PROG_GET_FD_BY_ID.invokeExact(id);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }
}
