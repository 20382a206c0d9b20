// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.Change;
import dev.portcullis.api.v1.Plan;
import dev.portcullis.policy.model.ObjectKind;
import java.util.List;
import java.util.Locale;

/** What a transaction did, or would do, for people. */
final class PlanText {
    private PlanText() {}

    static String of(Plan plan, long revision, boolean dryRun) {
        StringBuilder text = new StringBuilder();
        text.append(changes(plan.getChangesList()));
        if (plan.getUnchanged() > 0) {
            text.append(Plural.of(plan.getUnchanged(), "object")).append(" unchanged\n");
        }
        return text.append(conclusion(plan, revision, dryRun)).append('\n').toString();
    }

    /** A table of them; nothing if there are none. */
    static String changes(List<Change> changes) {
        Table table = Table.of("ACTION", "KIND", "NAME", "DETAIL");
        for (Change change : changes) {
            table.row(
                    action(change.getAction()),
                    change.getObject().getKind(),
                    change.getObject().getName(),
                    change.getDetail());
        }
        return table.isEmpty() ? "" : table.toString();
    }

    /** Such as {@code policy office changed}. */
    static String sentence(Change change) {
        String kind = change.getObject().getKind();
        return ObjectKind.of(kind).map(ObjectKind::label).orElse(kind)
                + " "
                + change.getObject().getName()
                + " "
                + action(change.getAction());
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
