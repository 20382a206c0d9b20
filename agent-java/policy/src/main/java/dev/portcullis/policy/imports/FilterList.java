// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code allow} or {@code deny} of a filter as the file has it.
 *
 * @param written whether it is in the file, if only as an empty list; then nothing else is used in
 *     its place
 */
record FilterList(boolean written, List<String> entries, List<Remark> remarks) {
    private static final String ALL = "_all";

    FilterList {
        entries = List.copyOf(entries);
        remarks = List.copyOf(remarks);
    }

    /**
     * @param action {@code allow} or {@code deny}
     */
    static FilterList of(NodeSettings settings, NodeInterface at, String action) {
        String name = at.filter() + "." + action;
        Optional<List<NodeSettings.Value>> values = settings.list(name);
        List<String> entries = new ArrayList<>();
        List<Remark> remarks = new ArrayList<>();
        for (NodeSettings.Value value : values.orElse(List.of())) {
            FilterEntry entry = FilterEntry.of(value.text());
            entry.text().filter(text -> !entries.contains(text)).ifPresent(entries::add);
            if (!entry.remark().isEmpty()) {
                remarks.add(remark(name, action, entry));
            }
        }
        if (entries.contains(ALL) && entries.size() > 1) {
            remarks.add(Remark.about(name + " holds _all, to which its other values add nothing"));
            entries.removeIf(text -> !text.equals(ALL));
        }
        return new FilterList(values.isPresent(), entries, remarks);
    }

    private static Remark remark(String name, String action, FilterEntry entry) {
        String sentence = name + ": " + entry.remark();
        if (entry.text().isPresent()) {
            return Remark.about(sentence);
        }
        return Remark.lost(
                sentence
                        + (action.equals("deny")
                                ? "; until then this list does not keep out whom it means"
                                : "; until then this list does not let in whom it means"));
    }

    /**
     * Whether an empty list is meant, where another's would be used if this one were not written.
     */
    boolean isWrittenEmpty() {
        return written && entries.isEmpty();
    }

    /** The list in force, where {@code other} is used if this one is not written. */
    List<String> orElse(List<String> other) {
        return written ? entries : other;
    }
}
