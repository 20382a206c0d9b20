// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.policy.validation.Violation;
import java.util.List;
import java.util.Locale;

/** A request that was not carried out; nothing was changed. The message is for people. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why, as far as a program can act on it. */
    public enum Cause {
        /** The request is wrong. */
        INVALID,
        /** The request is right, and does not go with what else there is. */
        CONFLICT,
        /** Somebody else was first. */
        OUTDATED,
        NOT_FOUND,
        /** Over a capacity. */
        TOO_MUCH,
        /** The kernel or the disk did not let us. */
        UNAVAILABLE
    }

    private final Cause why;
    private final transient List<Violation> violations;

    public Refusal(Cause why, String message) {
        super(message);
        this.why = why;
        this.violations = List.of();
    }

    Refusal(Cause why, RuntimeException cause) {
        super(cause.getMessage(), cause);
        this.why = why;
        this.violations = List.of();
    }

    private Refusal(Cause why, List<Violation> violations) {
        super(
                violations.size() == 1
                        ? "1 violation: " + violations.get(0)
                        : String.format(
                                Locale.ROOT,
                                "%,d violations, the first: %s",
                                violations.size(),
                                violations.get(0)));
        this.why = why;
        this.violations = List.copyOf(violations);
    }

    static Refusal invalid(List<Violation> violations) {
        return new Refusal(Cause.INVALID, violations);
    }

    static Refusal conflict(List<Violation> violations) {
        return new Refusal(Cause.CONFLICT, violations);
    }

    static Refusal tooMuch(List<Violation> violations) {
        return new Refusal(Cause.TOO_MUCH, violations);
    }

    public Cause why() {
        return why;
    }

    /** Each thing that is wrong, where there is more to say than the message does. */
    public List<Violation> violations() {
        return violations;
    }
}
