// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Location;
import dev.portcullis.policy.validation.StateCheck;
import dev.portcullis.policy.validation.StateDraft;
import dev.portcullis.policy.validation.TieCheck;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All that can be known of files without asking an agent. */
public final class OfflineCheck {
    /**
     * @param violations all of them, located
     * @param state of objects with violations it has an outline
     */
    public record Report(DesiredState state, List<Violation> violations, List<String> warnings) {
        public Report {
            violations = List.copyOf(violations);
            warnings = List.copyOf(warnings);
        }
    }

    private final Documents documents;
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final StateDraft draft = new StateDraft(DesiredState.EMPTY);

    private OfflineCheck(Documents documents) {
        this.documents = documents;
    }

    /** Each object by itself, for files that are merged into what an agent has. */
    public static Report objects(Documents documents) {
        OfflineCheck check = new OfflineCheck(documents);
        check.objects();
        return check.report();
    }

    /** The objects, and what they are to each other, for files that are the whole state. */
    public static Report state(Documents documents) {
        OfflineCheck check = new OfflineCheck(documents);
        check.objects();
        check.violations.addAll(StateCheck.references(check.draft.state()));
        check.violations.addAll(TieCheck.check(check.draft.soundResources()));
        return check.report();
    }

    private void objects() {
        Map<ObjectName, Location> first = new HashMap<>();
        for (Document document : documents.documents()) {
            Location earlier = first.putIfAbsent(document.name(), document.location());
            if (earlier != null && !document.name().name().isEmpty()) {
                violations.add(
                        new Violation(
                                Optional.of(document.location()),
                                document.name().toString(),
                                "metadata.name",
                                "is the name of the object at " + earlier + " too; keep one"));
            }
            convert(document);
        }
    }

    private void convert(Document document) {
        Checked<?> checked = draft.put(document.object());
        checked.violations().stream()
                .filter(violation -> !isTold(violation.field(), document.faulty()))
                .forEach(violations::add);
        warnings.addAll(checked.warnings());
    }

    /**
     * Whether the field, or what it is part of, is among those that the reader had to leave out.
     */
    private static boolean isTold(String field, Set<String> faulty) {
        for (int end = field.length(); end > 0; end = stepBefore(field, end)) {
            if (faulty.contains(field.substring(0, end))) {
                return true;
            }
        }
        return false;
    }

    private static int stepBefore(String field, int end) {
        return Math.max(field.lastIndexOf('.', end - 1), field.lastIndexOf('[', end - 1));
    }

    private Report report() {
        List<Violation> all = new ArrayList<>(documents.violations());
        all.addAll(documents.located(violations));
        return new Report(draft.state(), all, warnings);
    }
}
