// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Optional;

/**
 * A protocol, and a range of its ports or all of it.
 *
 * @param ports empty for every port, and for packets that have none
 */
public record PortMatch(Protocol protocol, Optional<PortRange> ports) {
    /** Every protocol and port. */
    public static final PortMatch EVERYTHING = new PortMatch(Protocol.ANY, Optional.empty());

    public PortMatch {
        if (ports.isPresent() && !protocol.hasPorts()) {
            throw new IllegalArgumentException(protocol + " has no ports");
        }
    }

    /** Ports that match: 65,536 when all do. The fewer, the more specific. */
    public int width() {
        return ports.map(PortRange::width).orElse(65_536);
    }
}
