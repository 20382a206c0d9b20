// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import com.google.protobuf.Message;
import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.Association;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Resource;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A state in the making. Of an object that is refused it keeps an outline, so that what refers to
 * it can be checked in the same go.
 */
public final class StateDraft {
    private final SortedMap<String, Policy> policies;
    private final SortedMap<String, Resource> resources;
    private final SortedMap<String, Association> associations;
    private final SortedMap<String, AddressSet> sets;

    /** Resources of which there is only an outline. */
    private final Set<String> outlined = new HashSet<>();

    public StateDraft(DesiredState before) {
        policies = new TreeMap<>(before.policies());
        resources = new TreeMap<>(before.resources());
        associations = new TreeMap<>(before.associations());
        sets = new TreeMap<>(before.sets());
    }

    /** Converts an object of the interface and puts it in the place of the one of its name. */
    public Checked<?> put(Message object) {
        if (object instanceof dev.portcullis.api.v1.Policy policy) {
            Checked<Policy> checked = Conversion.policy(policy);
            policies.put(
                    policy.getMetadata().getName(),
                    checked.value().orElseGet(() -> outline(policy)));
            return checked;
        }
        if (object instanceof dev.portcullis.api.v1.Resource resource) {
            Checked<Resource> checked = Conversion.resource(resource);
            String name = resource.getMetadata().getName();
            resources.put(name, checked.value().orElseGet(() -> outline(resource)));
            outlined.remove(name);
            if (checked.value().isEmpty()) {
                outlined.add(name);
            }
            return checked;
        }
        if (object instanceof dev.portcullis.api.v1.Association association) {
            Checked<Association> checked = Conversion.association(association);
            checked.value().ifPresent(value -> associations.put(value.name(), value));
            return checked;
        }
        if (object instanceof dev.portcullis.api.v1.AddressSet set) {
            Checked<AddressSet> checked = Conversion.addressSet(set);
            sets.put(set.getMetadata().getName(), checked.value().orElseGet(() -> outline(set)));
            return checked;
        }
        throw new IllegalArgumentException(
                object.getDescriptorForType().getFullName() + " is no object of files");
    }

    private static Policy outline(dev.portcullis.api.v1.Policy policy) {
        PolicyType type = PolicyType.of(policy.getSpec().getType()).orElse(PolicyType.IP);
        return Policy.of(policy.getMetadata().getName(), type, List.of());
    }

    private static Resource outline(dev.portcullis.api.v1.Resource resource) {
        return Resource.of(
                resource.getMetadata().getName(),
                LocalAddresses.EVERY,
                List.of(PortMatch.EVERYTHING),
                Set.of(),
                resource.getSpec().getPoliciesList());
    }

    private static AddressSet outline(dev.portcullis.api.v1.AddressSet set) {
        return new AddressSet(
                set.getMetadata().getName(),
                new AddressSet.LocalFile(Path.of("/")),
                Optional.empty(),
                List.of(),
                List.of(),
                "");
    }

    public void put(Association association) {
        associations.put(association.name(), association);
    }

    public void remove(ObjectName name) {
        switch (name.kind()) {
            case POLICY -> policies.remove(name.name());
            case RESOURCE -> resources.remove(name.name());
            case ASSOCIATION -> associations.remove(name.name());
            case ADDRESS_SET -> sets.remove(name.name());
        }
    }

    /** The resources that were not refused, so that an outline ties with none. */
    public List<Resource> soundResources() {
        return resources.values().stream().filter(r -> !outlined.contains(r.name())).toList();
    }

    public DesiredState state() {
        return new DesiredState(policies, resources, associations, sets);
    }
}
