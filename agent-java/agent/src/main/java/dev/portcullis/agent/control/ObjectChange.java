// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.portcullis.policy.validation.Quoted;
import java.util.ArrayList;
import java.util.List;

/** What differs between two versions of an object, in words. */
final class ObjectChange {
    private final List<String> words = new ArrayList<>();

    private ObjectChange() {}

    /** Such as {@code rules: 2 added, 1 removed}. */
    static String describe(Message before, Message after) {
        ObjectChange change = new ObjectChange();
        change.compare(spec(before), spec(after));
        return String.join("; ", change.words);
    }

    private static Message spec(Message object) {
        return (Message) object.getField(object.getDescriptorForType().findFieldByName("spec"));
    }

    private void compare(Message before, Message after) {
        for (FieldDescriptor field : before.getDescriptorForType().getFields()) {
            Object old = before.getField(field);
            Object now = after.getField(field);
            if (old.equals(now)) {
                continue;
            }
            words.add(
                    field.getJsonName()
                            + ": "
                            + (field.isRepeated()
                                    ? list((List<?>) old, (List<?>) now)
                                    : value(field, before) + " → " + value(field, after)));
        }
    }

    private static String value(FieldDescriptor field, Message message) {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            return message.hasField(field) ? "set" : "not set";
        }
        boolean set = !field.hasPresence() || message.hasField(field);
        String text = set ? message.getField(field).toString() : "";
        return text.isEmpty()
                ? "none"
                : field.getJavaType() == FieldDescriptor.JavaType.STRING ? Quoted.of(text) : text;
    }

    private static String list(List<?> before, List<?> after) {
        Multiset<Object> old = HashMultiset.create(before);
        Multiset<Object> now = HashMultiset.create(after);
        int added = Multisets.difference(now, old).size();
        int removed = Multisets.difference(old, now).size();
        List<String> parts = new ArrayList<>();
        if (added > 0) {
            parts.add(added + " added");
        }
        if (removed > 0) {
            parts.add(removed + " removed");
        }
        return parts.isEmpty() ? "in another order" : String.join(", ", parts);
    }
}
