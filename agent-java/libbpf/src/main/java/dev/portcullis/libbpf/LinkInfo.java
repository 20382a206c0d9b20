// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/**
 * What the kernel tells of a link (struct bpf_link_info).
 *
 * @param type {@code xdp}, {@code tcx}, or another type's number
 * @param programId the program that runs
 * @param ifindex the interface; 0 once the link is detached or the interface is gone
 */
public record LinkInfo(int id, String type, int programId, int ifindex) {
    private static final int SIZE = 48;

    static LinkInfo read(Natives natives, int fd, Object subject) {
        Memory info = natives.info(fd, new Memory(natives, SIZE), subject);
        String type = typeName(info.getInt(0));
        int ifindex = type.startsWith("type ") ? 0 : info.getInt(16);
        return new LinkInfo(info.getInt(4), type, info.getInt(8), ifindex);
    }

    /** The types of enum bpf_link_type that hang on an interface. */
    private static String typeName(int type) {
        return switch (type) {
            case 6 -> "xdp";
            case 11 -> "tcx";
            case 13 -> "netkit";
            default -> "type " + type;
        };
    }
}
