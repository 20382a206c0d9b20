// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

/** Text from elsewhere on one line, with nothing in it that a terminal or YAML would act on. */
public final class PlainLine {
    private PlainLine() {}

    /** The text, with its code in place of each character that is not shown. */
    public static String of(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> append(line, c));
        return line.toString();
    }

    private static void append(StringBuilder line, int c) {
        if (isShown(c)) {
            line.appendCodePoint(c);
        } else {
            line.append(String.format("\\u%04x", c));
        }
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
