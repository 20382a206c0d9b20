// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import java.util.List;
import java.util.Optional;

/**
 * What came of a conversion.
 *
 * @param value present if and only if there are no violations
 * @param warnings what the author should know, each a whole sentence that names its object
 */
public record Checked<T>(Optional<T> value, List<Violation> violations, List<String> warnings) {
    public Checked {
        violations = List.copyOf(violations);
        warnings = List.copyOf(warnings);
        if (value.isPresent() != violations.isEmpty()) {
            throw new IllegalArgumentException("a value, or violations");
        }
    }
}
