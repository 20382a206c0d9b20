// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Locale;

/** The kinds of objects that operators write. */
public enum ObjectKind {
    POLICY("Policy"),
    RESOURCE("Resource");

    private final String text;

    ObjectKind(String text) {
        this.text = text;
    }

    /** The name in files and in the interface. */
    public String text() {
        return text;
    }

    /** The name in sentences. */
    public String label() {
        return text.toLowerCase(Locale.ROOT);
    }
}
