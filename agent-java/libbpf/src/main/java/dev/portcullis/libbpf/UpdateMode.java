// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/** What an update does about an entry that is or isn't there. */
public enum UpdateMode {
    /** Makes or replaces it. */
    ANY(0),
    /** Makes it; one that is there is an error, {@code EEXIST}. */
    NOEXIST(1),
    /** Replaces it; one that isn't there is an error, {@code ENOENT}. */
    EXIST(2);

    private final long flag;

    UpdateMode(long flag) {
        this.flag = flag;
    }

    long flag() {
        return flag;
    }
}
