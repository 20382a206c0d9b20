// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Message;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Conversion;
import dev.portcullis.policy.validation.Location;
import dev.portcullis.policy.validation.StateCheck;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All that can be known of files without asking an agent. */
public final class OfflineCheck {
    /**
     * @param violations all of them, located
     * @param state the objects without violations of their own
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
    private final TreeMap<String, Policy> policies = new TreeMap<>();
    private final TreeMap<String, Resource> resources = new TreeMap<>();

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
        Report objects = check.report();
        if (objects.violations().isEmpty()) {
            check.violations.addAll(StateCheck.check(objects.state()));
        }
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
        Message object = document.object();
        if (object instanceof dev.portcullis.api.v1.Policy policy) {
            take(document, Conversion.policy(policy), policies);
        } else if (object instanceof dev.portcullis.api.v1.Resource resource) {
            take(document, Conversion.resource(resource), resources);
        }
    }

    private <T> void take(Document document, Checked<T> checked, Map<String, T> to) {
        checked.violations().stream()
                .filter(violation -> !isTold(violation.field(), document.faulty()))
                .forEach(violations::add);
        warnings.addAll(checked.warnings());
        checked.value().ifPresent(value -> to.put(document.name().name(), value));
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
        return new Report(new DesiredState(policies, resources), all, warnings);
    }
}
