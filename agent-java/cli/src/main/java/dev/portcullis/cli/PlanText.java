// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.Change;
import dev.portcullis.api.v1.Plan;
import java.util.Locale;

/** What a transaction did, or would do, for people. */
final class PlanText {
    private PlanText() {}

    static String of(Plan plan, long revision, boolean dryRun) {
        StringBuilder text = new StringBuilder();
        Table table = Table.of("ACTION", "KIND", "NAME", "DETAIL");
        for (Change change : plan.getChangesList()) {
            table.row(
                    action(change.getAction()),
                    change.getObject().getKind(),
                    change.getObject().getName(),
                    change.getDetail());
        }
        if (!table.isEmpty()) {
            text.append(table);
        }
        if (plan.getUnchanged() > 0) {
            text.append(Plural.of(plan.getUnchanged(), "object")).append(" unchanged\n");
        }
        return text.append(conclusion(plan, revision, dryRun)).append('\n').toString();
    }

    private static String conclusion(Plan plan, long revision, boolean dryRun) {
        if (plan.getChangesCount() == 0) {
            return "nothing to change; the revision stays " + Long.toUnsignedString(revision);
        }
        return dryRun
                ? "dry run: nothing was changed; the revision stays "
                        + Long.toUnsignedString(revision)
                : "in force as revision " + Long.toUnsignedString(revision);
    }

    private static String action(Change.Action action) {
        return action.name().replace("ACTION_", "").toLowerCase(Locale.ROOT);
    }
}
