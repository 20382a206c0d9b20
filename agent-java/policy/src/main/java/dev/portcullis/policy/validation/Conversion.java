// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.Association;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;

/**
 * From the interface's objects to the model, one object at a time and looking at nothing else; what
 * depends on other objects is for {@link StateCheck}.
 */
public final class Conversion {
    private Conversion() {}

    public static Checked<Policy> policy(dev.portcullis.api.v1.Policy policy) {
        return new PolicyCheck(policy).check();
    }

    public static Checked<Association> association(dev.portcullis.api.v1.Association association) {
        return AssociationCheck.check(association);
    }

    public static Checked<Resource> resource(dev.portcullis.api.v1.Resource resource) {
        return new ResourceCheck(resource).check();
    }

    public static Checked<AddressSet> addressSet(dev.portcullis.api.v1.AddressSet set) {
        return new AddressSetCheck(set).check();
    }
}
