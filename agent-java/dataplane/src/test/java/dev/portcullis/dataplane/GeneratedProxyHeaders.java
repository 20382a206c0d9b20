// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random headers of PROXY protocol: a third of them as they were made, of which most are sound, the
 * others damaged. Half have a payload behind. None has more than 9,000 bytes.
 */
final class GeneratedProxyHeaders {
    /** Whom they name, so that rules can be about the same. */
    static final List<PrivateEndpoint> ENDPOINTS =
            List.of(
                    PrivateEndpoint.aws("vpce-08d2bf15fac5001c9"),
                    PrivateEndpoint.aws("vpce-08d2bf15fac5001c8"),
                    PrivateEndpoint.aws("vpce-1"),
                    PrivateEndpoint.aws("x".repeat(255)),
                    PrivateEndpoint.azure(553_665_985),
                    PrivateEndpoint.azure(553_665_986),
                    PrivateEndpoint.azure(4_294_967_295L),
                    PrivateEndpoint.gcp(-1_062_706_174),
                    PrivateEndpoint.gcp(-1_062_706_173),
                    PrivateEndpoint.gcp(0));

    /** Half of the addresses over IPv4 are from these. */
    static final List<Address> IPV4_SOURCES =
            List.of(
                    Address.parse("198.51.100.7"),
                    Address.parse("198.51.100.8"),
                    Address.parse("203.0.113.5"),
                    Address.parse("0.0.0.0"));

    /** Half of the addresses over IPv6 are from these. Two are mapped. */
    static final List<Address> IPV6_SOURCES =
            List.of(
                    Address.parse("2001:db8::7"),
                    Address.parse("2001:db8:1::7"),
                    Address.ofBytes(mapped(198, 51, 100, 7)),
                    Address.ofBytes(mapped(203, 0, 113, 5)));

    private static final int[] FAMILIES = {0x00, 0x11, 0x11, 0x12, 0x21, 0x21, 0x22, 0x31, 0x32};

    /** Of TLVs that are ignored; of some types whatever is in them. */
    private static final int[] OTHER_TYPES = {0x01, 0x02, 0x04, 0x04, 0x05, 0x20, 0x30, 0xe1, 0x00};

    private final SplittableRandom random;
    private final ProxyHeaderDamage damage;

    GeneratedProxyHeaders(SplittableRandom random) {
        this.random = random;
        this.damage = new ProxyHeaderDamage(random);
    }

    private static byte[] mapped(int... ipv4) {
        byte[] address = new byte[16];
        address[10] = (byte) 0xff;
        address[11] = (byte) 0xff;
        for (int i = 0; i < ipv4.length; i++) {
            address[12 + i] = (byte) ipv4[i];
        }
        return address;
    }

    /** All that a balancer sends first. */
    byte[] next() {
        byte[] header = header().bytes();
        if (random.nextInt(3) > 0) {
            header = damage.damaged(header);
        }
        return random.nextBoolean() ? header : before(header, bytes(random.nextInt(1, 64)));
    }

    private static byte[] before(byte[] header, byte[] payload) {
        byte[] stream = new byte[header.length + payload.length];
        System.arraycopy(header, 0, stream, 0, header.length);
        System.arraycopy(payload, 0, stream, header.length, payload.length);
        return stream;
    }

    private ProxyHeaders header() {
        ProxyHeaders header =
                withAddresses(chance(25) ? ProxyHeaders.local() : ProxyHeaders.proxy());
        int tlvs = random.nextInt(13);
        int endpointAt = chance(60) ? random.nextInt(13) : tlvs;
        int sumBefore = random.nextInt(3) == 0 ? random.nextInt(tlvs + 1) : -1;
        for (int i = 0; i <= tlvs; i++) {
            if (i == sumBefore) {
                header = header.withSum();
            }
            if (i < tlvs) {
                header = i == endpointAt ? header.withEndpoint(oneOf(ENDPOINTS)) : withTlv(header);
            }
        }
        return chance(3) ? padded(header) : header;
    }

    /** The family is unknown in a few. */
    private ProxyHeaders withAddresses(ProxyHeaders header) {
        int family = FAMILIES[random.nextInt(FAMILIES.length)];
        ProxyHeaders with =
                switch (family) {
                    case 0x11, 0x12 -> withAddresses(header, IPV4_SOURCES, 4);
                    case 0x21, 0x22 -> withAddresses(header, IPV6_SOURCES, 16);
                    case 0x31, 0x32 -> header.withBytes(bytes(216));
                    default -> header;
                };
        return with.withFamily(chance(5) ? random.nextInt(256) : family);
    }

    private ProxyHeaders withAddresses(ProxyHeaders header, List<Address> sources, int bytes) {
        Address source = chance(50) ? oneOf(sources) : Address.ofBytes(bytes(bytes));
        Address destination = Address.ofBytes(bytes(bytes));
        return header.withAddresses(
                source, random.nextInt(65_536), destination, random.nextInt(65_536));
    }

    /** With one that is ignored, mostly. */
    private ProxyHeaders withTlv(ProxyHeaders header) {
        int kind = random.nextInt(100);
        if (kind < 3) {
            return header.withEndpoint(oneOf(ENDPOINTS));
        }
        byte[] value = bytes(random.nextInt(chance(90) ? 40 : 300));
        if (kind < 6 && value.length > 0) {
            value[0] = (byte) (value[0] | 2);
            return header.withTlv(chance(50) ? ProxyHeaders.AWS : ProxyHeaders.AZURE, value);
        }
        return header.withTlv(OTHER_TYPES[random.nextInt(OTHER_TYPES.length)], value);
    }

    /** About as long as it may be, if it is not longer than that. */
    private ProxyHeaders padded(ProxyHeaders header) {
        int bytes = random.nextInt(4090, 4104);
        int least = ProxyHeaders.FIXED + header.content().size() + 3;
        return header.paddedTo(Math.max(bytes, least));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
