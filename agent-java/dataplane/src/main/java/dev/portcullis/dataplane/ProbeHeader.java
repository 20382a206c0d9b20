// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.nio.ByteBuffer;

/** A header of PROXY protocol version 2, as a balancer would send it. */
final class ProbeHeader {
    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final byte PROXY = 0x21;
    private static final int MOST_BYTES = 512;

    private ProbeHeader() {}

    /** The client's destination and ports, which nobody looks at, are zeros. */
    static byte[] of(Original original) {
        ByteBuffer header = ByteBuffer.allocate(MOST_BYTES).put(SIGNATURE).put(PROXY);
        header.put(family(original)).putShort((short) 0);
        int begin = header.position();
        original.source().ifPresent(source -> putAddresses(source, header));
        original.endpoint().ifPresent(endpoint -> putTlv(endpoint, header));
        header.putShort(begin - Short.BYTES, (short) (header.position() - begin));
        byte[] bytes = new byte[header.position()];
        header.get(0, bytes);
        return bytes;
    }

    private static byte family(Original original) {
        return original.source()
                .map(source -> (byte) (source.family() == Family.IPV4 ? 0x11 : 0x21))
                .orElse((byte) 0);
    }

    private static void putAddresses(Address source, ByteBuffer header) {
        byte[] address = source.bytes();
        header.put(address).put(new byte[address.length + 2 * Short.BYTES]);
    }

    /** Those of AWS and Azure have a subtype before the id. */
    private static void putTlv(PrivateEndpoint endpoint, ByteBuffer header) {
        boolean subtype = endpoint.kind() != PrivateEndpoint.Kind.GCP;
        header.put((byte) endpoint.kind().tlvType());
        header.putShort((short) (endpoint.id().size() + (subtype ? 1 : 0)));
        if (subtype) {
            header.put((byte) 1);
        }
        header.put(endpoint.id().toByteArray());
    }
}
