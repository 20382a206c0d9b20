// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.policy.file.DocumentReader;
import dev.portcullis.policy.file.Documents;
import dev.portcullis.policy.file.OfflineCheck;
import dev.portcullis.policy.file.SourceText;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.validation.Violation;
import java.util.List;
import java.util.NoSuchElementException;

/** Imports of texts, and what is in them. */
final class Imports {
    private Imports() {}

    static Imported elasticsearch(String text) {
        return ElasticsearchImport.read(new SourceText("elasticsearch.yml", text));
    }

    static Imported elasticCloud(String text) {
        return ElasticCloudImport.read(new SourceText("rulesets.json", text));
    }

    /** What {@code validate} and {@code apply} make of it. */
    static DesiredState accepted(Imported imported) {
        assertThat(imported.violations()).isEmpty();
        Documents documents =
                DocumentReader.read(List.of(new SourceText("imported.yaml", imported.yaml())));
        OfflineCheck.Report check = OfflineCheck.state(documents);
        assertThat(check.violations()).isEmpty();
        assertThat(documents.objects()).isEqualTo(imported.messages());
        return check.state();
    }

    static List<String> violations(Imported imported) {
        assertThat(imported.objects()).isEmpty();
        return imported.violations().stream().map(Violation::toString).toList();
    }

    static PolicySpec policy(Imported imported, String name) {
        accepted(imported);
        return imported.messages().stream()
                .filter(Policy.class::isInstance)
                .map(Policy.class::cast)
                .filter(policy -> policy.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(name + " in " + imported.yaml()))
                .getSpec();
    }

    static ResourceSpec resource(Imported imported, String name) {
        accepted(imported);
        return imported.messages().stream()
                .filter(Resource.class::isInstance)
                .map(Resource.class::cast)
                .filter(resource -> resource.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(name + " in " + imported.yaml()))
                .getSpec();
    }
}
