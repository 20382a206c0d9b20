// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Tells an operator why a call failed, and what to do. */
final class CallErrors {
    private final AgentTarget target;

    CallErrors(AgentTarget target) {
        this.target = target;
    }

    CommandFailure failure(StatusException error) {
        Status status = error.getStatus();
        boolean answered = status.getCause() == null;
        return switch (status.getCode()) {
            case UNAVAILABLE ->
                    answered ? refusal(error) : unreachable(rootOf(status.getCause()), error);
            case UNIMPLEMENTED ->
                    CommandFailure.refused(
                            "the agent at "
                                    + target
                                    + " does not know this call: use the portcullis command of its"
                                    + " own version",
                            error);
            case DEADLINE_EXCEEDED ->
                    CommandFailure.unreachable(
                            "the agent at "
                                    + target
                                    + " does not answer in time: look into its log with"
                                    + " \"journalctl -u portcullis\"",
                            error);
            case INTERNAL, UNKNOWN -> defect(error);
            default -> refusal(error);
        };
    }

    private static CommandFailure refusal(StatusException error) {
        String sentence = error.getStatus().getDescription();
        if (sentence == null) {
            sentence = "refused: " + error.getStatus().getCode().name().toLowerCase(Locale.ROOT);
        }
        return CommandFailure.refused(sentence, error);
    }

    private CommandFailure defect(StatusException error) {
        String told = error.getStatus().getDescription();
        Throwable cause = error.getStatus().getCause();
        if (told == null) {
            told = cause == null ? "no reason given" : rootOf(cause).toString();
        }
        return CommandFailure.refused(
                "the agent at "
                        + target
                        + " failed ("
                        + told.lines().findFirst().orElse("")
                        + "): look into its log with \"journalctl -u portcullis\"",
                error);
    }

    private CommandFailure unreachable(Throwable root, StatusException error) {
        String sentence =
                target instanceof AgentTarget.Socket socket
                        ? socketError(socket.path(), root)
                        : networkError(root);
        return CommandFailure.unreachable(sentence, error);
    }

    private static String socketError(Path socket, Throwable root) {
        String why = reason(root);
        if (why.contains("permission denied")) {
            return "no permission to use "
                    + socket
                    + ": run this as root, or as a member of the group "
                    + groupOf(socket);
        }
        if (why.contains("too long")) {
            return "the path of the socket is longer than Linux takes (108 bytes): name a shorter"
                    + " one with --socket";
        }
        if (!Files.exists(socket)) {
            why = "no such file";
        }
        return "no agent answers at "
                + socket
                + " ("
                + why
                + "): start it with \"systemctl start portcullis\", or name its socket with"
                + " --socket";
    }

    private String networkError(Throwable root) {
        if (root instanceof SSLException
                || root instanceof java.security.GeneralSecurityException) {
            return "no trust between this command and the agent at "
                    + target
                    + " ("
                    + reason(root)
                    + "): check --tls-ca, --tls-certificate and --tls-key";
        }
        return "no agent answers at "
                + target
                + " ("
                + reason(root)
                + "): check the address, and that the agent's configuration has it as listen";
    }

    private static String reason(Throwable root) {
        if (root instanceof java.net.UnknownHostException) {
            return "no such host";
        }
        String message = root.getMessage();
        if (message == null || message.isBlank()) {
            return root.getClass().getSimpleName();
        }
        String line = message.lines().findFirst().orElse(message).strip();
        int colon = line.indexOf(": ");
        String words = colon > 0 && line.startsWith("connect") ? line.substring(0, colon) : line;
        return words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }

    /** The group that may enter the socket's directory. */
    private static String groupOf(Path socket) {
        Path directory = socket.toAbsolutePath().getParent();
        try {
            Object group = Files.getAttribute(directory, "posix:group", LinkOption.NOFOLLOW_LINKS);
            return "\"" + group + "\"";
        } catch (IOException | RuntimeException e) {
            return "\"portcullis\"";
        }
    }

    private static Throwable rootOf(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Every violation that the agent told; none if the failure is of another sort. */
    static List<BadRequest.FieldViolation> violations(CommandFailure failure) {
        if (!(failure.getCause() instanceof StatusException error)) {
            return List.of();
        }
        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        if (status == null) {
            return List.of();
        }
        return status.getDetailsList().stream()
                .filter(detail -> detail.is(BadRequest.class))
                .findFirst()
                .map(detail -> {
                    try {
                        return detail.unpack(BadRequest.class).getFieldViolationsList();
                    } catch (InvalidProtocolBufferException e) {
                        return List.<BadRequest.FieldViolation>of();
                    }
                })
                .orElse(List.of());
    }
}
