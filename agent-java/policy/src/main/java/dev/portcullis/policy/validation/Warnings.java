// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.Prefix;

/** Warnings that objects of both kinds have. */
final class Warnings {
    private Warnings() {}

    static void hostBits(Findings findings, String field, String text, Prefix prefix) {
        findings.warning(
                "CIDRs with host bits set", field, text + " has host bits set; it means " + prefix);
    }

    static void repeated(Findings findings, String field, String value) {
        findings.warning(
                "values given twice", field, value + " is given twice; the second adds nothing");
    }
}
