// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.RemotePorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Port entries from few ports, and ports at the edges of the entries that were drawn. */
final class PortPool {
    private static final int[] PORTS = {
        1, 2, 22, 53, 68, 80, 81, 443, 1023, 1024, 9443, 65_534, 65_535
    };

    private final Draw draw;
    private final List<Integer> edges = new ArrayList<>(List.of(0, 1, 9443, 65_535));

    PortPool(Draw draw) {
        this.draw = draw;
    }

    PortMatch entry() {
        Protocol protocol = draw.oneOf(List.of(Protocol.values()));
        if (!protocol.hasPorts() || draw.chance(25)) {
            return new PortMatch(protocol, Optional.empty());
        }
        PortRange range = range();
        addEdges(range);
        return new PortMatch(protocol, Optional.of(range));
    }

    /** What a rule about what leaves asks for. */
    RemotePorts remote() {
        Protocol protocol = draw.oneOf(List.of(Protocol.TCP, Protocol.UDP, Protocol.ANY));
        List<PortRange> ranges = draw.chance(40) ? List.of() : draw.times(1, 3, this::range);
        ranges.forEach(this::addEdges);
        return new RemotePorts(protocol, ranges);
    }

    private void addEdges(PortRange range) {
        for (int edge : new int[] {range.first(), range.last()}) {
            edges.add(edge);
            edges.add(Math.max(0, edge - 1));
            edges.add(Math.min(65_535, edge + 1));
        }
    }

    private PortRange range() {
        int first = draw.oneOf(PORTS);
        int width = draw.chance(50) ? 1 : draw.oneOf(2, 3, 10, 100, 1_000, 65_535);
        return new PortRange(first, Math.min(65_535, first + width - 1));
    }

    int port() {
        return draw.chance(5) ? draw.between(0, 65_535) : draw.oneOf(edges);
    }
}
