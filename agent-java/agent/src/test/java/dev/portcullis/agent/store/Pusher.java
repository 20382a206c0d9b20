// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import java.nio.file.Path;

/**
 * A process that makes three revisions and keeps two, for {@link CrashTest} to end at any moment. A
 * line on standard output tells each revision that is in force, and each attempt that was refused.
 */
final class Pusher {
    static final int LIMIT = 2;
    static final int REVISIONS = 3;

    private Pusher() {}

    public static void main(String[] arguments) {
        try (Store store = open(Path.of(arguments[0]))) {
            for (int revision = 1; revision <= REVISIONS; revision++) {
                push(store, revision);
                System.out.println("published " + revision);
            }
        }
    }

    private static Store open(Path directory) {
        try {
            return Store.open(directory, LIMIT);
        } catch (StoreException e) {
            System.out.println("refused: " + e.getMessage());
            return Store.open(directory, LIMIT);
        }
    }

    private static void push(Store store, long revision) {
        try {
            Revisions.keep(store, revision);
        } catch (StoreException e) {
            System.out.println("refused: " + e.getMessage());
            Revisions.keep(store, revision);
        }
    }
}
