// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

import java.io.IOException;

/**
 * Elastic Cloud's static addresses: an object of regions, of which each has lists of addresses by
 * what they are for. The lists' names ({@code egress_from_elastic}, {@code ingress_to_elastic})
 * count as services.
 */
final class StaticAddresses implements JsonForm {
    @Override
    public void read(JsonCursor json, ListedEntries entries) throws IOException {
        json.object(name -> {
            if (name.equals("regions")) {
                json.object(region -> lists(json, entries, region));
            } else {
                json.skip();
            }
        });
    }

    private static void lists(JsonCursor json, ListedEntries entries, String region)
            throws IOException {
        json.object(list ->
                json.array(() -> {
                    String place = json.path();
                    json.text().ifPresent(text -> entries.add(place, text, list, region));
                }));
    }
}
