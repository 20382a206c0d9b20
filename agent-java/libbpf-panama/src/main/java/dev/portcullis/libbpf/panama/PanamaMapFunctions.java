// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.panama;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.portcullis.libbpf.spi.MapFunctions;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** The functions of maps. */
final class PanamaMapFunctions implements MapFunctions {
    private static final MethodHandle BPF_MAP_CREATE =
            Linking.libbpf(
                    "bpf_map_create",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    private static final MethodHandle BPF_MAP_LOOKUP_ELEM =
            Linking.libbpf(
                    "bpf_map_lookup_elem",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_MAP_UPDATE_ELEM =
            Linking.libbpf(
                    "bpf_map_update_elem",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_MAP_DELETE_ELEM =
            Linking.libbpf(
                    "bpf_map_delete_elem", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_MAP_GET_NEXT_KEY =
            Linking.libbpf(
                    "bpf_map_get_next_key",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_MAP_UPDATE_BATCH =
            Linking.libbpf(
                    "bpf_map_update_batch",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_MAP_DELETE_BATCH =
            Linking.libbpf(
                    "bpf_map_delete_batch",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_MAP_LOOKUP_BATCH =
            Linking.libbpf(
                    "bpf_map_lookup_batch",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                            JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_MAP_FREEZE =
            Linking.libbpf("bpf_map_freeze", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    @Override
    public int bpf_map_create(
            int type, long name, int keySize, int valueSize, int maxEntries, long options) {
        try {
            return (int)
                    BPF_MAP_CREATE.invokeExact(type, name, keySize, valueSize, maxEntries, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map_lookup_elem(int fd, long key, long value) {
        try {
            return (int) BPF_MAP_LOOKUP_ELEM.invokeExact(fd, key, value);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map_update_elem(int fd, long key, long value, long flags) {
        try {
            return (int) BPF_MAP_UPDATE_ELEM.invokeExact(fd, key, value, flags);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map_delete_elem(int fd, long key) {
        try {
            return (int) BPF_MAP_DELETE_ELEM.invokeExact(fd, key);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map_get_next_key(int fd, long key, long nextKey) {
        try {
            return (int) BPF_MAP_GET_NEXT_KEY.invokeExact(fd, key, nextKey);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map_update_batch(int fd, long keys, long values, long count, long options) {
        try {
            return (int) BPF_MAP_UPDATE_BATCH.invokeExact(fd, keys, values, count, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map_delete_batch(int fd, long keys, long count, long options) {
        try {
            return (int) BPF_MAP_DELETE_BATCH.invokeExact(fd, keys, count, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map_lookup_batch(
            int fd, long inBatch, long outBatch, long keys, long values, long count, long options) {
        try {
            return (int)
                    BPF_MAP_LOOKUP_BATCH.invokeExact(
                            fd, inBatch, outBatch, keys, values, count, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_map_freeze(int fd) {
        try {
            return (int) BPF_MAP_FREEZE.invokeExact(fd);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }
}
