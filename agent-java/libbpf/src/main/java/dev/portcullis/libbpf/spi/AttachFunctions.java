// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.spi;

/**
 * Programs at work: links, XDP, tc and test runs. Every function returns a negative error number on
 * failure.
 */
@SuppressWarnings("MemberName") // The names are those of the C functions, by which they are found.
public interface AttachFunctions {
    int bpf_link_create(int program, int target, int attachType, long options);

    int bpf_link_update(int link, int program, long options);

    int bpf_link_detach(int link);

    int bpf_xdp_query(int ifindex, int flags, long options);

    int bpf_tc_hook_create(long hook);

    int bpf_tc_attach(long hook, long options);

    int bpf_tc_detach(long hook, long options);

    int bpf_tc_query(long hook, long options);

    int bpf_prog_test_run_opts(int program, long options);
}
