// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds of objects that operators write. */
public enum ObjectKind {
    POLICY("Policy", "policy"),
    RESOURCE("Resource", "resource"),
    ASSOCIATION("Association", "association"),
    ADDRESS_SET("AddressSet", "address set");

    private final String text;
    private final String label;

    ObjectKind(String text, String label) {
        this.text = text;
        this.label = label;
    }

    /** The kind of this name in files and in the interface, if there is one. */
    public static Optional<ObjectKind> of(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }

    /** The names in files and in the interface. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(ObjectKind::text).toList();
    }

    /** The name in files and in the interface. */
    public String text() {
        return text;
    }

    /** The name of several in sentences. */
    public String plural() {
        return this == POLICY ? "policies" : label + "s";
    }

    /** The name in sentences. */
    public String label() {
        return label;
    }
}
