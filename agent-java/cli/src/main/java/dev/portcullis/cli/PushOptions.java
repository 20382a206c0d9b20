// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.ApplyOptions;
import picocli.CommandLine.Option;

/** Whose objects files hold, and what becomes of others of theirs. */
final class PushOptions {
    @Option(
            names = "--replace",
            description = "also delete what the owner had and the files do not hold")
    private boolean replace;

    @Option(
            names = "--owner",
            paramLabel = "NAME",
            defaultValue = "default",
            description =
                    "whose objects these are; only their owner changes them (default:"
                            + " ${DEFAULT-VALUE})")
    private String owner;

    ApplyOptions.Builder builder() {
        return ApplyOptions.newBuilder().setReplace(replace).setOwner(owner);
    }
}
