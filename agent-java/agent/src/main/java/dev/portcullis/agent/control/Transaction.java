// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.api.v1.Change;
import dev.portcullis.api.v1.ObjectReference;
import dev.portcullis.api.v1.Plan;
import dev.portcullis.policy.file.Envelope;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Conversion;
import dev.portcullis.policy.validation.StateCheck;
import dev.portcullis.policy.validation.TieCheck;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The change from one revision to the next, as far as it can be known without the kernel. Every
 * violation is collected before any is told.
 */
final class Transaction {
    private final Revision before;
    private final Function<StoredObject, Message> stored;
    private final SortedMap<ObjectName, StoredObject> objects;
    private final SortedMap<String, Policy> policies;
    private final SortedMap<String, Resource> resources;
    private final Map<ByteString, byte[]> contents = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private final Plan.Builder plan = Plan.newBuilder();

    /**
     * @param stored reads an object of the revision before
     */
    Transaction(Revision before, Function<StoredObject, Message> stored) {
        this.before = before;
        this.stored = stored;
        objects = Revision.emptyObjects();
        objects.putAll(before.objects());
        policies = new TreeMap<>(before.state().policies());
        resources = new TreeMap<>(before.state().resources());
    }

    void push(Push push) {
        List<ObjectName> names = push.objects().stream().map(Transaction::nameOf).toList();
        violations.addAll(StateCheck.duplicates(names));
        for (int i = 0; i < names.size(); i++) {
            put(names.get(i), push.objects().get(i), push.owner());
        }
        if (push.replace()) {
            Set<ObjectName> kept = new HashSet<>(names);
            before.objects()
                    .forEach((name, object) -> {
                        if (object.getOwner().equals(push.owner()) && !kept.contains(name)) {
                            remove(name);
                        }
                    });
        }
    }

    void remove(Removal removal) {
        for (ObjectName name : new HashSet<>(removal.objects())) {
            if (before.objects().containsKey(name)) {
                remove(name);
            } else {
                violations.add(new Violation(name.toString(), "", "there is none of that name"));
            }
        }
    }

    static ObjectName nameOf(Message object) {
        Message metadata =
                (Message)
                        object.getField(object.getDescriptorForType().findFieldByName("metadata"));
        Object name = metadata.getField(metadata.getDescriptorForType().findFieldByName("name"));
        return new ObjectName(Envelope.kindOf(object), (String) name);
    }

    private void put(ObjectName name, Message object, String owner) {
        convert(name, object);
        StoredObject known = before.objects().get(name);
        if (known != null && !known.getOwner().equals(owner)) {
            violations.add(
                    new Violation(
                            name.toString(),
                            "",
                            "belongs to the owner \""
                                    + known.getOwner()
                                    + "\"; push it as that owner, or choose another name"));
            return;
        }
        byte[] bytes = object.toByteArray();
        ByteString hash = Store.hash(bytes);
        if (known != null && known.getSha256().equals(hash)) {
            plan.setUnchanged(plan.getUnchanged() + 1);
            return;
        }
        contents.put(hash, bytes);
        objects.put(
                name,
                StoredObject.newBuilder()
                        .setKind(name.kind().text())
                        .setName(name.name())
                        .setOwner(owner)
                        .setSha256(hash)
                        .build());
        if (known == null) {
            change(Change.Action.ACTION_ADDED, name, "");
        } else {
            change(
                    Change.Action.ACTION_CHANGED,
                    name,
                    ObjectChange.describe(stored.apply(known), object));
        }
    }

    private void convert(ObjectName name, Message object) {
        if (object instanceof dev.portcullis.api.v1.Policy policy) {
            policies.put(
                    name.name(), kept(Conversion.policy(policy)).orElseGet(() -> outline(policy)));
        } else if (object instanceof dev.portcullis.api.v1.Resource resource) {
            resources.put(
                    name.name(),
                    kept(Conversion.resource(resource)).orElseGet(() -> outline(resource)));
        }
    }

    private <T> Optional<T> kept(Checked<T> checked) {
        violations.addAll(checked.violations());
        plan.addAllWarnings(checked.warnings());
        return checked.value();
    }

    /** Of a policy that is refused: enough for what refers to it to be right. */
    private static Policy outline(dev.portcullis.api.v1.Policy policy) {
        return new Policy(policy.getMetadata().getName(), PolicyType.IP, List.of(), "");
    }

    /** Of a resource that is refused: enough to check what it refers to. */
    private static Resource outline(dev.portcullis.api.v1.Resource resource) {
        return new Resource(
                resource.getMetadata().getName(),
                LocalAddresses.EVERY,
                List.of(PortMatch.EVERYTHING),
                Set.of(),
                resource.getSpec().getPoliciesList(),
                "");
    }

    private void remove(ObjectName name) {
        objects.remove(name);
        (name.kind() == ObjectKind.POLICY ? policies : resources).remove(name.name());
        change(Change.Action.ACTION_REMOVED, name, "");
    }

    private void change(Change.Action action, ObjectName name, String detail) {
        plan.addChanges(
                Change.newBuilder()
                        .setAction(action)
                        .setObject(
                                ObjectReference.newBuilder()
                                        .setKind(name.kind().text())
                                        .setName(name.name()))
                        .setDetail(detail));
    }

    /**
     * Looks at the whole that the transaction would make.
     *
     * @param capacity prefixes that there is room for
     * @throws Refusal with every violation
     */
    DesiredState check(HostAddresses host, long capacity) {
        DesiredState next = new DesiredState(policies, resources);
        List<Violation> used = stillUsed(next);
        if (violations.isEmpty() && !used.isEmpty()) {
            throw Refusal.conflict(used);
        }
        violations.addAll(used);
        if (used.isEmpty()) {
            violations.addAll(StateCheck.references(next));
        }
        if (violations.isEmpty()) {
            violations.addAll(TieCheck.check(next.resources().values(), host));
        }
        if (!violations.isEmpty()) {
            throw Refusal.invalid(violations);
        }
        List<Violation> over = StateCheck.capacity(next, capacity);
        if (!over.isEmpty()) {
            throw new Refusal(Refusal.Cause.TOO_MUCH, over.get(0).toString());
        }
        return next;
    }

    /** Policies that would be removed while resources associate them. */
    private List<Violation> stillUsed(DesiredState next) {
        List<Violation> used = new ArrayList<>();
        for (String policy : before.state().policies().keySet()) {
            if (!next.policies().containsKey(policy)) {
                List<String> by =
                        next.resources().values().stream()
                                .filter(resource -> resource.policies().contains(policy))
                                .map(Resource::name)
                                .toList();
                if (!by.isEmpty()) {
                    used.add(
                            new Violation(
                                    "policy " + policy,
                                    "",
                                    "is associated with "
                                            + (by.size() == 1 ? "resource " : "resources ")
                                            + String.join(", ", by)
                                            + "; take it out of their policies first"));
                }
            }
        }
        return used;
    }

    boolean changesNothing() {
        return plan.getChangesCount() == 0;
    }

    Plan plan() {
        return plan.build();
    }

    SortedMap<ObjectName, StoredObject> objects() {
        return objects;
    }

    /** The bytes of objects that are new or changed, by their hashes. */
    Map<ByteString, byte[]> contents() {
        return contents;
    }
}
