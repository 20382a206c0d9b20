// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.api.v1.Change;
import dev.portcullis.api.v1.Origin;
import dev.portcullis.api.v1.Plan;
import dev.portcullis.policy.model.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** How revisions come to be: in bounded messages that manifests keep, and in words. */
final class Origins {
    private static final int MOST_CHANGES = 200;
    private static final int LONGEST_DETAIL = 300;

    /** Changes that a sentence names. */
    private static final int NAMED = 3;

    private Origins() {}

    static Origin of(String action, Author author, String owner) {
        return Origin.newBuilder()
                .setAction(action)
                .setAuthor(author.message())
                .setOwner(owner)
                .build();
    }

    static Origin rollback(Author author, long to) {
        return of("rollback", author, "").toBuilder().setRolledBackTo(to).build();
    }

    /** By the agent itself. */
    static Origin notConfirmed(long backTo) {
        Author agent = new Author(Transaction.AGENT, OptionalInt.empty(), "this agent");
        return of("not confirmed", agent, "").toBuilder().setRolledBackTo(backTo).build();
    }

    /** With what a plan changes. */
    static Origin with(Origin origin, Plan plan) {
        List<Change> kept =
                plan.getChangesList().stream().limit(MOST_CHANGES).map(Origins::bounded).toList();
        return origin.toBuilder()
                .addAllChanges(kept)
                .setMoreChanges(plan.getChangesCount() - kept.size())
                .build();
    }

    private static Change bounded(Change change) {
        String detail = change.getDetail();
        return detail.length() <= LONGEST_DETAIL
                ? change
                : change.toBuilder().setDetail(detail.substring(0, LONGEST_DETAIL) + "…").build();
    }

    /** Such as {@code alice (uid 1000)}. */
    static String who(Origin origin) {
        String name = origin.getAuthor().getName();
        return origin.getAuthor().hasUid()
                ? name + " (uid " + Integer.toUnsignedString(origin.getAuthor().getUid()) + ")"
                : name;
    }

    /**
     * Such as {@code by alice (uid 1000) from the unix socket: 1 change (policy office changed)}.
     */
    static String sentence(Origin origin) {
        String from = origin.getAuthor().getFrom();
        int count = origin.getChangesCount() + origin.getMoreChanges();
        List<String> words = new ArrayList<>();
        origin.getChangesList().stream().limit(NAMED).map(Origins::words).forEach(words::add);
        if (count > words.size()) {
            words.add(String.format(Locale.ROOT, "and %,d more", count - words.size()));
        }
        return String.format(
                Locale.ROOT,
                "by %s from %s%s: %,d %s (%s)",
                who(origin),
                from.equals(Author.SOCKET) ? "the " : "",
                from,
                count,
                count == 1 ? "change" : "changes",
                String.join(", ", words));
    }

    private static String words(Change change) {
        String kind = change.getObject().getKind();
        return ObjectKind.of(kind).map(ObjectKind::label).orElse(kind)
                + " "
                + change.getObject().getName()
                + " "
                + change.getAction().name().replace("ACTION_", "").toLowerCase(Locale.ROOT);
    }
}
