// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import com.google.common.base.Ascii;
import java.util.Optional;
import java.util.regex.Pattern;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** Names as rules have them (lower case, no dot at the end) and as DNS has them. */
final class DomainName {
    /**
     * DNS allows any byte in a label, even a dot, which patterns would take for a boundary; a host
     * has none of those.
     */
    private static final Pattern HOST = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

    private DomainName() {}

    /** The absolute name; empty if DNS can't hold it, as with a label of more than 63 bytes. */
    static Optional<Name> parse(String text) {
        try {
            return Optional.of(Name.fromString(text, Name.root)).filter(Name::isAbsolute);
        } catch (TextParseException e) {
            return Optional.empty();
        }
    }

    /** The name of a host; empty if no host is called so. */
    static Optional<String> text(Name name) {
        return Optional.of(Ascii.toLowerCase(name.toString(true)))
                .filter(text -> HOST.matcher(text).matches());
    }
}
