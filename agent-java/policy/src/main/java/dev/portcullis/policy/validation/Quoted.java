// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

/** A value as messages show it: in quotes, on one line, and not at any length. */
public final class Quoted {
    private static final int LONGEST = 80;

    private Quoted() {}

    public static String of(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        value.codePoints().limit(LONGEST).forEach(c -> append(quoted, c));
        if (value.codePointCount(0, value.length()) > LONGEST) {
            quoted.append("…");
        }
        return quoted.append('"').toString();
    }

    private static void append(StringBuilder quoted, int c) {
        if (c == '"' || c == '\\') {
            quoted.append('\\').append((char) c);
        } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
            quoted.append(String.format("\\u%04x", c));
        } else {
            quoted.appendCodePoint(c);
        }
    }
}
