// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import com.google.rpc.BadRequest.FieldViolation;
import dev.portcullis.policy.file.Document;
import dev.portcullis.policy.file.Documents;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Everything that is wrong with some files, wherever it was found. */
final class Violations {
    private final Documents documents;
    private final Set<Violation> found;

    Violations(Documents documents) {
        this.documents = documents;
        this.found = new LinkedHashSet<>(documents.violations());
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    int count() {
        return found.size();
    }

    /** Those that a check of the objects found, here or in the agent. */
    void add(List<Violation> violations) {
        List<Violation> news = violations.stream().filter(v -> !alreadyTold(v)).toList();
        found.addAll(documents.located(news));
    }

    void addFromAgent(List<FieldViolation> violations) {
        add(violations.stream().map(this::fromAgent).toList());
    }

    /** The field is {@code policy office: spec.rules[1].source}, or the object alone. */
    private Violation fromAgent(FieldViolation violation) {
        String path = violation.getField();
        int colon = path.indexOf(": ");
        if (colon >= 0) {
            String field = path.substring(colon + 2);
            return new Violation(path.substring(0, colon), field, violation.getDescription());
        }
        return isObject(path)
                ? new Violation(path, "", violation.getDescription())
                : new Violation("", path, violation.getDescription());
    }

    private boolean isObject(String path) {
        return documents.documents().stream().anyMatch(d -> d.name().toString().equals(path));
    }

    /** What was left out of an object because it can't be read is not missed again. */
    private boolean alreadyTold(Violation violation) {
        return documents.documents().stream()
                .filter(d -> d.name().toString().equals(violation.object()))
                .map(Document::faulty)
                .flatMap(Set::stream)
                .anyMatch(faulty -> inside(violation.field(), faulty));
    }

    private static boolean inside(String field, String faulty) {
        return field.equals(faulty)
                || field.startsWith(faulty + ".")
                || field.startsWith(faulty + "[");
    }

    /** A line each: by file and line, then those that are of no line. */
    List<String> lines() {
        List<String> order = documents.sources().stream().map(s -> s.name()).toList();
        Comparator<Violation> byPlace =
                Comparator.comparingInt((Violation v) ->
                                v.location()
                                        .map(l -> order.indexOf(l.source()))
                                        .orElse(order.size()))
                        .thenComparingInt(v -> v.location().map(l -> l.line()).orElse(0));
        return found.stream().sorted(byPlace).map(Violation::toString).toList();
    }

    /**
     * @param total how many there are, also those that could not be listed
     */
    CommandFailure refusal(int total) {
        List<String> lines = new ArrayList<>(lines());
        if (total > lines.size()) {
            lines.add(String.format(Locale.ROOT, "and %,d more", total - lines.size()));
        }
        return refusal(total, lines);
    }

    /** The failure with a line for each violation that the agent told. */
    static CommandFailure told(CommandFailure failure) {
        List<String> lines =
                CallErrors.violations(failure).stream()
                        .map(v -> v.getField() + ": " + v.getDescription())
                        .toList();
        return lines.isEmpty() ? failure : refusal(lines.size(), lines);
    }

    static CommandFailure refusal(int total, List<String> lines) {
        String sentence =
                total == 1
                        ? "1 violation; nothing was changed"
                        : String.format(Locale.ROOT, "%,d violations; nothing was changed", total);
        return CommandFailure.refused(sentence, lines);
    }

    /** {@code 2 policies, 1 resource}. */
    static String inventory(Documents documents) {
        String text =
                documents.documents().stream()
                        .collect(Collectors.groupingBy(d -> d.name().kind(), Collectors.counting()))
                        .entrySet()
                        .stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(e -> Plural.of(e.getValue(), e.getKey().label()))
                        .collect(Collectors.joining(", "));
        return Optional.of(text).filter(t -> !t.isEmpty()).orElse("nothing");
    }
}
