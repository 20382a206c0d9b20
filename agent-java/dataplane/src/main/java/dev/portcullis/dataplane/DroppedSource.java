// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import java.time.Instant;
import java.util.Optional;

/**
 * What was denied of one peer for one reason, since the kernel took it up.
 *
 * @param remote the source of what came in, the destination of what was to go out; empty where
 *     packets ended before their addresses
 * @param original whom that one, a balancer, has sent the packets for; empty if it is none
 * @param decision tells by {@link Decision#audit} whether the packets passed
 * @param first to about a second, like {@code last}
 */
public record DroppedSource(
        Optional<Address> remote,
        Optional<Original> original,
        Decision decision,
        long packets,
        long bytes,
        Instant first,
        Instant last) {}
