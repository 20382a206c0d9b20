// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import java.nio.charset.StandardCharsets;

/** What the kernel takes for the name of an interface. */
final class InterfaceName {
    /** IFNAMSIZ without the terminating zero. */
    private static final int MOST_BYTES = 15;

    private InterfaceName() {}

    static void check(String name, String field, Findings findings) {
        if (name.equals("lo")) {
            findings.violation(field, "lo is never guarded: loopback is not judged; take it out");
        } else if (name.indexOf('*') >= 0 || name.indexOf('?') >= 0) {
            findings.violation(
                    field,
                    Quoted.of(name)
                            + " is a pattern; a resource names each interface, only agent.yaml has"
                            + " patterns");
        } else if (!isName(name)) {
            findings.violation(
                    field,
                    Quoted.of(name)
                            + " is not an interface's name; write 1 to 15 characters without"
                            + " blanks, \"/\" and \":\"");
        }
    }

    private static boolean isName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes >= 1
                && bytes <= MOST_BYTES
                && !name.equals(".")
                && !name.equals("..")
                && name.chars()
                        .noneMatch(c ->
                                c == '/'
                                        || c == ':'
                                        || Character.isWhitespace(c)
                                        || Character.isISOControl(c));
    }
}
