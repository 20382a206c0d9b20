// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import java.util.OptionalInt;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;

/** The users of this host. */
final class Users {
    private static final POSIX LIBC = POSIXFactory.getNativePOSIX();

    private Users() {}

    /** The number of a user, by name; of one without a name, whose number stands for it, that. */
    static OptionalInt uid(String name) {
        Passwd user = LIBC.getpwnam(name);
        if (user != null) {
            return OptionalInt.of((int) user.getUID());
        }
        try {
            return OptionalInt.of(Integer.parseUnsignedInt(name));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
