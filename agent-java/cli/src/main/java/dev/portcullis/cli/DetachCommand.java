// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.DetachRequest;
import dev.portcullis.api.v1.DetachResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "detach",
        description = {
            "Takes Portcullis off every interface: from then on everything passes.",
            "",
            "Stopping the agent does not do this: the kernel goes on judging by the last rules. The"
                    + " stored objects stay, and the next start of the agent guards the interfaces"
                    + " again."
        },
        footer = {
            "  portcullis detach --dry-run",
            "  portcullis detach",
            "  portcullis detach --bpffs /sys/fs/bpf/portcullis   without an agent"
        })
final class DetachCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;

    @Option(names = "--dry-run", description = "tell what would be opened, and change nothing")
    private boolean dryRun;

    @Option(
            names = "--bpffs",
            paramLabel = "DIR",
            description =
                    "do it here, on the kernel objects that are pinned in this directory, when there"
                            + " is no agent to ask (as root)")
    private Path bpffs;

    @Override
    public Integer call() {
        DetachResponse response = bpffs == null ? throughAgent() : directly();
        portcullis
                .out()
                .print(
                        switch (output.format) {
                            case table -> text(response);
                            case yaml -> MessageText.yaml(response);
                            case json -> MessageText.json(response);
                        });
        portcullis.out().flush();
        return ExitCodes.OK;
    }

    private DetachResponse throughAgent() {
        DetachRequest request = DetachRequest.newBuilder().setDryRun(dryRun).build();
        try (AgentConnection agent = portcullis.connect()) {
            return agent.ask(stub -> stub.detach(request));
        } catch (CommandFailure failure) {
            if (failure.exitCode() != ExitCodes.UNREACHABLE) {
                throw failure;
            }
            throw CommandFailure.unreachable(
                    failure.getMessage()
                            + "; or detach without it: portcullis detach --bpffs"
                            + " /sys/fs/bpf/portcullis",
                    failure);
        }
    }

    private DetachResponse directly() {
        if (dryRun) {
            throw portcullis.wrong("--dry-run asks the agent, and --bpffs does without it");
        }
        if (!Files.isDirectory(bpffs)) {
            throw CommandFailure.refused(
                    bpffs
                            + " is no directory that can be read: name the bpffs of agent.yaml, as root");
        }
        List<String> interfaces = PinnedObjects.detachAll(bpffs);
        return DetachResponse.newBuilder().addAllInterfaces(interfaces).build();
    }

    private String text(DetachResponse response) {
        StringBuilder text = new StringBuilder();
        String verb = dryRun ? "would be detached: " : "detached: ";
        if (response.getInterfacesCount() == 0) {
            text.append("no interface is guarded\n");
        }
        response.getInterfacesList().forEach(name -> text.append(verb).append(name).append('\n'));
        String open = dryRun ? "would be open: " : "open now: ";
        response.getOpenedResourcesList()
                .forEach(name -> text.append(open).append("resource ").append(name).append('\n'));
        return text.toString();
    }
}
