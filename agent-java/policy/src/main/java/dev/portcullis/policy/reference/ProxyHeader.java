// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.util.Optional;

/**
 * What the bytes at the beginning of a connection are as a header of PROXY protocol version 2:
 * section 2.2 of <a href="https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt">its
 * document</a>, read as strictly as it allows.
 */
public sealed interface ProxyHeader {
    /** That a header may have in all; its length field could tell of 65,551. */
    int MOST_BYTES = 4096;

    /** Nothing in it is wrong so far, and there is more to come. */
    record Incomplete() implements ProxyHeader {}

    /**
     * It is none, or contradicts itself.
     *
     * @param why in words
     */
    record Bad(String why) implements ProxyHeader {}

    /**
     * It is longer than is read.
     *
     * @param length that it claims, in bytes: more than {@link #MOST_BYTES}
     */
    record TooLong(int length) implements ProxyHeader {}

    /**
     * The balancer speaks for itself.
     *
     * @param length of the header in bytes: 16 to {@link #MOST_BYTES}
     */
    record Local(int length) implements ProxyHeader {}

    /**
     * The balancer speaks for a client.
     *
     * @param length of the header in bytes: 16 to {@link #MOST_BYTES}
     * @param source the client's address, of IPv4 if it is mapped to IPv6; empty if the client did
     *     not come over IP, or the balancer does not tell
     * @param endpoint that the client came by; empty if it came by none
     */
    record Proxied(int length, Optional<Address> source, Optional<PrivateEndpoint> endpoint)
            implements ProxyHeader {}

    /**
     * Reads the header that a stream begins with. What follows it is not looked at.
     *
     * @param stream what has arrived of it
     */
    static ProxyHeader parse(byte[] stream) {
        return ProxyHeaderParser.parse(stream);
    }
}
