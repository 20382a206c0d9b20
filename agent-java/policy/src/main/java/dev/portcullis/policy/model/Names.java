// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What DNS has answered so far. Names are in lower case, without a dot at the end.
 *
 * @param addresses of exact host names; a name that has none, or has not been answered yet, is not
 *     there or has the empty set
 * @param reverse the confirmed names of addresses: perhaps none at all; empty where DNS does not
 *     answer; an address that is not there has not been asked for yet
 */
public record Names(
        Map<String, Set<Address>> addresses, Map<Address, Optional<Set<String>>> reverse) {
    public static final Names NONE = new Names(Map.of(), Map.of());

    public Names {
        addresses = Map.copyOf(addresses);
        reverse = Map.copyOf(reverse);
    }
}
