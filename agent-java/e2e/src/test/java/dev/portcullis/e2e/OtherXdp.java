// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.nio.file.Path;
import java.util.List;

/** An XDP program of somebody else, by the name {@code somebody}, that passes everything. */
final class OtherXdp {
    private OtherXdp() {}

    /**
     * @param directory for its object file
     */
    static void attach(String namespace, String device, Path directory) {
        String object = directory.resolve("somebody.o").toString();
        Command.run(
                        List.of(
                                "clang", "-target", "bpf", "-O2", "-g", "-x", "c", "-", "-c", "-o",
                                object),
                        "__attribute__((section(\"xdp\"), used)) int somebody(void *ctx) { return 2; }")
                .ok();
        Network.ip("-n", namespace, "link", "set", device, "xdp", "obj", object, "sec", "xdp");
    }

    static void detach(String namespace, String device) {
        Network.ip("-n", namespace, "link", "set", device, "xdp", "off");
    }
}
