// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.policy.model.Address;

/** Tells which answers are worth a refresh at the end of their TTL; the others are forgotten. */
@FunctionalInterface
public interface Usage {
    /** Every address that has a name; no other. */
    Usage NAMED = (address, named) -> named;

    /**
     * Is asked on a thread that must not wait.
     *
     * @param named whether the address has a confirmed name
     * @return whether packets of the address came in of late
     */
    boolean inUse(Address address, boolean named);
}
