// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.KernelLayout.ENDPOINT_ID;
import static dev.portcullis.dataplane.KernelLayout.ENDPOINT_ID_BYTES;
import static dev.portcullis.dataplane.KernelLayout.ENDPOINT_KIND;
import static dev.portcullis.dataplane.KernelLayout.ENDPOINT_LENGTH;
import static dev.portcullis.dataplane.KernelLayout.ORIGINAL_ENDPOINT;
import static dev.portcullis.dataplane.KernelLayout.ORIGINAL_FAMILY;
import static dev.portcullis.dataplane.KernelLayout.ORIGINAL_SOURCE;

import com.google.protobuf.ByteString;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Whom a balancer has sent a packet for, as the connection's PROXY header says.
 *
 * @param source empty if the header has none, or was not read
 * @param endpoint the same; of an id of AWS the first 32 characters
 */
public record Original(Optional<Address> source, Optional<PrivateEndpoint> endpoint) {
    /** The kernel's {@code struct original} at a place. */
    static Original read(ByteBuffer from, int at) {
        int family = from.get(at + ORIGINAL_FAMILY);
        Optional<Address> source = Optional.empty();
        if (family != 0) {
            byte[] bytes = new byte[family == 4 ? 4 : 16];
            from.get(at + ORIGINAL_SOURCE, bytes);
            source = Optional.of(Address.ofBytes(bytes));
        }
        return new Original(source, endpoint(from, at + ORIGINAL_ENDPOINT));
    }

    /** Of a header that is wrong, an id can be cut short. */
    private static Optional<PrivateEndpoint> endpoint(ByteBuffer from, int at) {
        int length = from.get(at + ENDPOINT_LENGTH) & 0xff;
        byte[] id = new byte[Math.min(length, ENDPOINT_ID_BYTES)];
        from.get(at + ENDPOINT_ID, id);
        return PrivateEndpoint.Kind.ofTlvType(from.get(at + ENDPOINT_KIND) & 0xff)
                .filter(kind -> kind.allows(id.length))
                .map(kind -> new PrivateEndpoint(kind, ByteString.copyFrom(id)));
    }

    /** Writes the kernel's {@code struct endpoint}. */
    static void put(PrivateEndpoint endpoint, ByteBuffer to) {
        int at = to.position();
        to.put(at + ENDPOINT_KIND, (byte) endpoint.kind().tlvType());
        to.put(at + ENDPOINT_LENGTH, (byte) endpoint.id().size());
        to.put(at + ENDPOINT_ID, endpoint.id().toByteArray());
    }
}
