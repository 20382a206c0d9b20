// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Maps, lists, strings, numbers and booleans as indented JSON. */
final class JsonText {
    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    static String of(Object tree) {
        JsonText json = new JsonText();
        json.value(tree, "\n");
        return json.text.append('\n').toString();
    }

    /**
     * @param newline a line's end and the indentation of the next
     */
    private void value(Object value, String newline) {
        if (value instanceof Map<?, ?> map) {
            container(map.entrySet().iterator(), "{", "}", newline);
        } else if (value instanceof List<?> list) {
            container(list.iterator(), "[", "]", newline);
        } else if (value instanceof Map.Entry<?, ?> entry) {
            string(entry.getKey().toString());
            text.append(": ");
            value(entry.getValue(), newline);
        } else if (value instanceof String string) {
            string(string);
        } else {
            text.append(value);
        }
    }

    private void container(Iterator<?> items, String open, String close, String newline) {
        text.append(open);
        if (items.hasNext()) {
            String separator = "";
            while (items.hasNext()) {
                text.append(separator).append(newline).append("  ");
                value(items.next(), newline + "  ");
                separator = ",";
            }
            text.append(newline);
        }
        text.append(close);
    }

    private void string(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            character(string.charAt(i));
        }
        text.append('"');
    }

    private void character(char c) {
        if (c == '"' || c == '\\') {
            text.append('\\').append(c);
        } else if (c == '\n') {
            text.append("\\n");
        } else if (c < ' ' || c >= 127) {
            text.append(String.format("\\u%04x", (int) c));
        } else {
            text.append(c);
        }
    }
}
