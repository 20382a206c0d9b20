// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.Set;

/**
 * An interface of the host, and which others its frames come through.
 *
 * @param ethernet whether its frames begin with an Ethernet header
 * @param kind what the kernel calls its kind, such as {@code bond}; empty for hardware
 * @param parent index of the interface that it is a part of, as a VLAN is; 0 for none here
 * @param master index of the bond, bridge or other interface that it is a member of; 0 for none
 * @param carrier whether frames can come in
 */
record HostInterface(
        String name,
        int index,
        boolean ethernet,
        String kind,
        int parent,
        int master,
        boolean carrier) {
    private static final Set<String> BONDS = Set.of("bond", "team");

    /** One link made of several; what comes in at a member comes in at the bond. */
    boolean isBond() {
        return BONDS.contains(kind);
    }

    /** A switch; of what comes in at a port only what is for the host comes in at the bridge. */
    boolean isBridge() {
        return kind.equals("bridge");
    }

    boolean isVlan() {
        return kind.equals("vlan");
    }
}
