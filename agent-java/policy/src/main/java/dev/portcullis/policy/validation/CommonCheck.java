// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.api.v1.Metadata;
import dev.portcullis.policy.model.ObjectKind;
import java.util.Locale;
import java.util.regex.Pattern;

/** What objects of every kind have: a name, descriptions, and CIDRs. */
final class CommonCheck {
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9](-*[a-z0-9])*(\\.[a-z0-9](-*[a-z0-9])*)*");
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_DESCRIPTION = 1_024;

    private CommonCheck() {}

    static void name(Metadata metadata, ObjectKind kind, Findings findings) {
        String name = metadata.getName();
        if (name.isEmpty()) {
            findings.violation("metadata.name", "is missing; give the " + kind.label() + " a name");
        } else if (!isName(name)) {
            String lower = name.toLowerCase(Locale.ROOT);
            findings.violation(
                    "metadata.name",
                    Quoted.of(name)
                            + " is not a name; use up to 253 of a-z, 0-9, \"-\" and \".\", with a"
                            + " letter or digit first and last"
                            + (isName(lower) ? ", such as " + Quoted.of(lower) : ""));
        }
    }

    private static boolean isName(String text) {
        return text.length() <= LONGEST_NAME && NAME.matcher(text).matches();
    }

    /** Descriptions are shown on terminals, so control characters are kept out. */
    static void description(String text, String parent, Findings findings) {
        if (text.isEmpty()) {
            return;
        }
        if (text.length() > LONGEST_DESCRIPTION) {
            findings.violation(
                    parent + ".description",
                    "has " + text.length() + " characters; at most 1024 are allowed");
        }
        if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
            findings.violation(parent + ".description", "holds control characters; take them out");
        }
    }
}
