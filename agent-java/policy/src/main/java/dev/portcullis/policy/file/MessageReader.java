// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.portcullis.policy.file.YamlTree.Entry;
import dev.portcullis.policy.file.YamlTree.Mapping;
import dev.portcullis.policy.file.YamlTree.Scalar;
import dev.portcullis.policy.file.YamlTree.Sequence;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Suggestion;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Walks a YAML tree along a message's descriptor and sets what fits. What does not fit is told, and
 * left out; the walk goes on, so that one run finds everything. The schema bounds the depth.
 */
final class MessageReader {
    /** Where to tell what does not fit. */
    interface Problems {
        void add(YamlTree at, String field, String message);

        /** A field that was meant, but is not set; that it is missing need not be told again. */
        void meant(String field);
    }

    private final Map<Descriptor, Map<String, FieldDescriptor>> fields = new HashMap<>();
    private final Problems problems;

    MessageReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * @param path of {@code map}, empty for the object itself
     * @param others names in {@code map} that are none of the message's, and not looked at here
     */
    void read(Mapping map, Message.Builder message, String path, Set<String> others) {
        Map<String, FieldDescriptor> known = fields(message.getDescriptorForType());
        Map<String, YamlTree> seen = new HashMap<>();
        for (Entry entry : map.entries()) {
            if (!(entry.key() instanceof Scalar key)) {
                problems.add(entry.key(), path, "has a field whose name is not text");
                continue;
            }
            String name = jsonName(message.getDescriptorForType(), key.text());
            String fieldPath = path.isEmpty() ? name : path + "." + name;
            YamlTree first = seen.putIfAbsent(name, key);
            if (first != null) {
                problems.add(
                        key,
                        fieldPath,
                        "is given a second time, after line "
                                + first.line()
                                + "; keep one of them");
            } else if (known.containsKey(name)) {
                readField(entry.value(), message, known.get(name), fieldPath);
            } else if (!others.contains(name)) {
                unknown(key, path, fieldPath, union(known.keySet(), others));
            }
        }
    }

    /** The canonical JSON form is read with the names of the schema too: {@code on_deny}. */
    private static String jsonName(Descriptor type, String name) {
        FieldDescriptor field = type.findFieldByName(name);
        return field == null ? name : field.getJsonName();
    }

    private void unknown(Scalar key, String path, String fieldPath, Set<String> names) {
        String shown = fieldPath.length() <= 100 ? fieldPath : fieldPath.substring(0, 100) + "…";
        problems.add(
                key,
                shown,
                "no such field"
                        + Suggestion.didYouMean(key.text(), names)
                        + "; known here: "
                        + String.join(", ", names));
        Suggestion.of(key.text(), names)
                .ifPresent(meant -> problems.meant(path.isEmpty() ? meant : path + "." + meant));
    }

    private void readField(
            YamlTree node, Message.Builder message, FieldDescriptor field, String path) {
        if (node.isNull()) {
            return;
        }
        if (field.isMapField()) {
            throw new IllegalStateException(field.getFullName() + " is a map");
        }
        if (!field.isRepeated()) {
            readValue(node, message, field, path);
        } else if (node instanceof Sequence list && isPlain(node, path)) {
            for (int i = 0; i < list.items().size(); i++) {
                YamlTree item = list.items().get(i);
                String itemPath = path + "[" + i + "]";
                if (item.isNull()) {
                    problems.add(item, itemPath, "is empty; give it a value or take it out");
                } else {
                    readValue(item, message, field, itemPath);
                }
            }
        } else if (!(node instanceof Sequence)) {
            problems.add(
                    node, path, "is " + node.describe() + ", and must be a list, such as [...]");
        }
    }

    private void readValue(
            YamlTree node, Message.Builder message, FieldDescriptor field, String path) {
        if (!isPlain(node, path)) {
            return;
        }
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            if (node instanceof Mapping map) {
                Message.Builder part = message.newBuilderForField(field);
                read(map, part, path, Set.of());
                set(message, field, part.build());
            } else {
                String names = String.join(", ", fields(field.getMessageType()).keySet());
                problems.add(
                        node, path, "is " + node.describe() + ", and must be a map of " + names);
            }
        } else if (node instanceof Scalar scalar) {
            try {
                set(message, field, ScalarReader.value(field, scalar.text()));
            } catch (IllegalArgumentException e) {
                problems.add(node, path, "is " + node.describe() + ", and " + e.getMessage());
            }
        } else {
            problems.add(node, path, "is " + node.describe() + ", and must be one value");
        }
    }

    private static void set(Message.Builder message, FieldDescriptor field, Object value) {
        if (field.isRepeated()) {
            message.addRepeatedField(field, value);
        } else {
            message.setField(field, value);
        }
    }

    private boolean isPlain(YamlTree node, String path) {
        node.foreignTag()
                .ifPresent(tag -> {
                    String message = "has the YAML tag " + Quoted.of(tag) + "; take it out";
                    problems.add(node, path, message);
                });
        return node.foreignTag().isEmpty();
    }

    private Map<String, FieldDescriptor> fields(Descriptor type) {
        return fields.computeIfAbsent(type, MessageReader::byJsonName);
    }

    private static Map<String, FieldDescriptor> byJsonName(Descriptor type) {
        Map<String, FieldDescriptor> byName = new LinkedHashMap<>();
        List<FieldDescriptor> all = type.getFields();
        all.forEach(field -> byName.put(field.getJsonName(), field));
        return byName;
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new LinkedHashSet<>(others);
        all.addAll(some);
        return all;
    }
}
