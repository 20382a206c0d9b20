// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.config;

import dev.portcullis.policy.validation.Violation;
import java.util.List;
import org.slf4j.Logger;

/** A configuration that an agent can't start with; every violation at once. */
public final class InvalidConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Violation> violations;

    InvalidConfigException(List<Violation> violations) {
        super(violations.size() + " violations");
        this.violations = List.copyOf(violations);
    }

    public List<Violation> violations() {
        return violations;
    }

    /** Tells each. */
    public void log(Logger log) {
        violations.forEach(
                violation -> log.error("event=config_invalid message=\"{}\"", violation));
    }
}
