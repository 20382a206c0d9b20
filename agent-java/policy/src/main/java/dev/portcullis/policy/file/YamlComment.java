// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

/**
 * A line of text as comment lines of YAML. Whatever the text holds, it stays inside the comment.
 *
 * <p>Long lines are broken between words, and go on with the indentation that they began with.
 */
final class YamlComment {
    private static final int WIDTH = 100;

    private YamlComment() {}

    /** One or several lines, without an end of line after the last. */
    static String of(String line) {
        String plain = PlainLine.of(line);
        String indent = plain.substring(0, plain.length() - plain.stripLeading().length());
        StringBuilder text = new StringBuilder("#");
        int column = 1;
        String gap = " " + indent;
        for (String word : plain.strip().split(" +")) {
            if (column > 1 + gap.length() && column + 1 + word.length() > WIDTH) {
                text.append("\n#");
                column = 1;
                gap = " " + indent;
            }
            text.append(word.isEmpty() ? "" : gap).append(word);
            column += gap.length() + word.length();
            gap = " ";
        }
        return text.toString();
    }
}
