// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** The command line as a whole: how it is made, and how its errors are told. */
final class CommandLines {
    private CommandLines() {}

    static CommandLine create(PrintWriter out, PrintWriter err) {
        CommandLine command = new CommandLine(new Portcullis());
        command.setOut(out);
        command.setErr(err);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setAbbreviatedOptionsAllowed(false);
        command.setExecutionExceptionHandler((error, failed, parsed) -> tell(error, failed));
        command.setParameterExceptionHandler(usage(command.getParameterExceptionHandler()));
        return command;
    }

    private static IParameterExceptionHandler usage(IParameterExceptionHandler ignored) {
        return (error, args) -> {
            CommandLine command = error.getCommandLine();
            String message = oneLine(error);
            PrintWriter err = command.getErr();
            err.println("portcullis: " + message);
            err.println("see \"" + command.getCommandSpec().qualifiedName() + " --help\"");
            err.flush();
            return ExitCodes.USAGE;
        };
    }

    private static String oneLine(ParameterException error) {
        String line = error.getMessage().strip().replaceAll("\\s+", " ");
        return line.isEmpty() || line.startsWith("-")
                ? line
                : line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
    }

    private static int tell(Exception error, CommandLine command) throws Exception {
        PrintWriter err = command.getErr();
        command.getOut().flush();
        if (System.getenv("PORTCULLIS_DEBUG") != null) {
            error.printStackTrace(err);
        }
        if (error instanceof ParameterException usage) {
            return command.getParameterExceptionHandler()
                    .handleParseException(usage, new String[0]);
        }
        if (error instanceof CommandFailure failure) {
            failure.details().forEach(err::println);
            err.println("portcullis: " + failure.getMessage());
            err.flush();
            return failure.exitCode();
        }
        err.println(
                "portcullis: a defect of this command ("
                        + error
                        + "): set PORTCULLIS_DEBUG=1 and report what it then prints");
        err.flush();
        return ExitCodes.REFUSED;
    }
}
