// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent;

import dev.portcullis.agent.config.AgentConfig;
import dev.portcullis.agent.control.Control;
import dev.portcullis.agent.control.StartPoint;
import dev.portcullis.agent.control.Vocabulary;
import dev.portcullis.agent.endpoints.EndpointBook;
import dev.portcullis.agent.names.NameBook;
import dev.portcullis.agent.sets.AddressSets;
import dev.portcullis.agent.store.KeptFile;
import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.workloads.WorkloadBook;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.libbpf.Libbpf;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The stored objects, in force in the kernel: what the daemon and the loader of a boot have in
 * common.
 *
 * @param times when rules last matched, for the agent after this one
 * @param answers what DNS has said, likewise
 */
record Enforcement(
        Store store,
        Dataplane dataplane,
        NameBook names,
        AddressSets sets,
        Control control,
        KeptFile times,
        KeptFile answers) {
    /**
     * Makes the kernel judge by what the store holds.
     *
     * @param parts gets what has to be closed
     * @param force whether this may cut sessions of SSH, by a failsafe list that was narrowed
     * @throws dev.portcullis.agent.store.StoreException if nothing that was stored is whole
     * @throws dev.portcullis.dataplane.DataplaneException if the kernel refuses
     * @throws dev.portcullis.agent.control.Refusal if what is stored can't be enforced
     */
    static Enforcement begin(
            AgentConfig config,
            boolean force,
            Libbpf libbpf,
            Control.CommitListener listener,
            Parts parts) {
        Store store = parts.opened(Store.open(config.stateDirectory(), config.revisions()));
        StartPoint from = StartPoint.of(store);
        Dataplane dataplane =
                parts.opened(Dataplane.open(libbpf, config.dataplane(), from.decisions()));
        Path directory = config.stateDirectory();
        KeptFile times = kept(directory, "rule-times", () -> dataplane.ruleTimes().save(), parts);
        times.restore(dataplane::restoreTimes);
        NameBook names = parts.opened(new NameBook(config.dns()));
        KeptFile answers = kept(directory, "names", names::save, parts);
        answers.restore(names::restore);
        AddressSets sets = parts.opened(AddressSets.open(directory));
        WorkloadBook workloads = parts.opened(WorkloadBook.ofHost());
        EndpointBook endpoints = parts.opened(EndpointBook.open(config.azureConnections()));
        parts.opened(dataplane.watchAsks(names::ask));
        Control control =
                Control.start(
                        store,
                        from,
                        dataplane,
                        new Vocabulary(sets, names, workloads, endpoints),
                        config.quota(),
                        config::sshPorts,
                        force,
                        listener);
        return new Enforcement(store, dataplane, names, sets, control, times, answers);
    }

    private static KeptFile kept(
            Path directory, String name, Supplier<byte[]> content, Parts parts) {
        return parts.opened(new KeptFile(directory, name, content));
    }
}
