// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Microsoft's service tags: each has a name, a region (empty for all) and its prefixes. */
final class ServiceTags implements JsonForm {
    @Override
    public void read(JsonCursor json, ListedEntries entries) throws IOException {
        json.object(name -> {
            if (name.equals("values")) {
                json.array(() -> tag(json, entries));
            } else {
                json.skip();
            }
        });
    }

    private static void tag(JsonCursor json, ListedEntries entries) throws IOException {
        Tag tag = new Tag();
        String place = json.path();
        boolean object =
                json.object(name -> {
                    switch (name) {
                        case "name" -> tag.name = json.text().orElse("");
                        case "properties" -> properties(json, tag);
                        default -> json.skip();
                    }
                });
        if (object && tag.name.isEmpty()) {
            entries.bad(place, "has no name");
        }
        for (Located prefix : tag.prefixes) {
            entries.add(prefix.place(), prefix.text(), tag.name, tag.region);
        }
    }

    private static void properties(JsonCursor json, Tag tag) throws IOException {
        json.object(name -> {
            switch (name) {
                case "region" -> tag.region = json.text().orElse("");
                case "addressPrefixes" -> json.array(() -> prefix(json, tag));
                default -> json.skip();
            }
        });
    }

    private static void prefix(JsonCursor json, Tag tag) throws IOException {
        String place = json.path();
        json.text().ifPresent(text -> tag.prefixes.add(new Located(place, text)));
    }

    /** What is known of a tag so far: its members come in any order. */
    private static final class Tag {
        private final List<Located> prefixes = new ArrayList<>();
        private String name = "";
        private String region = "";
    }
}
