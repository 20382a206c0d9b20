// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.ProxyHeaders.AWS;
import static dev.portcullis.dataplane.ProxyHeaders.AZURE;
import static dev.portcullis.dataplane.ProxyHeaders.CHECKSUM;
import static dev.portcullis.dataplane.ProxyHeaders.GCP;
import static dev.portcullis.dataplane.ProxyHeaders.NOOP;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What a receiver must refuse that expects a header of PROXY protocol version 2, each wrong in one
 * way. The payload behind those that lie about lengths is such as would make them sound.
 */
final class MalformedProxyHeaders {
    /**
     * @param name what is wrong, as a sentence
     * @param stream all that the balancer sends
     */
    record Case(String name, ByteString stream) {
        byte[] bytes() {
            return stream.toByteArray();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Sources and endpoints in them are those of this header, which is sound. */
    static final ProxyHeaders SOUND =
            ProxyHeaders.proxy().withAddresses("198.51.100.7", "192.0.2.1");

    static final PrivateEndpoint ENDPOINT = PrivateEndpoint.aws("vpce-08d2bf15fac5001c9");

    private static final ProxyHeaders LOCAL =
            SOUND.withVersionAndCommand(ProxyHeaders.local().versionAndCommand());
    private static final ProxyHeaders IPV6 =
            ProxyHeaders.proxy().withAddresses("2001:db8::7", "2001:db8::1");
    private static final ProxyHeaders UNIX = ProxyHeaders.proxy().withPaths();
    private static final ProxyHeaders UNSPEC = ProxyHeaders.proxy();

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: es.example.org\r\n\r\n";

    private final List<Case> cases = new ArrayList<>();

    private MalformedProxyHeaders() {}

    /** Such as are wrong however much follows. */
    static List<Case> whole() {
        MalformedProxyHeaders headers = new MalformedProxyHeaders();
        headers.noHeaders();
        headers.starts();
        headers.families();
        headers.addresses();
        headers.tlvs();
        headers.checksums();
        headers.awsEndpoints();
        headers.otherEndpoints();
        headers.severalEndpoints();
        headers.tooLong();
        return headers.cases;
    }

    /** Such as end before they should, and have nothing wrong until there. */
    static List<Case> cut() {
        MalformedProxyHeaders headers = new MalformedProxyHeaders();
        headers.cuts();
        return headers.cases;
    }

    private void add(String name, byte... stream) {
        cases.add(new Case(name, ByteString.copyFrom(stream)));
    }

    private void add(String name, ProxyHeaders header) {
        add(name, header.bytesBefore(REQUEST.getBytes(ISO_8859_1)));
    }

    private void noHeaders() {
        add("there is an HTTP request instead", REQUEST.getBytes(ISO_8859_1));
        add("there is a preface of HTTP/2 instead", "PRI * HTTP/2.0\r\n\r\n".getBytes(ISO_8859_1));
        add("there is a client hello of TLS instead", clientHello());
        String version1 = "PROXY TCP4 198.51.100.7 192.0.2.1 40000 9200\r\n";
        add("it is of version 1, in text", (version1 + REQUEST).getBytes(ISO_8859_1));
        add("it is of version 1, and unknown", "PROXY UNKNOWN\r\n".getBytes(ISO_8859_1));
        add("there is one zero instead", (byte) 0);
        add("there are zeros instead", new byte[64]);
        add("there is an end of line instead", (byte) '\n');
        add("an end of line stands before it", behind("\r\n", SOUND));
        add("a zero stands before it", behind("\0", SOUND));
        add("its first byte is missing", Arrays.copyOfRange(SOUND.bytes(), 1, 28));
        add("the signature is there twice", behind(signature(), SOUND));
    }

    /** TLS 1.2 as far as the random bytes. */
    private static byte[] clientHello() {
        ByteBuffer hello = ByteBuffer.allocate(5 + 4 + 2 + 32);
        hello.put((byte) 22).putShort((short) 0x0301).putShort((short) (4 + 2 + 32));
        return hello.put((byte) 1).put(new byte[] {0, 0, 34}).putShort((short) 0x0303).array();
    }

    private static String signature() {
        return new String(SOUND.cutTo(12), ISO_8859_1);
    }

    private static byte[] behind(String text, ProxyHeaders header) {
        return ByteString.copyFrom(text, ISO_8859_1)
                .concat(ByteString.copyFrom(header.bytes()))
                .toByteArray();
    }

    private void starts() {
        for (int at = 0; at < 12; at++) {
            byte[] header = SOUND.bytes();
            header[at] ^= (byte) (1 << at % 8);
            add("byte " + at + " of the signature is another", header);
        }
        for (int version : new int[] {0, 1, 3, 15}) {
            add("it is of version " + version, SOUND.withVersionAndCommand(version << 4 | 1));
        }
        for (int command = 2; command < 16; command++) {
            add("its command is " + command, SOUND.withVersionAndCommand(0x20 | command));
        }
    }

    private void families() {
        for (int family : new int[] {0x01, 0x02, 0x10, 0x13, 0x20, 0x23, 0x30, 0x33, 0x40, 0xff}) {
            add(
                    String.format("its family and protocol are %#04x", family),
                    UNIX.withFamily(family));
        }
    }

    private void addresses() {
        tooShort("a stream over IPv4", SOUND, 0, 11);
        tooShort("datagrams over IPv4", SOUND.withFamily(0x12), 4, 11);
        tooShort("a stream over IPv6", IPV6, 0, 12, 35);
        tooShort("datagrams over IPv6", IPV6.withFamily(0x22), 16, 35);
        tooShort("a stream of UNIX", UNIX, 0, 36, 215);
        tooShort("datagrams of UNIX", UNIX.withFamily(0x32), 108, 215);
        tooShort("the balancer's own stream", LOCAL, 0, 11);
    }

    private void tooShort(String what, ProxyHeaders header, int... lengths) {
        for (int length : lengths) {
            add(
                    "its length of " + length + " is too short for the addresses of " + what,
                    header.withLength(length));
        }
    }

    private void tlvs() {
        add("one byte is left after the addresses", SOUND.withBytes((byte) NOOP));
        add("two bytes are left after the addresses", SOUND.withBytes((byte) NOOP, (byte) 0));
        add("one byte is left after a TLV", SOUND.withTlv(NOOP).withBytes((byte) 0));
        add("two bytes are left after a TLV", SOUND.withTlv(NOOP).withBytes(new byte[2]));
        add("one byte is left where there are no addresses", UNSPEC.withBytes((byte) 0));
        add("two bytes are left in a LOCAL header", LOCAL.withBytes(new byte[2]));
        add("its TLV goes past the end by one byte", SOUND.withTlvOf(4, NOOP, new byte[3]));
        add("its TLV goes past the end by all its bytes", SOUND.withTlvOf(8, NOOP));
        add("its TLV goes past the end as far as it can", SOUND.withTlvOf(65_535, NOOP, (byte) 1));
        add("its TLV goes past the end by 256 bytes", SOUND.withTlvOf(257, NOOP, (byte) 1));
        add("its last TLV goes past the end", SOUND.withTlv(NOOP).withTlvOf(2, 0xb5, (byte) 1));
        add("the TLV of a LOCAL header goes past the end", LOCAL.withTlvOf(1, NOOP));
        add("the TLV of a header over IPv6 goes past the end", IPV6.withTlvOf(1, NOOP));
        add("its endpoint id goes on in the payload", pastTheEnd(endpoint(SOUND), 4));
        add("its endpoint id is in the payload", pastTheEnd(endpoint(SOUND), 23));
        add("its checksum goes on in the payload", pastTheEnd(SOUND.withSum(), 1));
        add("its length is one more than that of its TLVs", lengthened(endpoint(SOUND), 1));
        add("its length is two more than that of its TLVs", lengthened(endpoint(SOUND), 2));
        add("its length ends in the fixed part of a TLV", pastTheEnd(endpoint(SOUND), 24));
    }

    private static ProxyHeaders endpoint(ProxyHeaders header) {
        return header.withEndpoint(ENDPOINT);
    }

    /** Ends so many bytes before what is in it does. */
    private static ProxyHeaders pastTheEnd(ProxyHeaders header, int bytes) {
        return header.withLength(header.content().size() - bytes);
    }

    private static ProxyHeaders lengthened(ProxyHeaders header, int bytes) {
        return header.withLength(header.content().size() + bytes);
    }

    private void checksums() {
        int right = sumIn(SOUND.withSum());
        add("a low bit of its checksum is wrong", SOUND.withSum(1));
        add("the high bit of its checksum is wrong", SOUND.withSum(0x8000_0000));
        add("all bits of its checksum are wrong", SOUND.withSum(-1));
        add("its checksum is little endian", withSum(SOUND, Integer.reverseBytes(right)));
        add("its checksum is zero", withSum(SOUND, 0));
        add("its checksum is of another polynomial", withSum(SOUND, crc32(SOUND)));
        add(
                "its checksum is of what comes before it",
                withSum(SOUND, ProxyHeaders.sum(withSum(SOUND, 0).cutTo(28))));
        add(
                "its checksum is of what comes after the first 16 bytes",
                withSum(SOUND, ProxyHeaders.sum(withSum(SOUND, 0).content().toByteArray())));
        add(
                "its checksum is that of the header without one",
                withSum(SOUND, ProxyHeaders.sum(SOUND.bytes())));
        add(
                "its checksum has been made with another in its place",
                withSum(SOUND, ProxyHeaders.sum(withSum(SOUND, -1).bytes())));
        add("its checksum is that of another source", withSum(SOUND, sumIn(from("198.51.100.8"))));
        add(
                "its checksum is that of another endpoint",
                withSum(SOUND, sumIn(SOUND.withSum().withEndpoint(PrivateEndpoint.gcp(1))))
                        .withEndpoint(PrivateEndpoint.gcp(2)));
        add("its checksum is that of another command", withSum(SOUND, sumIn(LOCAL.withSum())));
        add(
                "its checksum is that of more TLVs",
                withSum(SOUND, sumIn(SOUND.withSum().withTlv(NOOP))));
        add("its checksum is empty", SOUND.withTlv(CHECKSUM));
        add("its checksum has 3 bytes", SOUND.withTlv(CHECKSUM, new byte[3]));
        add("its checksum has 5 bytes", SOUND.withTlv(CHECKSUM, new byte[5]));
        add("its checksum has 8 bytes", SOUND.withTlv(CHECKSUM, new byte[8]));
        add("it has the right checksum twice", SOUND.withSum().withSum());
        add("it has the right checksum and an empty one", SOUND.withSum().withTlv(CHECKSUM));
        add("it has a wrong checksum and the right one", SOUND.withSum(1).withSum());
        add("the checksum of a LOCAL header is wrong", LOCAL.withSum(1));
        add("the checksum of a header over IPv6 is wrong", IPV6.withSum(1));
        add("the checksum of a header without addresses is wrong", UNSPEC.withSum(1));
        add("the checksum behind the endpoint is wrong", endpoint(SOUND).withSum(1));
        add("the checksum of a header of 4096 bytes is wrong", SOUND.withSum(1).paddedTo(4096));
    }

    private static ProxyHeaders from(String source) {
        return ProxyHeaders.proxy().withAddresses(source, "192.0.2.1").withSum();
    }

    private static ProxyHeaders withSum(ProxyHeaders header, int sum) {
        return header.withTlv(CHECKSUM, ByteBuffer.allocate(4).putInt(sum).array());
    }

    /** The first checksum of one that has any. */
    private static int sumIn(ProxyHeaders header) {
        int at = ProxyHeaders.FIXED + header.sums().get(0).at();
        return ByteBuffer.wrap(header.bytes()).getInt(at);
    }

    private static int crc32(ProxyHeaders header) {
        CRC32 crc = new CRC32();
        crc.update(withSum(header, 0).bytes());
        return (int) crc.getValue();
    }

    private void awsEndpoints() {
        add("its TLV of AWS is empty", SOUND.withTlv(AWS));
        add("its endpoint id of AWS is empty", SOUND.withTlv(AWS, (byte) 1));
        byte[] longest = new byte[257];
        Arrays.fill(longest, (byte) 'x');
        longest[0] = 1;
        add("its endpoint id of AWS has 256 bytes", SOUND.withTlv(AWS, longest));
        byte[] longer = Arrays.copyOf(longest, 1 + 1024);
        add("its endpoint id of AWS has 1024 bytes", SOUND.withTlv(AWS, longer));
        add("the TLV of AWS in a LOCAL header is empty", LOCAL.withTlv(AWS));
        add("an empty TLV of AWS stands before the endpoint", endpoint(SOUND.withTlv(AWS)));
        add("an empty TLV of AWS follows the endpoint", endpoint(SOUND).withTlv(AWS));
    }

    private void otherEndpoints() {
        add("its TLV of Azure is empty", SOUND.withTlv(AZURE));
        add("its link id of Azure is empty", SOUND.withTlv(AZURE, (byte) 1));
        add(
                "its link id of Azure has 3 bytes",
                SOUND.withTlv(AZURE, (byte) 1, (byte) 2, (byte) 3, (byte) 4));
        add(
                "its link id of Azure has 5 bytes",
                SOUND.withTlv(AZURE, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6));
        add("the link id of Azure in a LOCAL header is empty", LOCAL.withTlv(AZURE, (byte) 1));
        add("its connection id of GCP is empty", SOUND.withTlv(GCP));
        add("its connection id of GCP has 4 bytes", SOUND.withTlv(GCP, new byte[4]));
        add("its connection id of GCP has 7 bytes", SOUND.withTlv(GCP, new byte[7]));
        add("its connection id of GCP has 9 bytes", SOUND.withTlv(GCP, new byte[9]));
        add(
                "the connection id of GCP without addresses has 7 bytes",
                UNSPEC.withTlv(GCP, new byte[7]));
    }

    private void severalEndpoints() {
        PrivateEndpoint link = PrivateEndpoint.azure(553_665_985);
        PrivateEndpoint connection = PrivateEndpoint.gcp(-1_062_706_174);
        add("it names an endpoint of AWS twice", endpoint(endpoint(SOUND)));
        add("it names a link of Azure twice", SOUND.withEndpoint(link).withEndpoint(link));
        add(
                "it names a connection of GCP twice",
                SOUND.withEndpoint(connection).withEndpoint(connection));
        add(
                "it names two endpoints of AWS",
                endpoint(SOUND).withEndpoint(PrivateEndpoint.aws("vpce-00eafc458ec97b833")));
        add(
                "it names two links of Azure",
                SOUND.withEndpoint(link).withEndpoint(PrivateEndpoint.azure(1)));
        add(
                "it names two connections of GCP",
                SOUND.withEndpoint(connection).withEndpoint(PrivateEndpoint.gcp(1)));
        add("it names one of AWS and one of Azure", endpoint(SOUND).withEndpoint(link));
        add(
                "it names one of Azure and one of GCP",
                SOUND.withEndpoint(link).withEndpoint(connection));
        add("it names one of GCP and one of AWS", endpoint(SOUND.withEndpoint(connection)));
        add(
                "it names three endpoints",
                endpoint(SOUND).withEndpoint(link).withEndpoint(connection));
        add("it names two endpoints that are far apart", endpoint(endpoint(SOUND).paddedTo(3000)));
        add("a LOCAL header names two endpoints", endpoint(LOCAL).withEndpoint(link));
        add("a header without addresses names two", endpoint(UNSPEC).withEndpoint(link));
    }

    private void tooLong() {
        add("it has 4097 bytes", SOUND.paddedTo(4097));
        add("it has 65,551 bytes", SOUND.paddedTo(ProxyHeaders.FIXED + 65_535));
        add("it has 4097 bytes and no addresses", UNSPEC.paddedTo(4097));
        add("it is of LOCAL and has 4097 bytes", LOCAL.paddedTo(4097));
        add("it tells of 4097 bytes and has fewer", SOUND.withLength(4097 - ProxyHeaders.FIXED));
        add("it tells of 65,551 bytes and has fewer", SOUND.withLength(65_535));
    }

    private void cuts() {
        add("there is nothing");
        add("there are empty lines", "\r\n\r\n".getBytes(ISO_8859_1));
        add("it ends after a byte of the signature", SOUND.cutTo(1));
        add("it ends before the last byte of the signature", SOUND.cutTo(11));
        add("it ends after the signature", SOUND.cutTo(12));
        add("it ends after the command", SOUND.cutTo(13));
        add("it ends after the family", SOUND.cutTo(14));
        add("it ends within its length", SOUND.cutTo(15));
        add("it ends after its length", SOUND.cutTo(16));
        add("it ends within the addresses of IPv4", SOUND.cutTo(27));
        add("it ends within the addresses of IPv6", IPV6.cutTo(51));
        add("it ends within the addresses of UNIX", UNIX.cutTo(231));
        add("it ends after the addresses", endpoint(SOUND).cutTo(28));
        add("it ends after the type of a TLV", endpoint(SOUND).cutTo(29));
        add("it ends after the length of a TLV", endpoint(SOUND).cutTo(31));
        add("it ends before the last byte of the endpoint", endpoint(SOUND).cutTo(53));
        add("it ends between two TLVs", endpoint(SOUND).withSum().cutTo(54));
        add("it ends within the checksum", SOUND.withSum().cutTo(34));
        add("it ends after a wrong checksum", SOUND.withSum(1).withTlv(NOOP).cutTo(35));
        add("it ends one byte before the most that it may have", SOUND.paddedTo(4096).cutTo(4095));
        add("its length is one too many", lengthened(SOUND, 1).bytes());
        add("its length is the most that it may be", SOUND.withLength(4080).bytes());
        add("it is of LOCAL and ends after its length", LOCAL.cutTo(16));
        add("it is of LOCAL and an unknown family, and ends", LOCAL.withFamily(0x40).cutTo(27));
    }
}
