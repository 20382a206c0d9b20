// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import java.util.OptionalInt;

/**
 * Who makes a change, as the connection tells it.
 *
 * @param name of the user, or the subject of the client's certificate; shown as it is, so what a
 *     terminal or a log would not take for text is replaced
 * @param uid of a user of this host
 * @param from where: {@link #SOCKET}, or an address and port
 */
public record Author(String name, OptionalInt uid, String from) {
    public static final String SOCKET = "unix socket";

    private static final int LONGEST_NAME = 200;

    public Author {
        name =
                name.codePoints()
                        .limit(LONGEST_NAME)
                        .map(c -> isText(c) ? c : '?')
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
    }

    private static boolean isText(int c) {
        return c != '"' && !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
    }

    dev.portcullis.api.v1.Author message() {
        dev.portcullis.api.v1.Author.Builder message =
                dev.portcullis.api.v1.Author.newBuilder().setName(name).setFrom(from);
        uid.ifPresent(message::setUid);
        return message.build();
    }
}
