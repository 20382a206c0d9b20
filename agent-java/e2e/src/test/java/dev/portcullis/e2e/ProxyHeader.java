// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A PROXY protocol header of version 2. */
final class ProxyHeader {
    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final int PROXY = 0x21;
    private static final int FIXED = 16;
    private static final int TLV_FIXED = 3;
    private static final int NOOP = 0x04;
    private static final int GCP = 0xe0;
    private static final int AWS = 0xea;
    private static final int AZURE = 0xee;
    private static final byte ID = 1;

    private final int family;
    private final byte[] addresses;
    private final byte[] tlvs;

    private ProxyHeader(int family, byte[] addresses, byte[] tlvs) {
        this.family = family;
        this.addresses = addresses;
        this.tlvs = tlvs;
    }

    /** A TCP connection from this address. */
    static ProxyHeader from(String source) {
        try {
            byte[] address = InetAddress.getByName(source).getAddress();
            return new ProxyHeader(
                    address.length == 4 ? 0x11 : 0x21,
                    ByteBuffer.allocate(2 * address.length + 4)
                            .put(address)
                            .put(new byte[address.length])
                            .putShort((short) 40_000)
                            .putShort((short) 443)
                            .array(),
                    new byte[0]);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** One that does not say from where. */
    static ProxyHeader withoutAddresses() {
        return new ProxyHeader(0, new byte[0], new byte[0]);
    }

    ProxyHeader aws(String endpoint) {
        byte[] id = endpoint.getBytes(StandardCharsets.US_ASCII);
        return with(AWS, ByteBuffer.allocate(1 + id.length).put(ID).put(id).array());
    }

    ProxyHeader azure(int link) {
        ByteBuffer value =
                ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN).put(ID).putInt(link);
        return with(AZURE, value.array());
    }

    ProxyHeader gcp(long connection) {
        return with(GCP, ByteBuffer.allocate(8).putLong(connection).array());
    }

    /** The same, made this long. */
    ProxyHeader padded(int bytes) {
        return with(NOOP, new byte[bytes - bytes().length - TLV_FIXED]);
    }

    private ProxyHeader with(int type, byte[] value) {
        byte[] more =
                ByteBuffer.allocate(tlvs.length + TLV_FIXED + value.length)
                        .put(tlvs)
                        .put((byte) type)
                        .putShort((short) value.length)
                        .put(value)
                        .array();
        return new ProxyHeader(family, addresses, more);
    }

    byte[] bytes() {
        int length = addresses.length + tlvs.length;
        return ByteBuffer.allocate(FIXED + length)
                .put(SIGNATURE)
                .put((byte) PROXY)
                .put((byte) family)
                .putShort((short) length)
                .put(addresses)
                .put(tlvs)
                .array();
    }
}
