// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.policy.file.Document;
import dev.portcullis.policy.file.Documents;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Conversion;
import dev.portcullis.policy.validation.StateCheck;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What can be said about objects without an agent.
 *
 * @param violations without those that the reader of the files found
 */
record OfflineCheck(List<Violation> violations, List<String> warnings) {
    /** Each object for itself, and that no two have one name. */
    static OfflineCheck objects(Documents documents) {
        return new Run(documents).result();
    }

    /** Also that each name that is used is among the objects, and that no resources tie. */
    static OfflineCheck state(Documents documents) {
        Run run = new Run(documents);
        if (run.violations.isEmpty() && documents.violations().isEmpty()) {
            run.violations.addAll(StateCheck.check(new DesiredState(run.policies, run.resources)));
        }
        return run.result();
    }

    private static final class Run {
        final List<Violation> violations = new ArrayList<>();
        final List<String> warnings = new ArrayList<>();
        final Map<String, Policy> policies = new LinkedHashMap<>();
        final Map<String, Resource> resources = new LinkedHashMap<>();

        Run(Documents documents) {
            for (Document document : documents.documents()) {
                if (document.object() instanceof dev.portcullis.api.v1.Policy policy) {
                    keep(Conversion.policy(policy), policies, document.name().name());
                } else if (document.object() instanceof dev.portcullis.api.v1.Resource resource) {
                    keep(Conversion.resource(resource), resources, document.name().name());
                }
            }
            violations.addAll(
                    StateCheck.duplicates(
                            documents.documents().stream().map(Document::name).toList()));
        }

        private <T> void keep(Checked<T> checked, Map<String, T> kept, String name) {
            violations.addAll(checked.violations());
            warnings.addAll(checked.warnings());
            checked.value().ifPresent(value -> kept.put(name, value));
        }

        OfflineCheck result() {
            return new OfflineCheck(List.copyOf(violations), List.copyOf(warnings));
        }
    }
}
