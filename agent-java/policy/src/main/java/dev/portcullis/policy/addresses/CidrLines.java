// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

/** One address or CIDR a line; {@code #} begins a comment, and empty lines are nothing. */
final class CidrLines {
    private CidrLines() {}

    static void read(String text, ListedEntries entries) {
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            int comment = line.indexOf('#');
            String entry = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (!entry.isEmpty()) {
                entries.add("line " + number, entry, "", "");
            }
        }
    }
}
