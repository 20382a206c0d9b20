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
            appendString(text, entry.getKey().toString());
            text.append(": ");
            value(entry.getValue(), newline);
        } else if (value instanceof String string) {
            appendString(text, string);
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

    /**
     * A string in quotes, as JSON and YAML both take it; of what is beyond ASCII only letters and
     * digits stay as they are.
     */
    static void appendString(StringBuilder text, String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            appendCharacter(text, string.charAt(i));
        }
        text.append('"');
    }

    private static void appendCharacter(StringBuilder text, char c) {
        if (c == '"' || c == '\\') {
            text.append('\\').append(c);
        } else if (c == '\n') {
            text.append("\\n");
        } else if (c < ' ' || (c >= 127 && !Character.isLetterOrDigit(c))) {
            text.append(String.format("\\u%04x", (int) c));
        } else {
            text.append(c);
        }
    }
}
