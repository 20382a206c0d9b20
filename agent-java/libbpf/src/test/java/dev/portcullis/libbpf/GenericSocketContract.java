// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Questions to families of generic netlink. */
public abstract class GenericSocketContract extends Contract {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int HEADER = 16;
    private static final short CONTROLLER = 16;
    private static final byte GET_FAMILY = 3;
    private static final short REQUEST = 1;
    private static final short ERROR = 2;
    private static final short FAMILY_NAME = 2;

    /** What number a family has: struct nlmsghdr, struct genlmsghdr and one attribute. */
    private static ByteBuffer question(String family) {
        byte[] name = family.getBytes(StandardCharsets.US_ASCII);
        int attribute = 4 + name.length + 1;
        int length = HEADER + 4 + (attribute + 3) / 4 * 4;
        return room(length)
                .putInt(0, length)
                .putShort(4, CONTROLLER)
                .putShort(6, REQUEST)
                .putInt(8, 7)
                .put(HEADER, GET_FAMILY)
                .put(HEADER + 1, (byte) 1)
                .putShort(HEADER + 4, (short) attribute)
                .putShort(HEADER + 6, FAMILY_NAME)
                .put(HEADER + 8, name);
    }

    private ByteBuffer answer(String family) {
        try (GenericSocket socket = GenericSocket.open(libbpf)) {
            ByteBuffer answer = room(32_768);

            socket.send(question(family));

            assertThat(socket.await(SOON)).isTrue();
            assertThat(socket.receive(answer)).isEqualTo(answer.getInt(0));
            assertThat(answer.getInt(8)).isEqualTo(7);
            return answer;
        }
    }

    @Test
    void the_family_that_knows_the_others_knows_itself() {
        ByteBuffer answer = answer("nlctrl");

        assertThat(answer.getShort(4)).isEqualTo(CONTROLLER);
    }

    @Test
    void a_question_about_no_family_is_answered_with_an_error() {
        ByteBuffer answer = answer("pc-none");

        assertThat(answer.getShort(4)).isEqualTo(ERROR);
        assertThat(answer.getInt(HEADER)).isEqualTo(-Errno.ENOENT.number());
    }
}
