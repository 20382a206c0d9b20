// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The client's end of a private connection, as the load balancer names it in a header of PROXY
 * protocol version 2.
 *
 * @param id as it stands on the wire, of as many bytes as the kind allows: that of AWS in ASCII,
 *     that of Azure little endian, that of GCP big endian. What came from the wire can have any
 *     bytes
 */
public record PrivateEndpoint(Kind kind, ByteString id) {
    /** Whose it is. */
    public enum Kind {
        /** A VPC endpoint of AWS PrivateLink. */
        AWS("AWS", 0xea, 1, 255),
        /** A link identifier of Azure Private Link. */
        AZURE("Azure", 0xee, 4, 4),
        /** A connection id of GCP Private Service Connect. */
        GCP("GCP", 0xe0, 8, 8);

        private final String text;
        private final int tlvType;
        private final int least;
        private final int most;

        Kind(String text, int tlvType, int least, int most) {
            this.text = text;
            this.tlvType = tlvType;
            this.least = least;
            this.most = most;
        }

        /** The kind whose ids are in TLVs of this type, if there is one. */
        public static Optional<Kind> ofTlvType(int type) {
            return Arrays.stream(values()).filter(kind -> kind.tlvType == type).findFirst();
        }

        /** The name in sentences. */
        public String text() {
            return text;
        }

        /** The type of its TLV in the header: 0 to 255. */
        public int tlvType() {
            return tlvType;
        }

        /** Whether an id can have so many bytes. */
        public boolean allows(int bytes) {
            return bytes >= least && bytes <= most;
        }
    }

    public PrivateEndpoint {
        if (!kind.allows(id.size())) {
            throw new IllegalArgumentException(
                    "no " + kind.text + " endpoint id has " + id.size() + " bytes");
        }
    }

    /**
     * @param id such as {@code vpce-08d2bf15fac5001c9}: 1 to 255 characters of ASCII
     * @throws IllegalArgumentException if it is not
     */
    public static PrivateEndpoint aws(String id) {
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(id)) {
            throw new IllegalArgumentException("'" + id + "' is not ASCII");
        }
        return new PrivateEndpoint(Kind.AWS, ByteString.copyFrom(id, StandardCharsets.US_ASCII));
    }

    /**
     * @param linkId 0 to 4,294,967,295
     * @throws IllegalArgumentException if it is not
     */
    public static PrivateEndpoint azure(long linkId) {
        if (linkId >>> 32 != 0) {
            throw new IllegalArgumentException(linkId + " has more than 32 bits");
        }
        ByteBuffer id = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        return new PrivateEndpoint(Kind.AZURE, ByteString.copyFrom(id.putInt((int) linkId).flip()));
    }

    /**
     * @param connectionId an unsigned number of 64 bits
     */
    public static PrivateEndpoint gcp(long connectionId) {
        ByteBuffer id = ByteBuffer.allocate(8).putLong(connectionId).flip();
        return new PrivateEndpoint(Kind.GCP, ByteString.copyFrom(id));
    }

    /**
     * As an operator writes it: a number in decimal, and text with what can't be printed, and the
     * backslash, escaped.
     */
    @Override
    public String toString() {
        ByteBuffer bytes = id.asReadOnlyByteBuffer();
        return switch (kind) {
            case AWS -> escaped();
            case AZURE -> Integer.toUnsignedString(bytes.order(ByteOrder.LITTLE_ENDIAN).getInt());
            case GCP -> Long.toUnsignedString(bytes.getLong());
        };
    }

    private String escaped() {
        StringBuilder text = new StringBuilder();
        for (byte character : id) {
            if (character == '\\') {
                text.append("\\\\");
            } else if (character >= ' ' && character <= '~') {
                text.append((char) character);
            } else {
                text.append("\\x").append(HexFormat.of().toHexDigits(character));
            }
        }
        return text.toString();
    }
}
