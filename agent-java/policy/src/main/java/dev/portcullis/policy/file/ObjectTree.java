// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An object as maps, lists, strings, numbers and booleans, in the schema's order of fields. */
final class ObjectTree {
    private ObjectTree() {}

    static Map<String, Object> of(Message object) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(Envelope.API_VERSION, Envelope.CURRENT_VERSION);
        tree.put(Envelope.KIND, Envelope.kindOf(object).text());
        tree.putAll(message(object));
        return tree;
    }

    /** Fields that are set; proto3 leaves out those that hold their default. */
    private static Map<String, Object> message(Message message) {
        Map<String, Object> tree = new LinkedHashMap<>();
        message.getAllFields()
                .forEach((field, value) -> tree.put(field.getJsonName(), all(field, value)));
        return tree;
    }

    private static Object all(FieldDescriptor field, Object value) {
        if (value instanceof List<?> list && field.isRepeated()) {
            return list.stream().map(item -> one(field, item)).toList();
        }
        return one(field, value);
    }

    private static Object one(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case MESSAGE -> message((Message) value);
            case ENUM -> ((EnumValueDescriptor) value).getName();
            case UINT32 -> Integer.toUnsignedLong((Integer) value);
            case UINT64 -> Long.toUnsignedString((Long) value);
            case INT64 -> Long.toString((Long) value);
            default -> value;
        };
    }
}
