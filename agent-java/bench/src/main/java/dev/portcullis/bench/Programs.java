// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.bench;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.InterfacePatterns;
import dev.portcullis.dataplane.Limits;
import dev.portcullis.libbpf.BpfObject;
import dev.portcullis.libbpf.Libbpf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** What is measured, and what it is compared with. */
final class Programs {
    private Programs() {}

    /** The data plane, attached to nothing. */
    static Dataplane dataplane(Libbpf libbpf, Path bpffs) {
        Dataplane.Options options =
                new Dataplane.Options(
                        bpffs, new InterfacePatterns(List.of()), List.of(), Limits.DEFAULT);
        return Dataplane.open(libbpf, options, DecisionIds.none());
    }

    /** The empty programs, and the one that changes sources. */
    static BpfObject bench(Libbpf libbpf) throws IOException {
        try (InputStream stream = Programs.class.getResourceAsStream("bench.bpf.o")) {
            BpfObject object = libbpf.open("bench", stream.readAllBytes());
            object.load();
            return object;
        }
    }
}
