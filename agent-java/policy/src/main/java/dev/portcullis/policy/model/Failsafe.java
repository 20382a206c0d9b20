// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.List;

/**
 * What passes before any resource is looked at, so that a push can't lock its author out.
 *
 * @param match the local protocol and ports
 * @param from the peers; empty means every peer
 */
public record Failsafe(PortMatch match, List<Prefix> from) {
    public Failsafe {
        from = List.copyOf(from);
    }
}
