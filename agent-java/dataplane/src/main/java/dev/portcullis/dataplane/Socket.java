// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Address;

/**
 * A socket that is connected, as the kernel's tables list it.
 *
 * @param protocol the number of TCP, UDP or SCTP
 * @param begunHere whether this host began: where nobody listens at its port
 */
record Socket(
        int protocol,
        Address local,
        int localPort,
        Address remote,
        int remotePort,
        boolean begunHere) {
    static final int TCP = 6;
}
