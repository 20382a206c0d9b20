// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.hash.Hashing;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.validation.PrefixText;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A copy as a file holds it, for people to read too:
 *
 * <pre>
 * # portcullis address set 1
 * # sha256: of everything after this line, in hexadecimal
 * # set: office
 * # source: https://lists.example.org/office.txt
 * # read: 2026-01-31T12:00:00Z
 * # etag: "abc"
 * # last-modified: Sat, 31 Jan 2026 11:00:00 GMT
 * 203.0.113.0/24
 * </pre>
 *
 * The lines come in this order, all of them.
 */
final class CopyText {
    private static final String FORMAT = "# portcullis address set 1\n";
    private static final String HASH = "# sha256: ";

    private CopyText() {}

    static byte[] encode(Definition definition, SetCopy copy) {
        StringBuilder text = new StringBuilder();
        line(text, "set", definition.name());
        line(text, "source", definition.source());
        line(text, "read", copy.read().toString());
        line(text, "etag", copy.validators().etag());
        line(text, "last-modified", copy.validators().lastModified());
        for (Prefix prefix : copy.prefixes()) {
            text.append(prefix).append('\n');
        }
        String hashed = text.toString();
        return (FORMAT + HASH + hash(hashed) + "\n" + hashed).getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append("# ").append(key).append(": ").append(value).append('\n');
    }

    private static String hash(String text) {
        return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
    }

    /** Empty if the bytes are not whole. */
    static Optional<SetCopy> decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int hashed = text.indexOf('\n', FORMAT.length()) + 1;
        if (!text.startsWith(FORMAT + HASH) || hashed == 0) {
            return Optional.empty();
        }
        String hash = text.substring(FORMAT.length() + HASH.length(), hashed - 1);
        String rest = text.substring(hashed);
        return hash.equals(hash(rest)) ? parse(rest) : Optional.empty();
    }

    private static Optional<SetCopy> parse(String text) {
        try {
            Iterator<String> lines = Splitter.on('\n').omitEmptyStrings().split(text).iterator();
            value(lines, "set");
            value(lines, "source");
            Instant read = Instant.parse(value(lines, "read"));
            Validators validators =
                    new Validators(value(lines, "etag"), value(lines, "last-modified"));
            ImmutableSortedSet.Builder<Prefix> prefixes = ImmutableSortedSet.naturalOrder();
            lines.forEachRemaining(line -> prefixes.add(PrefixText.parse(line).prefix()));
            return Optional.of(new SetCopy(read, validators, prefixes.build()));
        } catch (IllegalArgumentException | NoSuchElementException | DateTimeException e) {
            // Whole, but of a version that writes something else.
            return Optional.empty();
        }
    }

    private static String value(Iterator<String> lines, String key) {
        String line = lines.next();
        String start = "# " + key + ": ";
        if (!line.startsWith(start)) {
            throw new IllegalArgumentException("no " + key);
        }
        return line.substring(start.length());
    }
}
