// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A packet that was dropped, or would have been if its resource were not in audit mode.
 *
 * @param interfaceName the interface it came in at; its index in digits if it is gone
 * @param source empty when the packet ended before its addresses, like {@code destination}
 * @param sourcePort 0 if there is none, like {@code destinationPort}
 * @param protocol the number of the protocol
 * @param length of the frame, in bytes
 * @param decision tells by {@link Decision#audit} whether it passed
 * @param vlans ids, outer first
 * @param original whom a balancer has sent it for; empty if it is not from one
 */
public record Drop(
        Instant time,
        String interfaceName,
        Optional<Address> source,
        int sourcePort,
        Optional<Address> destination,
        int destinationPort,
        int protocol,
        int length,
        Decision decision,
        List<Integer> vlans,
        Optional<Original> original) {
    public Drop {
        vlans = List.copyOf(vlans);
    }
}
