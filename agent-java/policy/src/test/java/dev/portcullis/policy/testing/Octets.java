// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.Address;
import java.util.Arrays;

/** A stretch of a frame, which nothing is read beyond. */
final class Octets {
    private final byte[] frame;
    private final int from;
    private final int to;

    /** There are fewer than were asked for. */
    static final class CutShort extends Exception {
        private CutShort() {
            super(null, null, false, false);
        }
    }

    Octets(byte[] frame) {
        this(frame, 0, frame.length);
    }

    private Octets(byte[] frame, int from, int to) {
        this.frame = frame;
        this.from = from;
        this.to = to;
    }

    int length() {
        return to - from;
    }

    byte[] bytes() {
        return Arrays.copyOfRange(frame, from, to);
    }

    Octets first(int count) throws CutShort {
        check(count);
        return new Octets(frame, from, from + count);
    }

    Octets after(int count) throws CutShort {
        check(count);
        return new Octets(frame, from + count, to);
    }

    int octet(int at) throws CutShort {
        check(at + 1);
        return Byte.toUnsignedInt(frame[from + at]);
    }

    /** Two of them as a number, network byte order. */
    int pair(int at) throws CutShort {
        return octet(at) << 8 | octet(at + 1);
    }

    Address address(int at, int bytes) throws CutShort {
        check(at + bytes);
        return Address.ofBytes(Arrays.copyOfRange(frame, from + at, from + at + bytes));
    }

    private void check(int count) throws CutShort {
        if (count > length()) {
            throw new CutShort();
        }
    }
}
