// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Suggestion;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Walks a YAML tree along a message's descriptor and sets what fits. What does not fit is told, and
 * left out; the walk goes on, so that one run finds everything. The schema bounds the depth.
 */
final class MessageReader {
    /** Where to tell what does not fit. */
    interface Problems {
        void add(Node at, String field, String message);

        /** A field that was meant, but is not set; that it is missing need not be told again. */
        void meant(String field);
    }

    private static final Set<Tag> PLAIN_TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP);

    private final Map<Descriptor, Map<String, FieldDescriptor>> fields = new HashMap<>();
    private final Problems problems;

    MessageReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * @param path of {@code map}, empty for the object itself
     * @param others names in {@code map} that are none of the message's, and not looked at here
     */
    void read(MappingNode map, Message.Builder message, String path, Set<String> others) {
        Map<String, FieldDescriptor> known = fields(message.getDescriptorForType());
        Map<String, Node> seen = new HashMap<>();
        for (NodeTuple entry : map.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                problems.add(entry.getKeyNode(), path, "has a field whose name is not text");
                continue;
            }
            String name = key.getValue();
            String fieldPath = path.isEmpty() ? name : path + "." + name;
            Node first = seen.putIfAbsent(name, key);
            if (first != null) {
                problems.add(
                        key,
                        fieldPath,
                        "is given a second time, after line "
                                + YamlStream.line(first)
                                + "; keep one of them");
            } else if (known.containsKey(name)) {
                readField(entry.getValueNode(), message, known.get(name), fieldPath);
            } else if (!others.contains(name)) {
                unknown(key, path, fieldPath, union(known.keySet(), others));
            }
        }
    }

    private void unknown(ScalarNode key, String path, String fieldPath, Set<String> names) {
        String shown = fieldPath.length() <= 100 ? fieldPath : fieldPath.substring(0, 100) + "…";
        problems.add(
                key,
                shown,
                "no such field"
                        + Suggestion.didYouMean(key.getValue(), names)
                        + "; known here: "
                        + String.join(", ", names));
        Suggestion.of(key.getValue(), names)
                .ifPresent(meant -> problems.meant(path.isEmpty() ? meant : path + "." + meant));
    }

    private void readField(Node node, Message.Builder message, FieldDescriptor field, String path) {
        if (isNull(node)) {
            return;
        }
        if (field.isMapField()) {
            throw new IllegalStateException(field.getFullName() + " is a map");
        }
        if (!field.isRepeated()) {
            readValue(node, message, field, path);
        } else if (node instanceof SequenceNode list && isPlain(node, path)) {
            for (int i = 0; i < list.getValue().size(); i++) {
                Node item = list.getValue().get(i);
                String itemPath = path + "[" + i + "]";
                if (isNull(item)) {
                    problems.add(item, itemPath, "is empty; give it a value or take it out");
                } else {
                    readValue(item, message, field, itemPath);
                }
            }
        } else if (!(node instanceof SequenceNode)) {
            problems.add(
                    node, path, "is " + describe(node) + ", and must be a list, such as [...]");
        }
    }

    private void readValue(Node node, Message.Builder message, FieldDescriptor field, String path) {
        if (!isPlain(node, path)) {
            return;
        }
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            if (node instanceof MappingNode map) {
                Message.Builder part = message.newBuilderForField(field);
                read(map, part, path, Set.of());
                set(message, field, part.build());
            } else {
                String names = String.join(", ", fields(field.getMessageType()).keySet());
                problems.add(
                        node, path, "is " + describe(node) + ", and must be a map of " + names);
            }
        } else if (node instanceof ScalarNode scalar) {
            try {
                set(message, field, ScalarReader.value(field, scalar.getValue()));
            } catch (IllegalArgumentException e) {
                problems.add(node, path, "is " + describe(node) + ", and " + e.getMessage());
            }
        } else {
            problems.add(node, path, "is " + describe(node) + ", and must be one value");
        }
    }

    private static void set(Message.Builder message, FieldDescriptor field, Object value) {
        if (field.isRepeated()) {
            message.addRepeatedField(field, value);
        } else {
            message.setField(field, value);
        }
    }

    private boolean isPlain(Node node, String path) {
        boolean plain = PLAIN_TAGS.contains(node.getTag());
        if (!plain) {
            String tag = Quoted.of(node.getTag().getValue());
            problems.add(node, path, "has the YAML tag " + tag + "; take it out");
        }
        return plain;
    }

    /** Empty, {@code null} or {@code ~}: the same as a field that is not there. */
    static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    static String describe(Node node) {
        if (node instanceof ScalarNode scalar) {
            return Quoted.of(scalar.getValue());
        }
        return node instanceof SequenceNode ? "a list" : "a map";
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
