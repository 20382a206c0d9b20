// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.agent.doctor.Doctor;
import dev.portcullis.agent.doctor.Finding;
import dev.portcullis.agent.doctor.Result;
import dev.portcullis.api.v1.HostFinding;
import dev.portcullis.api.v1.HostReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "doctor",
        description = {
            "Checks whether this host can guard its interfaces, and says what to do where it can't"
                    + " or could do it better.",
            "",
            "It looks at this host by itself, whether an agent runs or not, and changes nothing."
                    + " Run it as root: other users may not look at everything, which it tells."
        },
        exitCodeList = {
            "0:nothing failed; there may be warnings",
            "1:something failed, so that the agent will not start or will not guard",
            "2:the command line is wrong"
        },
        footer = {
            "  portcullis doctor",
            "  portcullis doctor --config /etc/portcullis/agent.yaml",
            "  portcullis doctor -o json | jq '.findings[] | select(.result == \"failed\")'"
        })
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "/etc/portcullis/agent.yaml",
            description = "the agent's configuration (default: ${DEFAULT-VALUE})")
    private Path config;

    @Override
    public Integer call() {
        ClientLogging.quietLibbpf();
        HostReport report = report(Doctor.examine(config));
        portcullis
                .out()
                .print(
                        switch (output.format) {
                            case table -> DoctorText.of(report);
                            case yaml -> MessageText.yaml(report);
                            case json -> MessageText.json(report);
                        });
        portcullis.out().flush();
        return report.getFailed() == 0 ? ExitCodes.OK : ExitCodes.REFUSED;
    }

    private static HostReport report(List<Finding> findings) {
        HostReport.Builder report =
                HostReport.newBuilder()
                        .setOk(count(findings, Result.OK))
                        .setWarnings(count(findings, Result.WARNING))
                        .setFailed(count(findings, Result.FAILED))
                        .setUnknown(count(findings, Result.UNKNOWN));
        findings.forEach(finding -> report.addFindings(message(finding)));
        return report.build();
    }

    private static int count(List<Finding> findings, Result result) {
        return (int) findings.stream().filter(finding -> finding.result() == result).count();
    }

    private static HostFinding message(Finding finding) {
        return HostFinding.newBuilder()
                .setSubject(finding.subject().name().toLowerCase(Locale.ROOT))
                .setCheck(finding.check())
                .setResult(finding.result().name().toLowerCase(Locale.ROOT))
                .setFound(finding.found())
                .setRemedy(finding.remedy())
                .build();
    }
}
