// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.ListHistoryRequest;
import dev.portcullis.api.v1.ListHistoryResponse;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "history",
        description = {
            "Prints the revisions that the agent keeps, the newest first: when each came, who made it"
                    + " and from where, and what it changed. With a revision, that one with each of"
                    + " its changes.",
            "",
            "-o wide names every change; -o json prints an object a line."
        },
        footer = {
            "  portcullis history",
            "  portcullis history -n 5 -o wide",
            "  portcullis history 12",
            "  portcullis history -n 1000 -o json | jq -r 'select(.origin.owner == \"platform\").revision'"
        })
final class HistoryCommand implements Callable<Integer> {
    /** How to print: {@code wide} is for people too. */
    enum Format {
        table,
        wide,
        yaml,
        json
    }

    @ParentCommand private Portcullis portcullis;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "REVISION",
            description = "only this one, with each of its changes")
    private Long revision;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            description = "how many revisions (default: ${DEFAULT-VALUE})")
    private int limit;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description =
                    "how to print: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). yaml and"
                            + " json have the fields of proto/portcullis/v1.")
    private Format format;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw portcullis.wrong("--limit must be 1 or more");
        }
        if (revision != null && revision < 1) {
            throw portcullis.wrong("the revision must be 1 or more");
        }
        ListHistoryRequest.Builder request = ListHistoryRequest.newBuilder().setLimit(limit);
        if (revision != null) {
            request.setRevision(revision);
        }
        List<ListHistoryResponse> history;
        try (AgentConnection agent = portcullis.connect()) {
            history = agent.run(stub -> all(stub.listHistory(request.build())));
        }
        print(history);
        return ExitCodes.OK;
    }

    private static List<ListHistoryResponse> all(BlockingClientCall<?, ListHistoryResponse> parts)
            throws StatusException, InterruptedException {
        List<ListHistoryResponse> all = new ArrayList<>();
        for (ListHistoryResponse part = parts.read(); part != null; part = parts.read()) {
            all.add(part);
        }
        return all;
    }

    private void print(List<ListHistoryResponse> history) {
        StringBuilder text = new StringBuilder();
        switch (format) {
            case table, wide ->
                    text.append(
                            revision == null
                                    ? HistoryText.table(history, format == Format.wide)
                                    : HistoryText.one(history.get(0)));
            case yaml -> history.forEach(entry -> text.append(MessageText.yaml(entry)));
            case json -> history.forEach(entry -> text.append(MessageText.jsonLine(entry)));
        }
        portcullis.out().print(text);
        portcullis.out().flush();
    }
}
