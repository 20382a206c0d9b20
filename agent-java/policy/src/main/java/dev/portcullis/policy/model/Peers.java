// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Locale;

/**
 * Whom a rule is about. Prefixes are themselves; what else there is stands for other things at each
 * moment.
 */
public sealed interface Peers
        permits Prefix,
                Peers.Everyone,
                Peers.Localhost,
                Peers.InSet,
                Peers.HostName,
                Peers.NamePattern,
                Peers.Endpoint,
                Peers.AzureEndpoint {

    /** The word {@code _all}: every address of both families. */
    record Everyone() implements Peers {}

    /** The word {@code localhost}: loopback, and the host's own addresses. */
    record Localhost() implements Peers {}

    /** The addresses of the set of this name. */
    record InSet(String name) implements Peers {}

    /** Who comes by this private endpoint, from whatever address. */
    record Endpoint(PrivateEndpoint endpoint) implements Peers {}

    /**
     * Who comes by this private endpoint of Azure, whose link identifier is looked up.
     *
     * @param name of the private endpoint; in lower case, like {@code guid}, since Azure does not
     *     tell cases apart
     * @param guid its resource GUID
     */
    record AzureEndpoint(String name, String guid) implements Peers {
        public AzureEndpoint {
            name = name.toLowerCase(Locale.ROOT);
            guid = guid.toLowerCase(Locale.ROOT);
        }

        /** As Azure names the connection. */
        @Override
        public String toString() {
            return name + "." + guid;
        }
    }

    /**
     * The addresses that the name has in DNS.
     *
     * @param name in lower case, without a dot at the end
     */
    record HostName(String name) implements Peers {}

    /**
     * Addresses whose reverse-DNS name, confirmed by a look-up of that name, matches.
     *
     * @param pattern in lower case; {@code *} stands for any characters, {@code ?} for one
     */
    record NamePattern(String pattern) implements Peers {
        /** Whether a name, in lower case and without a dot at the end, matches. */
        public boolean matches(String name) {
            int i = 0;
            int j = 0;
            int star = -1;
            int resume = 0;
            while (j < name.length()) {
                char wanted = i < pattern.length() ? pattern.charAt(i) : 0;
                if (wanted == '*') {
                    star = i++;
                    resume = j;
                } else if (wanted == '?' || wanted == name.charAt(j)) {
                    i++;
                    j++;
                } else if (star >= 0) {
                    // The last star takes one character more.
                    i = star + 1;
                    j = ++resume;
                } else {
                    return false;
                }
            }
            while (i < pattern.length() && pattern.charAt(i) == '*') {
                i++;
            }
            return i == pattern.length();
        }
    }
}
