// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Collects what is found in one object. Violations are all kept; of warnings of one topic, of which
 * a large policy may have very many, the first few and the number of the others.
 */
public final class Findings {
    private static final int WARNINGS_OF_A_TOPIC = 10;

    private final String object;
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, Integer> topics = new LinkedHashMap<>();

    /**
     * @param object what messages begin with, such as {@code policy office}; may be empty
     */
    public Findings(String object) {
        this.object = object;
    }

    public void violation(String field, String message) {
        violations.add(new Violation(object, field, message));
    }

    /**
     * @param topic what warnings of this sort are about, in words that follow "12 more: "
     */
    public void warning(String topic, String field, String message) {
        if (topics.merge(topic, 1, Integer::sum) <= WARNINGS_OF_A_TOPIC) {
            warnings.add(new Violation(object, field, message).toString());
        }
    }

    public List<Violation> violations() {
        return List.copyOf(violations);
    }

    public List<String> warnings() {
        List<String> all = new ArrayList<>(warnings);
        topics.forEach((topic, count) -> {
            if (count > WARNINGS_OF_A_TOPIC) {
                String more = (count - WARNINGS_OF_A_TOPIC) + " more: " + topic;
                all.add(new Violation(object, "", more).toString());
            }
        });
        return List.copyOf(all);
    }

    /** The value, which is only made if nothing speaks against it. */
    public <T> Checked<T> checked(Supplier<T> value) {
        return new Checked<>(
                violations.isEmpty() ? Optional.of(value.get()) : Optional.empty(),
                violations,
                warnings());
    }
}
