// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A protocol, and the ports of the other side that are meant.
 *
 * @param protocol {@link Protocol#ANY} for every one; with ports, for those that have ports
 * @param ranges any of them; empty for every port, and for packets that have none
 */
public record RemotePorts(Protocol protocol, List<PortRange> ranges) {
    /** Every protocol and port. */
    public static final RemotePorts ANY = new RemotePorts(Protocol.ANY, List.of());

    public RemotePorts {
        ranges = List.copyOf(ranges);
        if (!ranges.isEmpty() && !protocol.hasPorts()) {
            throw new IllegalArgumentException(protocol + " has no ports");
        }
    }

    /**
     * Whether a packet is meant.
     *
     * @param of the packet's protocol; {@link Protocol#ANY} for one that has no name here
     * @param port of the other side; empty if the packet has none
     */
    public boolean matches(Protocol of, OptionalInt port) {
        return (protocol == Protocol.ANY || protocol == of)
                && (ranges.isEmpty() || port.stream().anyMatch(this::isInRange));
    }

    private boolean isInRange(int port) {
        return ranges.stream().anyMatch(range -> range.contains(port));
    }

    /** As rules write it: {@code tcp 443, 8000-8010}, {@code all}. */
    @Override
    public String toString() {
        String name = protocol == Protocol.ANY ? "all" : protocol.name().toLowerCase(Locale.ROOT);
        return ranges.isEmpty()
                ? name
                : name
                        + ranges.stream()
                                .map(RemotePorts::text)
                                .collect(Collectors.joining(", ", " ", ""));
    }

    private static String text(PortRange range) {
        return range.width() == 1 ? "" + range.first() : range.first() + "-" + range.last();
    }
}
