// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.policy.model.ObjectKind;
import java.util.Locale;
import java.util.Optional;

/** The kinds as people type them. */
final class Kinds {
    static final String ALL = "policy, resource, association or address-set";

    private Kinds() {}

    /** One kind, by its singular or plural. */
    static Optional<ObjectKind> of(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "policy", "policies" -> Optional.of(ObjectKind.POLICY);
            case "resource", "resources" -> Optional.of(ObjectKind.RESOURCE);
            case "association", "associations" -> Optional.of(ObjectKind.ASSOCIATION);
            case "address-set", "address-sets", "addressset", "addresssets" ->
                    Optional.of(ObjectKind.ADDRESS_SET);
            default -> Optional.empty();
        };
    }
}
