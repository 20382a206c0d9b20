// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import com.google.protobuf.ByteString;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * A header of PROXY protocol version 2 to be sent, sound or as only a test would send it. It begins
 * as one of family UNSPEC without TLVs.
 *
 * @param versionAndCommand the byte after the signature
 * @param family the byte after that: family and protocol
 * @param content what stands behind the first 16 bytes, with zeros where checksums come
 * @param sums those checksums
 * @param length that the header tells of its content; empty for the truth
 */
record ProxyHeaders(
        int versionAndCommand,
        int family,
        ByteString content,
        List<Checksum> sums,
        OptionalInt length) {
    static final int TCP_IPV4 = 0x11;
    static final int TCP_IPV6 = 0x21;
    static final int TCP_UNIX = 0x31;

    static final int ALPN = 0x01;
    static final int CHECKSUM = 0x03;
    static final int NOOP = 0x04;
    static final int SSL = 0x20;
    static final int AWS = 0xea;
    static final int AZURE = 0xee;
    static final int GCP = 0xe0;

    /** What comes before the content. */
    static final int FIXED = 16;

    private static final byte[] SIGNATURE = {
        '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
    };

    /**
     * @param at the place of the four bytes in the content
     * @param error the bits that are wrong in it; 0 for none
     */
    record Checksum(int at, int error) {}

    ProxyHeaders {
        sums = List.copyOf(sums);
    }

    static ProxyHeaders proxy() {
        return new ProxyHeaders(0x21, 0, ByteString.EMPTY, List.of(), OptionalInt.empty());
    }

    static ProxyHeaders local() {
        return proxy().withVersionAndCommand(0x20);
    }

    ProxyHeaders withVersionAndCommand(int newValue) {
        return new ProxyHeaders(newValue, family, content, sums, length);
    }

    /** With another byte for family and protocol, and the same content. */
    ProxyHeaders withFamily(int newFamily) {
        return new ProxyHeaders(versionAndCommand, newFamily, content, sums, length);
    }

    /** With a lie in its length field: 0 to 65,535. */
    ProxyHeaders withLength(int newLength) {
        return new ProxyHeaders(
                versionAndCommand, family, content, sums, OptionalInt.of(newLength));
    }

    /** With addresses of the family of the source. */
    ProxyHeaders withAddresses(
            Address source, int sourcePort, Address destination, int destinationPort) {
        ByteBuffer ports = ByteBuffer.allocate(4);
        ports.putShort((short) sourcePort).putShort((short) destinationPort);
        int newFamily =
                switch (source.family()) {
                    case IPV4 -> TCP_IPV4;
                    case IPV6 -> TCP_IPV6;
                };
        return withFamily(newFamily)
                .withBytes(source.bytes())
                .withBytes(destination.bytes())
                .withBytes(ports.array());
    }

    /** From port 40000 to port 9200. */
    ProxyHeaders withAddresses(String source, String destination) {
        return withAddresses(Address.parse(source), 40_000, Address.parse(destination), 9200);
    }

    /** With two paths of UNIX. */
    ProxyHeaders withPaths() {
        byte[] paths = new byte[216];
        Arrays.fill(paths, 0, 20, (byte) 's');
        Arrays.fill(paths, 108, 120, (byte) 'd');
        return withFamily(TCP_UNIX).withBytes(paths);
    }

    ProxyHeaders withTlv(int type, byte... value) {
        return withTlvOf(value.length, type, value);
    }

    /** With a TLV that tells another length than that of its value. */
    ProxyHeaders withTlvOf(int told, int type, byte... value) {
        return withBytes((byte) type, (byte) (told >> 8), (byte) told).withBytes(value);
    }

    ProxyHeaders withEndpoint(PrivateEndpoint endpoint) {
        ByteString id = endpoint.id();
        return switch (endpoint.kind()) {
            case AWS, AZURE ->
                    withTlv(
                            endpoint.kind().tlvType(),
                            ByteString.copyFrom(new byte[] {1}).concat(id).toByteArray());
            case GCP -> withTlv(endpoint.kind().tlvType(), id.toByteArray());
        };
    }

    /** With the right checksum. */
    ProxyHeaders withSum() {
        return withSum(0);
    }

    /** With a checksum that is wrong in these bits. */
    ProxyHeaders withSum(int error) {
        List<Checksum> more = new ArrayList<>(sums);
        more.add(new Checksum(content.size() + 3, error));
        ProxyHeaders with = withTlv(CHECKSUM, new byte[4]);
        return new ProxyHeaders(versionAndCommand, family, with.content, more, length);
    }

    /**
     * With a TLV that is ignored, and that makes the header this long.
     *
     * @param bytes at least 3 more than it has
     */
    ProxyHeaders paddedTo(int bytes) {
        return withTlv(NOOP, new byte[bytes - FIXED - content.size() - 3]);
    }

    /** With more at the end, whatever it is. */
    ProxyHeaders withBytes(byte... more) {
        return new ProxyHeaders(
                versionAndCommand, family, content.concat(ByteString.copyFrom(more)), sums, length);
    }

    byte[] bytes() {
        ByteBuffer header = ByteBuffer.allocate(FIXED + content.size());
        header.put(SIGNATURE).put((byte) versionAndCommand).put((byte) family);
        header.putShort((short) length.orElse(content.size()));
        header.put(content.asReadOnlyByteBuffer());
        int sum = sum(header.array());
        for (Checksum checksum : sums) {
            header.putInt(FIXED + checksum.at, sum ^ checksum.error);
        }
        return header.array();
    }

    /** The beginning of it. */
    byte[] cutTo(int bytes) {
        return Arrays.copyOf(bytes(), bytes);
    }

    /** Followed by what the client sends. */
    byte[] bytesBefore(byte... payload) {
        return ByteString.copyFrom(bytes()).concat(ByteString.copyFrom(payload)).toByteArray();
    }

    /** The checksum of all of these bytes. */
    static int sum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
