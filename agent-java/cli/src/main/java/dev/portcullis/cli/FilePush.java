// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import com.google.rpc.BadRequest.FieldViolation;
import dev.portcullis.api.v1.ApplyOptions;
import dev.portcullis.policy.file.Documents;
import dev.portcullis.policy.file.OfflineCheck;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files on their way to the agent, and all that is wrong with them on the way back. */
final class FilePush {
    private static final int MAX_VIOLATIONS = 10_000;

    /** Sends the objects of a push to the agent. */
    interface Send<T> {
        T to(AgentConnection agent, ApplyOptions options);
    }

    private final Documents documents;
    private final Violations violations;
    private final ApplyOptions options;

    FilePush(Documents documents, ApplyOptions options) {
        this.documents = documents;
        this.violations = new Violations(documents);
        this.options = options.toBuilder().setMaxViolations(MAX_VIOLATIONS).build();
    }

    /**
     * @throws CommandFailure with every violation
     */
    <T> T run(AgentConnection agent, Send<T> send) {
        if (!violations.isEmpty()) {
            throw refusal(agent, send);
        }
        return send(agent, send, options);
    }

    /**
     * The agent checks what can be read of unreadable files too, so that one run finds everything.
     */
    private <T> CommandFailure refusal(AgentConnection agent, Send<T> send) {
        try {
            send(agent, send, options.toBuilder().setDryRun(true).build());
        } catch (CommandFailure failure) {
            if (violations.count() == documents.violations().size()) {
                violations.add(OfflineCheck.objects(documents).violations());
            }
        }
        return violations.refusal(violations.count());
    }

    private <T> T send(AgentConnection agent, Send<T> send, ApplyOptions with) {
        try {
            return send.to(agent, with);
        } catch (CommandFailure failure) {
            List<FieldViolation> told = CallErrors.violations(failure);
            if (told.isEmpty()) {
                throw failure;
            }
            violations.addFromAgent(told);
            throw violations.refusal(Math.max(violations.count(), total(failure.getMessage())));
        }
    }

    /**
     * The agent's sentence begins with how many there are; it lists no more than were asked for.
     */
    private static int total(String sentence) {
        Matcher number = Pattern.compile("(\\d{1,9}) (violation|problem)").matcher(sentence);
        return number.find() ? Integer.parseInt(number.group(1)) : 0;
    }
}
