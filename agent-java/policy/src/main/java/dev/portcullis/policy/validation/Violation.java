// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that an operator must put right.
 *
 * @param location where it is written, if that is known
 * @param object what it is part of, such as {@code policy office}; may be empty
 * @param field the field's path, such as {@code spec.rules[1].source}; empty for the whole object
 * @param message what is wrong, in lower case, the remedy last
 */
public record Violation(Optional<Location> location, String object, String field, String message) {
    public Violation(String object, String field, String message) {
        this(Optional.empty(), object, field, message);
    }

    public Violation at(Location where) {
        return new Violation(Optional.of(where), object, field, message);
    }

    /** Object and field: {@code policy office: spec.rules[1].source}. */
    public String path() {
        return joined(object, field);
    }

    /** The whole sentence, as people read it. */
    @Override
    public String toString() {
        return joined(location.map(Location::toString).orElse(""), object, field, message);
    }

    private static String joined(String... parts) {
        return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining(": "));
    }
}
