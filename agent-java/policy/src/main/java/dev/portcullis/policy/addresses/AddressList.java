// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

import com.google.common.base.Utf8;
import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.AddressSet.Format;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.validation.Checked;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedSet;

/** The content of an address set, as it was read from a file or a server. */
public final class AddressList {
    /** The largest content that makes sense to read: 64 MiB, some three million CIDRs. */
    public static final int MOST_BYTES = 64 << 20;

    private static final String BYTE_ORDER_MARK = "\ufeff";

    private AddressList() {}

    /**
     * The prefixes that the set selects from the content, in order. A content that has any entry
     * that can't be read, or in which nothing is selected, is no list: half of it would do harm.
     *
     * @param content UTF-8
     * @return violations name {@code spec.file} or {@code spec.url} and the line or path there, or
     *     the filter that is wrong; of bad entries the first 20 and the number of the others
     */
    public static Checked<SortedSet<Prefix>> read(AddressSet set, byte[] content) {
        Optional<String> text = text(content);
        if (text.isEmpty()) {
            return new ListedEntries(set).refused("is not UTF-8 text");
        }
        Optional<Format> seen = FormatGuess.of(text.get());
        if (set.format().isPresent()) {
            return read(set, set.format().get(), seen, text.get());
        }
        return seen.map(format -> read(set, format, seen, text.get()))
                .orElseGet(() ->
                        new ListedEntries(set)
                                .refused(
                                        "is neither a list of CIDRs nor JSON of a known form; write"
                                                + " one CIDR a line, or name a list of aws, google,"
                                                + " azure or elastic"));
    }

    private static Checked<SortedSet<Prefix>> read(
            AddressSet set, Format format, Optional<Format> seen, String text) {
        ListedEntries entries = new ListedEntries(set);
        if (format == Format.CIDRS) {
            CidrLines.read(text, entries);
        } else {
            JsonCursor.read(text, json(format), entries);
        }
        Checked<SortedSet<Prefix>> read = entries.checked();
        boolean misnamed = seen.isPresent() && seen.get() != format;
        return read.value().isEmpty() && misnamed
                ? new ListedEntries(set).misnamed(format, seen.get())
                : read;
    }

    private static JsonForm json(Format format) {
        return switch (format) {
            case AWS -> PrefixObjects.AWS;
            case GOOGLE -> PrefixObjects.GOOGLE;
            case AZURE -> new ServiceTags();
            case ELASTIC -> new StaticAddresses();
            case CIDRS -> throw new IllegalArgumentException("not JSON");
        };
    }

    private static Optional<String> text(byte[] content) {
        if (!Utf8.isWellFormed(content)) {
            return Optional.empty();
        }
        String text = new String(content, StandardCharsets.UTF_8);
        return Optional.of(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    }
}
