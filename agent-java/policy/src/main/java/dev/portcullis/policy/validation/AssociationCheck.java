// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.api.v1.AssociationSpec;
import dev.portcullis.policy.model.Association;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;

/** An association as it came in, to an {@link Association}. */
final class AssociationCheck {
    private AssociationCheck() {}

    static Checked<Association> check(dev.portcullis.api.v1.Association association) {
        String name = association.getMetadata().getName();
        Findings findings = new Findings(new ObjectName(ObjectKind.ASSOCIATION, name).toString());
        AssociationSpec spec = association.getSpec();
        CommonCheck.name(association.getMetadata(), ObjectKind.ASSOCIATION, findings);
        CommonCheck.reference(spec.getPolicy(), "spec.policy", ObjectKind.POLICY, findings);
        CommonCheck.reference(spec.getResource(), "spec.resource", ObjectKind.RESOURCE, findings);
        CommonCheck.description(spec.getDescription(), "spec", findings);
        return findings.checked(() ->
                new Association(name, spec.getPolicy(), spec.getResource(), spec.getDescription()));
    }
}
