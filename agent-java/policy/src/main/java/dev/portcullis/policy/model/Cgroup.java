// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/**
 * A cgroup v2 that exists.
 *
 * @param id by which the kernel knows it
 * @param path absolute below the root, which has {@code /}
 */
public record Cgroup(long id, String path) {
    /** Levels below the root. */
    public int depth() {
        return path.equals("/") ? 0 : (int) path.chars().filter(c -> c == '/').count();
    }

    /** Whether the other is this one or below it. */
    public boolean holds(Cgroup other) {
        return path.equals("/") || other.path.equals(path) || other.path.startsWith(path + "/");
    }
}
