// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.api.v1.AssociationSpec;
import dev.portcullis.api.v1.Change;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.ObjectReference;
import dev.portcullis.api.v1.Plan;
import dev.portcullis.policy.file.Envelope;
import dev.portcullis.policy.model.Association;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Quota;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Regions;
import dev.portcullis.policy.validation.StateCheck;
import dev.portcullis.policy.validation.StateDraft;
import dev.portcullis.policy.validation.Suggestion;
import dev.portcullis.policy.validation.TieCheck;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;

/**
 * The change from one revision to the next, as far as it can be known without the kernel. Every
 * violation is collected before any is told.
 */
final class Transaction {
    /** Whose the associations are that the agent makes; nobody else's push replaces them. */
    static final String AGENT = "portcullis";

    /** Of a name that the agent makes, which leaves room for a number behind it. */
    private static final int LONGEST_NAME = 240;

    private final Revision before;
    private final Function<StoredObject, Message> stored;
    private final SortedMap<ObjectName, StoredObject> objects;
    private final StateDraft draft;
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
        draft = new StateDraft(before.state());
    }

    void push(Push push) {
        if (push.owner().equals(AGENT)) {
            violations.add(
                    new Violation("", "owner", "portcullis is the agent itself; choose another"));
        }
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
        includeByDefault();
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

    /** Attaches, if that is not the case already. */
    void associate(Attachment attachment) {
        List<String> associated = associated(attachment);
        if (associated.contains(attachment.policy())) {
            plan.setUnchanged(plan.getUnchanged() + 1);
        } else if (violations.isEmpty()) {
            associate(attachment.policy(), attachment.resource(), attachment.owner(), "");
        }
    }

    /** Detaches, wherever the association is written. */
    void dissociate(Attachment attachment) {
        if (!associated(attachment).contains(attachment.policy()) && violations.isEmpty()) {
            violations.add(
                    new Violation(
                            "policy " + attachment.policy(),
                            "",
                            "is not associated with resource " + attachment.resource()));
        }
        if (!violations.isEmpty()) {
            return;
        }
        for (Association association : before.state().associations().values()) {
            if (association.policy().equals(attachment.policy())
                    && association.resource().equals(attachment.resource())) {
                remove(new ObjectName(ObjectKind.ASSOCIATION, association.name()));
            }
        }
        ObjectName name = new ObjectName(ObjectKind.RESOURCE, attachment.resource());
        StoredObject known = before.objects().get(name);
        dev.portcullis.api.v1.Resource resource =
                (dev.portcullis.api.v1.Resource) stored.apply(known);
        List<String> kept = new ArrayList<>(resource.getSpec().getPoliciesList());
        if (kept.remove(attachment.policy())) {
            dev.portcullis.api.v1.Resource.Builder changed = resource.toBuilder();
            changed.getSpecBuilder().clearPolicies().addAllPolicies(kept);
            put(name, changed.build(), known.getOwner());
        }
    }

    /** The policies of the resource; what is not there is a violation. */
    private List<String> associated(Attachment attachment) {
        DesiredState state = before.state();
        requireThere(ObjectKind.POLICY, attachment.policy(), state.policies().keySet());
        requireThere(ObjectKind.RESOURCE, attachment.resource(), state.resources().keySet());
        return state.associated().getOrDefault(attachment.resource(), List.of());
    }

    private void requireThere(ObjectKind kind, String name, Set<String> known) {
        if (!known.contains(name)) {
            violations.add(
                    new Violation(
                            "",
                            kind.label(),
                            "no "
                                    + kind.label()
                                    + " is named "
                                    + Quoted.of(name)
                                    + Suggestion.didYouMean(name, known)));
        }
    }

    /**
     * Resources get the policies that are included by default and were there before them. Those
     * that came with them in the same push don't count, so that a backup comes back as it was.
     */
    private void includeByDefault() {
        DesiredState next = draft.state();
        Map<String, List<String>> associated = next.associated();
        for (Resource resource : next.resources().values()) {
            if (!before.state().resources().containsKey(resource.name())) {
                next.policies().values().stream()
                        .filter(policy -> before.state().policies().containsKey(policy.name()))
                        .filter(policy -> Regions.includes(policy, resource))
                        .map(Policy::name)
                        .filter(policy -> !associated.get(resource.name()).contains(policy))
                        .forEach(policy ->
                                associate(policy, resource.name(), AGENT, "included by default"));
            }
        }
    }

    private void associate(String policy, String resource, String owner, String description) {
        String name = freeName(policy + "-" + resource);
        put(
                new ObjectName(ObjectKind.ASSOCIATION, name),
                dev.portcullis.api.v1.Association.newBuilder()
                        .setMetadata(Metadata.newBuilder().setName(name))
                        .setSpec(
                                AssociationSpec.newBuilder()
                                        .setPolicy(policy)
                                        .setResource(resource)
                                        .setDescription(description))
                        .build(),
                owner);
    }

    /** Made of two names, which may be as long as names get. */
    private String freeName(String wanted) {
        String name =
                wanted.length() <= LONGEST_NAME ? wanted : wanted.substring(0, LONGEST_NAME) + "x";
        int number = 2;
        String free = name;
        while (objects.containsKey(new ObjectName(ObjectKind.ASSOCIATION, free))) {
            free = name + "-" + number++;
        }
        return free;
    }

    static ObjectName nameOf(Message object) {
        Message metadata =
                (Message)
                        object.getField(object.getDescriptorForType().findFieldByName("metadata"));
        Object name = metadata.getField(metadata.getDescriptorForType().findFieldByName("name"));
        return new ObjectName(Envelope.kindOf(object), (String) name);
    }

    private void put(ObjectName name, Message object, String owner) {
        Checked<?> checked = draft.put(object);
        violations.addAll(checked.violations());
        plan.addAllWarnings(checked.warnings());
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

    private void remove(ObjectName name) {
        if (objects.remove(name) == null) {
            return;
        }
        draft.remove(name);
        change(Change.Action.ACTION_REMOVED, name, "");
        if (name.kind() == ObjectKind.RESOURCE) {
            // What is attached to nothing is no association any more.
            before.state().associations().values().stream()
                    .filter(association -> association.resource().equals(name.name()))
                    .map(association -> new ObjectName(ObjectKind.ASSOCIATION, association.name()))
                    .forEach(this::remove);
        }
    }

    /** Makes the objects those of another revision, with their owners, and nothing beside them. */
    void restore(SortedMap<ObjectName, StoredObject> target) {
        for (ObjectName name : before.objects().keySet()) {
            if (!target.containsKey(name)) {
                objects.remove(name);
                draft.remove(name);
                change(Change.Action.ACTION_REMOVED, name, "");
            }
        }
        target.forEach(this::restore);
    }

    private void restore(ObjectName name, StoredObject object) {
        StoredObject known = before.objects().get(name);
        if (object.equals(known)) {
            plan.setUnchanged(plan.getUnchanged() + 1);
            return;
        }
        Message message = stored.apply(object);
        Checked<?> checked = draft.put(message);
        violations.addAll(checked.violations());
        plan.addAllWarnings(checked.warnings());
        objects.put(name, object);
        if (known == null) {
            change(Change.Action.ACTION_ADDED, name, "");
            return;
        }
        List<String> details = new ArrayList<>();
        if (!known.getOwner().equals(object.getOwner())) {
            details.add(
                    "owner: " + Quoted.of(known.getOwner()) + " → " + Quoted.of(object.getOwner()));
        }
        if (!known.getSha256().equals(object.getSha256())) {
            details.add(ObjectChange.describe(stored.apply(known), message));
        }
        change(Change.Action.ACTION_CHANGED, name, String.join("; ", details));
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
     * @throws Refusal with every violation
     */
    DesiredState check(HostAddresses host) {
        DesiredState next = draft.state();
        TransactionCheck check = new TransactionCheck(before.state(), next);
        List<Violation> used = check.stillUsed();
        if (violations.isEmpty() && !used.isEmpty()) {
            throw Refusal.conflict(used);
        }
        violations.addAll(used);
        if (used.isEmpty()) {
            violations.addAll(StateCheck.references(next));
        }
        violations.addAll(TieCheck.check(draft.soundResources(), host));
        if (!violations.isEmpty()) {
            throw Refusal.invalid(violations);
        }
        plan.addAllWarnings(check.warnings());
        return next;
    }

    /**
     * @param sets what the address sets hold
     * @throws Refusal if there is more than there is room for
     */
    static void requireRoom(DesiredState state, Map<String, SortedSet<Prefix>> sets, Quota quota) {
        List<Violation> over = StateCheck.quota(state, sets, quota);
        if (!over.isEmpty()) {
            throw Refusal.tooMuch(over);
        }
    }

    void warn(List<String> warnings) {
        plan.addAllWarnings(warnings);
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
