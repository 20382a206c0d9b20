// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.policy.file.PlainLine;
import java.util.ArrayList;
import java.util.List;

/**
 * Something to tell of an import; a comment in the YAML.
 *
 * @param lost whether it is about what could not be carried over
 * @param text a sentence, on one line
 * @param details lines below it
 */
public record Remark(boolean lost, String text, List<String> details) {
    public Remark {
        text = PlainLine.of(text);
        details = details.stream().map(PlainLine::of).toList();
    }

    /** What an operator should know of what was carried over. */
    static Remark about(String text) {
        return new Remark(false, text, List.of());
    }

    /** What the objects don't say, why, and what can be done. */
    static Remark lost(String text) {
        return new Remark(true, text, List.of());
    }

    /** As lines of a comment. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(lost ? "Not carried over: " + text : text);
        details.forEach(detail -> lines.add("  " + detail));
        return lines;
    }
}
