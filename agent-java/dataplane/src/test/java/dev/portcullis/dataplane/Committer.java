// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A process of its own that takes over, commits and ends, which {@link DeathTest} has killed. */
final class Committer {
    private Committer() {}

    /**
     * @param arguments the directory of pins, the interface, how many decisions there is room for,
     *     the source to let in, and the file to make before anything changes
     */
    public static void main(String[] arguments) throws Exception {
        Dataplane.Options options =
                new Dataplane.Options(
                        Path.of(arguments[0]),
                        new InterfacePatterns(List.of(arguments[1])),
                        List.of(),
                        new Limits(1_000, Integer.parseInt(arguments[2]), 10));
        DesiredState state =
                States.everything(
                        States.ip("in", arguments[3] + "/32"),
                        States.out("out", arguments[3] + "/32"));
        try (Dataplane dataplane = Dataplane.open(Libbpf.get(), options, DecisionIds.none())) {
            Files.createFile(Path.of(arguments[4]));
            dataplane.commit(state, Environment.of(HostAddresses.of(List.of())));
        }
    }
}
