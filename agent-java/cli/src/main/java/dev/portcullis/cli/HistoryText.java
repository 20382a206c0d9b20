// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.Author;
import dev.portcullis.api.v1.ListHistoryResponse;
import dev.portcullis.api.v1.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Revisions and how they came, for people. */
final class HistoryText {
    /** Changes that a row names; {@code wide} names all. */
    private static final int NAMED = 2;

    private HistoryText() {}

    static String table(List<ListHistoryResponse> history, boolean wide) {
        if (history.isEmpty()) {
            return "no revision yet; \"portcullis apply\" makes the first\n";
        }
        Table table = Table.of("REVISION", "WHEN", "WHO", "FROM", "OWNER", "WHAT").right(0);
        boolean current = false;
        for (ListHistoryResponse entry : history) {
            Origin origin = entry.getOrigin();
            current |= entry.getCurrent();
            table.row(
                    (entry.getCurrent() ? "* " : "") + Long.toUnsignedString(entry.getRevision()),
                    MessageText.time(entry.hasTime(), entry.getTime()),
                    who(origin.getAuthor()),
                    origin.getAuthor().getFrom(),
                    origin.getOwner(),
                    what(origin, wide ? origin.getChangesCount() : NAMED));
        }
        return table + (current ? "* is in force\n" : "");
    }

    /** A revision with each of its changes. */
    static String one(ListHistoryResponse entry) {
        StringBuilder text = new StringBuilder();
        Origin origin = entry.getOrigin();
        line(
                text,
                "revision",
                Long.toUnsignedString(entry.getRevision())
                        + (entry.getCurrent() ? ", in force" : ""));
        line(text, "when", MessageText.time(entry.hasTime(), entry.getTime()));
        line(text, "who", who(origin.getAuthor()));
        line(text, "from", origin.getAuthor().getFrom());
        line(text, "owner", origin.getOwner());
        line(text, "what", action(origin));
        if (!entry.hasOrigin()) {
            return text + "how it came was not kept by the version that made it\n";
        }
        text.append('\n').append(PlanText.changes(origin.getChangesList()));
        if (origin.getMoreChanges() > 0) {
            text.append("and ").append(Plural.of(origin.getMoreChanges(), "more change"));
            text.append('\n');
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-10s%s%n", name, value.isEmpty() ? "-" : value));
    }

    private static String who(Author author) {
        return author.hasUid()
                ? author.getName() + " (uid " + Integer.toUnsignedString(author.getUid()) + ")"
                : author.getName();
    }

    private static String action(Origin origin) {
        String action = origin.getAction();
        if (!origin.hasRolledBackTo()) {
            return action;
        }
        return (action.equals("rollback") ? action : action + ", back")
                + " to "
                + Long.toUnsignedString(origin.getRolledBackTo());
    }

    /** Such as {@code apply: policy office changed, and 3 more}. */
    private static String what(Origin origin, int named) {
        List<String> words = new ArrayList<>();
        origin.getChangesList().stream().limit(named).map(PlanText::sentence).forEach(words::add);
        int more = origin.getChangesCount() - words.size() + origin.getMoreChanges();
        if (more > 0) {
            words.add(String.format(Locale.ROOT, "and %,d more", more));
        }
        return words.isEmpty() ? action(origin) : action(origin) + ": " + String.join(", ", words);
    }
}
