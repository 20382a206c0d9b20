// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.AccessChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a push would change in verdicts, for people. */
final class DiffText {
    private DiffText() {}

    /** Messages about one resource and endpoint are put together below one heading, gains first. */
    static String of(List<AccessChange> changes) {
        if (changes.isEmpty()) {
            return "no verdict changes\n";
        }
        Map<String, List<AccessChange>> byHeading = new LinkedHashMap<>();
        for (AccessChange change : changes) {
            byHeading.computeIfAbsent(heading(change), h -> new ArrayList<>()).add(change);
        }
        StringBuilder text = new StringBuilder();
        byHeading.forEach((heading, parts) -> {
            text.append(heading).append('\n');
            for (AccessChange part : parts) {
                part.getGainedList().forEach(p -> text.append("  + ").append(p).append('\n'));
            }
            for (AccessChange part : parts) {
                part.getLostList().forEach(p -> text.append("  - ").append(p).append('\n'));
            }
        });
        return text.toString();
    }

    private static String heading(AccessChange change) {
        String resource = change.getResource().isEmpty() ? "failsafe" : change.getResource();
        String way = change.getDirection().equals("egress") ? " (egress)" : "";
        return resource + way + "  " + change.getEndpoint();
    }
}
