// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command without a subcommand, and the options that all of them have. */
@Command(
        name = "portcullis",
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        abbreviateSynopsis = true,
        versionProvider = VersionCommand.class,
        description =
                "Guards the network interfaces of this host: policies say who gets in, the kernel"
                        + " drops the rest.",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%nArguments:%n",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused or failed; nothing was changed",
            "2:the command line is wrong",
            "3:no agent answers, or it may not be reached"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  portcullis diff -f policies.yaml              who would get in, and who no longer",
            "  portcullis apply -f policies.yaml             change it",
            "  portcullis status                             what is guarded, what was dropped",
            "  portcullis explain --from 203.0.113.9 --to 10.20.0.1:9200/tcp",
            "",
            "Each command has a help of its own: portcullis apply --help"
        },
        subcommands = {
            ApplyCommand.class,
            DiffCommand.class,
            GetCommand.class,
            DeleteCommand.class,
            AssociateCommand.class,
            DissociateCommand.class,
            HistoryCommand.class,
            RollbackCommand.class,
            ConfirmCommand.class,
            ValidateCommand.class,
            ImportCommand.class,
            StatusCommand.class,
            DoctorCommand.class,
            ExplainCommand.class,
            DropsCommand.class,
            TopCommand.class,
            DetachCommand.class,
            AgentCommand.class,
            RestoreCommand.class,
            VersionCommand.class,
            CompletionCommand.class
        })
final class Portcullis implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--socket",
            scope = ScopeType.INHERIT,
            paramLabel = "PATH",
            defaultValue = "${env:PORTCULLIS_SOCKET:-/run/portcullis/agent.sock}",
            description =
                    "the agent's socket (default: $PORTCULLIS_SOCKET, else"
                            + " /run/portcullis/agent.sock)")
    private Path socket;

    @Option(
            names = "--address",
            scope = ScopeType.INHERIT,
            paramLabel = "HOST:PORT",
            description = "an agent elsewhere, over TLS, instead of the socket")
    private String address;

    @Option(
            names = "--tls-ca",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "with --address: certificates that the agent's must be signed by")
    private Path ca;

    @Option(
            names = "--tls-certificate",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "with --address: the certificate to show to the agent")
    private Path certificate;

    @Option(
            names = "--tls-key",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "with --address: its key, PKCS #8")
    private Path key;

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "print this help")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "print the version")
    boolean version;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing, such as status");
    }

    AgentConnection connect() {
        return AgentConnection.to(target());
    }

    /**
     * Has the agent change something, in one short call.
     *
     * @throws CommandFailure with a line for each violation that it told
     */
    <T> T change(AgentConnection.Call<T> call) {
        try (AgentConnection agent = connect()) {
            return agent.ask(call);
        } catch (CommandFailure failure) {
            throw Violations.told(failure);
        }
    }

    AgentTarget target() {
        if (address == null) {
            if (ca != null || certificate != null || key != null) {
                throw wrong("--tls-ca, --tls-certificate and --tls-key go with --address");
            }
            return new AgentTarget.Socket(socket);
        }
        if (ca == null || certificate == null || key == null) {
            throw wrong("--address needs --tls-ca, --tls-certificate and --tls-key");
        }
        URI uri;
        try {
            uri = URI.create("tls://" + address);
        } catch (IllegalArgumentException e) {
            throw wrong("--address must be HOST:PORT, such as node7.example.org:7443");
        }
        if (uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65535) {
            throw wrong("--address must be HOST:PORT, such as node7.example.org:7443");
        }
        String host = uri.getHost().replaceAll("^\\[|]$", "");
        return new AgentTarget.Network(host, uri.getPort(), ca, certificate, key);
    }

    /** A usage error. */
    ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
