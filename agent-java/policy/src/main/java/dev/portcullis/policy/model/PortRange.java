// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/**
 * Ports from {@code first} to {@code last}, both included.
 *
 * @param first 1 to 65535
 * @param last {@code first} to 65535
 */
public record PortRange(int first, int last) {
    public PortRange {
        if (first < 1 || last < first || last > 65_535) {
            throw new IllegalArgumentException("not a port range: " + first + "-" + last);
        }
    }

    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    public boolean overlaps(PortRange other) {
        return first <= other.last && other.first <= last;
    }

    public int width() {
        return last - first + 1;
    }
}
