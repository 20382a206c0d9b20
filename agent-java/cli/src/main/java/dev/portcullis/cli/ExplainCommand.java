// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.ExplainRequest;
import dev.portcullis.api.v1.ExplainResponse;
import dev.portcullis.api.v1.Original;
import dev.portcullis.api.v1.Workload;
import java.math.BigInteger;
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
            "  portcullis explain --from 10.20.0.5 --to 10.20.0.1:9200/tcp --proxied-from 198.51.100.7"
                    + " --vpce vpce-08d2bf15fac5001c9",
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

    @Option(
            names = "--proxied-from",
            paramLabel = "ADDR",
            defaultValue = "",
            description =
                    "the original client that a balancer, --from, sends the connection on for, as"
                            + " its PROXY header says")
    private String proxiedFrom;

    @Option(
            names = "--vpce",
            paramLabel = "ID",
            defaultValue = "",
            description = "the AWS VPC endpoint that the client came by, as that header says")
    private String vpce;

    @Option(
            names = "--azure-link-id",
            paramLabel = "N",
            description = "the same, the link identifier of an Azure private endpoint")
    private Long azureLinkId;

    @Option(
            names = "--psc-connection-id",
            paramLabel = "N",
            description = "the same, the connection id of GCP Private Service Connect")
    private BigInteger pscConnectionId;

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
        Original.Builder original = Original.newBuilder().setSource(proxiedFrom).setVpce(vpce);
        if (azureLinkId != null) {
            require("--azure-link-id", BigInteger.valueOf(azureLinkId), Integer.SIZE);
            original.setAzureLinkId((int) (long) azureLinkId);
        }
        if (pscConnectionId != null) {
            require("--psc-connection-id", pscConnectionId, Long.SIZE);
            original.setPscConnectionId(pscConnectionId.longValue());
        }
        if (!original.build().equals(Original.getDefaultInstance())) {
            request.setOriginal(original);
        }
        return request.build();
    }

    private void require(String option, BigInteger number, int bits) {
        if (number.signum() < 0 || number.bitLength() > bits) {
            throw portcullis.wrong(option + " must be an unsigned number of " + bits + " bits");
        }
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
