// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

/** A header says what can't be. */
final class Contradiction extends Exception {
    private Contradiction() {
        super(null, null, false, false);
    }

    static void check(boolean holds) throws Contradiction {
        if (!holds) {
            throw new Contradiction();
        }
    }
}
