// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.policy.model.Address;
import java.util.Set;

/**
 * How it stands with an exact host name.
 *
 * @param addresses that it stands for now
 * @param problem for people; empty if all is well. A name may have addresses and a problem: then
 *     DNS has stopped to answer, and the last answer stays
 */
public record HostState(String name, Set<Address> addresses, String problem) {
    public HostState {
        addresses = Set.copyOf(addresses);
    }
}
