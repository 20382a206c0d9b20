// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Lists of objects of one prefix each, with its service and region beside it: those of Amazon
 * (ip-ranges.json) and Google (cloud.json, goog.json, which has prefixes alone).
 *
 * @param lists the document's members that are such lists
 * @param prefixes the members of an object that may hold a prefix
 */
record PrefixObjects(List<String> lists, List<String> prefixes, String service, String region)
        implements JsonForm {
    static final PrefixObjects AWS =
            new PrefixObjects(
                    List.of("prefixes", "ipv6_prefixes"),
                    List.of("ip_prefix", "ipv6_prefix"),
                    "service",
                    "region");
    static final PrefixObjects GOOGLE =
            new PrefixObjects(
                    List.of("prefixes"), List.of("ipv4Prefix", "ipv6Prefix"), "service", "scope");

    @Override
    public void read(JsonCursor json, ListedEntries entries) throws IOException {
        json.object(name -> {
            if (lists.contains(name)) {
                json.array(() -> entry(json, entries));
            } else {
                json.skip();
            }
        });
    }

    private void entry(JsonCursor json, ListedEntries entries) throws IOException {
        Entry entry = new Entry();
        String start = json.path();
        boolean object =
                json.object(name -> {
                    if (prefixes.contains(name)) {
                        entry.known = true;
                        String place = json.path();
                        entry.prefix = json.text().map(text -> new Located(place, text));
                    } else if (name.equals(service)) {
                        entry.service = json.text().orElse("");
                    } else if (name.equals(region)) {
                        entry.region = json.text().orElse("");
                    } else {
                        json.skip();
                    }
                });
        if (object && !entry.known) {
            entries.bad(start, "has no " + String.join(" and no ", prefixes));
        }
        entry.prefix.ifPresent(
                prefix -> entries.add(prefix.place(), prefix.text(), entry.service, entry.region));
    }

    /** What is known of an object so far: its members come in any order. */
    private static final class Entry {
        private boolean known;
        private Optional<Located> prefix = Optional.empty();
        private String service = "";
        private String region = "";
    }
}
