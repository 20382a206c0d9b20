// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.panama;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.portcullis.libbpf.spi.AttachFunctions;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** The functions of links, XDP, tc and test runs. */
final class PanamaAttachFunctions implements AttachFunctions {
    private static final MethodHandle BPF_LINK_CREATE =
            Linking.libbpf(
                    "bpf_link_create",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_LINK_UPDATE =
            Linking.libbpf(
                    "bpf_link_update",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_LINK_DETACH =
            Linking.libbpf("bpf_link_detach", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle BPF_XDP_QUERY =
            Linking.libbpf(
                    "bpf_xdp_query",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_TC_HOOK_CREATE =
            Linking.libbpf("bpf_tc_hook_create", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle BPF_TC_ATTACH =
            Linking.libbpf("bpf_tc_attach", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_TC_DETACH =
            Linking.libbpf("bpf_tc_detach", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_TC_QUERY =
            Linking.libbpf("bpf_tc_query", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_PROG_TEST_RUN_OPTS =
            Linking.libbpf(
                    "bpf_prog_test_run_opts", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

    @Override
    public int bpf_link_create(int program, int target, int attachType, long options) {
        try {
            return (int) BPF_LINK_CREATE.invokeExact(program, target, attachType, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_link_update(int link, int program, long options) {
        try {
            return (int) BPF_LINK_UPDATE.invokeExact(link, program, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_link_detach(int link) {
        try {
            return (int) BPF_LINK_DETACH.invokeExact(link);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_xdp_query(int ifindex, int flags, long options) {
        try {
            return (int) BPF_XDP_QUERY.invokeExact(ifindex, flags, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_tc_hook_create(long hook) {
        try {
            return (int) BPF_TC_HOOK_CREATE.invokeExact(hook);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_tc_attach(long hook, long options) {
        try {
            return (int) BPF_TC_ATTACH.invokeExact(hook, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_tc_detach(long hook, long options) {
        try {
            return (int) BPF_TC_DETACH.invokeExact(hook, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_tc_query(long hook, long options) {
        try {
            return (int) BPF_TC_QUERY.invokeExact(hook, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bpf_prog_test_run_opts(int program, long options) {
        try {
            return (int) BPF_PROG_TEST_RUN_OPTS.invokeExact(program, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }
}
