// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.ExplainRequest;
import dev.portcullis.api.v1.ExplainResponse;
import dev.portcullis.api.v1.Workload;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "explain",
        description = {
            "Runs a packet through the program in the kernel, and tells what becomes of it and which"
                    + " resource, policy and rule decided.",
            "",
            "The packet is never sent. Both verdicts end with exit code 0, unless --exit-code is"
                    + " given."
        },
        exitCodeList = {
            "0:answered",
            "1:refused or failed",
            "2:the command line is wrong",
            "3:no agent answers, or it may not be reached",
            "10:with --exit-code: the packet is dropped"
        },
        footer = {
            "  portcullis explain --from 203.0.113.9 --to 10.20.0.1:9200/tcp",
            "  portcullis explain --from [2001:db8::1]:40000 --to [2001:db8::9]:53/udp -o json",
            "  portcullis explain --from 10.20.0.1 --to 198.51.100.9:443/tcp --unit nginx.service",
            "  portcullis explain --exit-code --from 203.0.113.9 --to 10.20.0.1/icmp || echo shut"
        })
final class ExplainCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "ADDR[:PORT]",
            description = "the source address; IPv6 with a port in brackets")
    private String from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "ADDR:PORT/PROTOCOL",
            description =
                    "the destination address, port and protocol: 10.20.0.1:9200/tcp,"
                            + " 10.20.0.1/icmp")
    private String to;

    @Option(
            names = "--interface",
            paramLabel = "NAME",
            defaultValue = "",
            description =
                    "where the packet comes in or leaves (default: the first that is guarded)")
    private String interfaceName;

    @Option(
            names = "--direction",
            paramLabel = "DIRECTION",
            defaultValue = "",
            description =
                    "ingress or egress (default: egress if only the source is an address of the"
                            + " agent's host)")
    private String direction;

    @Option(
            names = "--unit",
            paramLabel = "UNIT",
            defaultValue = "",
            description = "the systemd unit whose process sends what leaves")
    private String unit;

    @Option(
            names = "--cgroup",
            paramLabel = "PATH",
            defaultValue = "",
            description = "the same by its cgroup, as in /proc/PID/cgroup")
    private String cgroup;

    @Option(names = "--exit-code", description = "end with 10 if the packet is dropped")
    private boolean exitCode;

    @Override
    public Integer call() {
        ExplainResponse answer;
        try (AgentConnection agent = portcullis.connect()) {
            answer = agent.ask(stub -> stub.explain(request()));
        }
        portcullis
                .out()
                .print(
                        switch (output.format) {
                            case table -> text(answer);
                            case yaml -> MessageText.yaml(answer);
                            case json -> MessageText.json(answer);
                        });
        portcullis.out().flush();
        return exitCode && answer.getVerdict().equals("DROP") ? ExitCodes.DROPPED : ExitCodes.OK;
    }

    private ExplainRequest request() {
        ExplainRequest.Builder request =
                ExplainRequest.newBuilder()
                        .setFrom(from)
                        .setTo(to)
                        .setInterface(interfaceName)
                        .setDirection(direction);
        if (!unit.isEmpty() || !cgroup.isEmpty()) {
            request.setWorkload(Workload.newBuilder().setUnit(unit).setCgroup(cgroup));
        }
        return request.build();
    }

    static String text(ExplainResponse answer) {
        StringBuilder text = new StringBuilder();
        line(text, "verdict", answer.getVerdict() + (answer.getAudit() ? " (audit)" : ""));
        line(text, "reason", answer.getReason());
        line(text, "resource", answer.getResource());
        line(text, "policy", answer.getPolicy());
        line(text, "rule", rule(answer));
        line(text, "direction", answer.getDirection());
        line(text, "interface", answer.getInterface());
        line(text, "generation", Long.toUnsignedString(answer.getGeneration()));
        return text.append('\n').append(answer.getExplanation()).append('\n').toString();
    }

    private static String rule(ExplainResponse answer) {
        if (answer.getRule().isEmpty()) {
            return "";
        }
        String description = answer.getRuleDescription();
        return answer.getRule()
                + " ("
                + answer.getRuleField()
                + (description.isEmpty() ? "" : ", " + description)
                + ")";
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-13s%s%n", name, value.isEmpty() ? "-" : value));
    }
}
