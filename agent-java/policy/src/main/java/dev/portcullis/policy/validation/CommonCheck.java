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
    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9._-]{1,128}");
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

    static boolean isName(String text) {
        return text.length() <= LONGEST_NAME && NAME.matcher(text).matches();
    }

    /**
     * A reference to another object.
     *
     * @param field its path
     */
    static void reference(String name, String field, ObjectKind kind, Findings findings) {
        if (name.isEmpty()) {
            findings.violation(field, "is missing; name a " + kind.label());
        } else if (!isName(name)) {
            findings.violation(field, Quoted.of(name) + " is not the name of a " + kind.label());
        }
    }

    /** Regions are the operator's words, such as {@code aws-us-east-1}. */
    static void region(String region, Findings findings) {
        if (!region.isEmpty() && !REGION.matcher(region).matches()) {
            findings.violation(
                    "spec.region",
                    Quoted.of(region)
                            + " is not a region; use up to 128 letters, digits, \"-\", \".\" and"
                            + " \"_\", such as aws-us-east-1");
        }
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
