// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import com.google.protobuf.ByteString;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.PrivateEndpoint.Kind;
import dev.portcullis.policy.reference.ProxyHeader.Bad;
import dev.portcullis.policy.reference.ProxyHeader.Incomplete;
import dev.portcullis.policy.reference.ProxyHeader.Local;
import dev.portcullis.policy.reference.ProxyHeader.Proxied;
import dev.portcullis.policy.reference.ProxyHeader.TooLong;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Reads the header in the order of its bytes. It is the judge of the kernel's parser and shares
 * nothing with it.
 *
 * <pre>
 *    0  signature, 12 bytes
 *   12  version, 4 bits; command, 4 bits
 *   13  family, 4 bits; protocol, 4 bits
 *   14  length of what follows, 16 bits
 *   16  address block, as the family has it
 *       TLVs: type, 8 bits; length of the value, 16 bits; value
 * </pre>
 *
 * <p>Numbers are big endian. Each of the first 16 bytes is judged as soon as it is there, the rest
 * when all of it is.
 *
 * <p>What the document leaves open: a LOCAL header of a family that is not assigned is skipped
 * unread, all others are checked to their end; a header names one endpoint at most.
 */
final class ProxyHeaderParser {
    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final int VERSION_AND_COMMAND = 12;
    private static final int FAMILY = 13;
    private static final int LENGTH = 14;
    private static final int FIXED = 16;

    private static final int VERSION = 2;
    private static final int LOCAL = 0;
    private static final int PROXY = 1;

    private static final int TLV_FIXED = 3;
    private static final int TYPE_CRC32C = 0x03;

    /** The first byte of a value of AWS and Azure. */
    private static final int SUBTYPE_ENDPOINT = 0x01;

    /**
     * @param at the place of the value in the header
     */
    private record Tlv(int type, int at, ByteString value) {}

    /** The header is bad. */
    private static final class Broken extends Exception {
        private Broken(String why) {
            super(why, null, false, false);
        }
    }

    private ProxyHeaderParser() {}

    static ProxyHeader parse(byte[] stream) {
        try {
            return header(stream);
        } catch (Broken e) {
            return new Bad(e.getMessage());
        }
    }

    private static ProxyHeader header(byte[] stream) throws Broken {
        for (int i = 0; i < Math.min(stream.length, SIGNATURE.length); i++) {
            check(stream[i] == SIGNATURE[i], "byte " + i + " is not that of the signature");
        }
        if (stream.length <= VERSION_AND_COMMAND) {
            return new Incomplete();
        }
        int version = octet(stream, VERSION_AND_COMMAND) >> 4;
        int command = octet(stream, VERSION_AND_COMMAND) & 0x0f;
        check(version == VERSION, "version " + version);
        check(command == LOCAL || command == PROXY, "command " + command);
        if (stream.length <= FAMILY) {
            return new Incomplete();
        }
        int family = octet(stream, FAMILY);
        Optional<AddressBlock> block = AddressBlock.of(family);
        check(command == LOCAL || block.isPresent(), "family and protocol " + family);
        if (stream.length < FIXED) {
            return new Incomplete();
        }
        int length = FIXED + pair(stream, LENGTH);
        if (length > ProxyHeader.MOST_BYTES) {
            return new TooLong(length);
        }
        int addresses = block.map(AddressBlock::bytes).orElse(0);
        check(length >= FIXED + addresses, "too short for " + addresses + " bytes of addresses");
        if (stream.length < length) {
            return new Incomplete();
        }
        if (block.isEmpty()) {
            return new Local(length);
        }
        return whole(command, block.get(), Arrays.copyOf(stream, length));
    }

    private static ProxyHeader whole(int command, AddressBlock block, byte[] header) throws Broken {
        List<Tlv> tlvs = tlvs(header, FIXED + block.bytes());
        checkCrc(header, tlvs);
        Optional<PrivateEndpoint> endpoint = endpoint(tlvs);
        return command == LOCAL
                ? new Local(header.length)
                : new Proxied(header.length, source(header, block), endpoint);
    }

    private static List<Tlv> tlvs(byte[] header, int first) throws Broken {
        List<Tlv> tlvs = new ArrayList<>();
        int at = first;
        while (at < header.length) {
            int left = header.length - at;
            check(left >= TLV_FIXED, "too few bytes for a TLV: " + left);
            int type = octet(header, at);
            int length = pair(header, at + 1);
            at += TLV_FIXED;
            check(at + length <= header.length, "TLV of type " + type + " goes past the end");
            tlvs.add(new Tlv(type, at, ByteString.copyFrom(header, at, length)));
            at += length;
        }
        return tlvs;
    }

    /** The sum is that of the whole header with zeros in its own place. */
    private static void checkCrc(byte[] header, List<Tlv> tlvs) throws Broken {
        List<Tlv> sums = tlvs.stream().filter(tlv -> tlv.type == TYPE_CRC32C).toList();
        if (sums.isEmpty()) {
            return;
        }
        check(sums.size() == 1, sums.size() + " checksums");
        Tlv sum = sums.get(0);
        check(sum.value.size() == 4, "checksum of " + sum.value.size() + " bytes");
        byte[] zeroed = header.clone();
        Arrays.fill(zeroed, sum.at, sum.at + 4, (byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(zeroed);
        check(sum.value.asReadOnlyByteBuffer().getInt() == (int) crc.getValue(), "wrong checksum");
    }

    private static Optional<PrivateEndpoint> endpoint(List<Tlv> tlvs) throws Broken {
        List<PrivateEndpoint> endpoints = new ArrayList<>();
        for (Tlv tlv : tlvs) {
            Optional<Kind> kind = Kind.ofTlvType(tlv.type);
            if (kind.isPresent()) {
                endpoint(kind.get(), tlv.value).ifPresent(endpoints::add);
            }
        }
        check(endpoints.size() <= 1, endpoints.size() + " endpoint ids");
        return endpoints.stream().findFirst();
    }

    /** Empty for a value of another subtype. */
    private static Optional<PrivateEndpoint> endpoint(Kind kind, ByteString value) throws Broken {
        ByteString id = value;
        if (kind == Kind.AWS || kind == Kind.AZURE) {
            check(!value.isEmpty(), "TLV of " + kind.text() + " without a subtype");
            if (value.byteAt(0) != SUBTYPE_ENDPOINT) {
                return Optional.empty();
            }
            id = value.substring(1);
        }
        check(kind.allows(id.size()), kind.text() + " endpoint id of " + id.size() + " bytes");
        return Optional.of(new PrivateEndpoint(kind, id));
    }

    private static Optional<Address> source(byte[] header, AddressBlock block) {
        return switch (block) {
            case UNSPEC, UNIX -> Optional.empty();
            case IPV4 -> Optional.of(address(header, 4));
            case IPV6 -> Optional.of(unmapped(address(header, 16)));
        };
    }

    /** The one that the address block begins with. */
    private static Address address(byte[] header, int bytes) {
        return Address.ofBytes(Arrays.copyOfRange(header, FIXED, FIXED + bytes));
    }

    /** The IPv4 address that is meant by one of ::ffff:0:0/96. */
    private static Address unmapped(Address address) {
        boolean mapped = address.high() == 0 && address.low() >>> 32 == 0xffff;
        return mapped ? new Address(Family.IPV4, 0, address.low() & 0xffff_ffffL) : address;
    }

    private static int octet(byte[] bytes, int at) {
        return Byte.toUnsignedInt(bytes[at]);
    }

    private static int pair(byte[] bytes, int at) {
        return octet(bytes, at) << 8 | octet(bytes, at + 1);
    }

    private static void check(boolean holds, String otherwise) throws Broken {
        if (!holds) {
            throw new Broken(otherwise);
        }
    }
}
