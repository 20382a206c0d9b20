// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.portcullis.policy.model.AddressSet.Format;
import java.io.IOException;
import java.util.Optional;

/** Tells a list's format by what it begins with and, in JSON, by its members. */
final class FormatGuess {
    private FormatGuess() {}

    /** Empty if it is of none that is known. */
    static Optional<Format> of(String text) {
        String start = text.stripLeading();
        if (start.startsWith("{")) {
            try (JsonReader reader = JsonCursor.reader(text)) {
                return members(reader);
            } catch (IOException e) {
                // Broken before it could be recognized.
                return Optional.empty();
            }
        }
        // A web page in place of a list is the commonest mistake.
        return start.startsWith("<") || start.startsWith("[")
                ? Optional.empty()
                : Optional.of(Format.CIDRS);
    }

    private static Optional<Format> members(JsonReader reader) throws IOException {
        Optional<Format> format = Optional.empty();
        reader.beginObject();
        while (format.isEmpty() && reader.hasNext()) {
            switch (reader.nextName()) {
                case "values" -> format = Optional.of(Format.AZURE);
                case "regions" -> format = Optional.of(Format.ELASTIC);
                case "ipv6_prefixes" -> format = Optional.of(Format.AWS);
                case "prefixes" -> format = prefixes(reader);
                default -> reader.skipValue();
            }
        }
        return format;
    }

    /** By the first object that has a prefix. */
    private static Optional<Format> prefixes(JsonReader reader) throws IOException {
        if (reader.peek() != JsonToken.BEGIN_ARRAY) {
            reader.skipValue();
            return Optional.empty();
        }
        Optional<Format> format = Optional.empty();
        reader.beginArray();
        while (format.isEmpty() && reader.hasNext()) {
            if (reader.peek() == JsonToken.BEGIN_OBJECT) {
                format = prefix(reader);
            } else {
                reader.skipValue();
            }
        }
        if (format.isEmpty()) {
            reader.endArray();
        }
        return format;
    }

    private static Optional<Format> prefix(JsonReader reader) throws IOException {
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (PrefixObjects.AWS.prefixes().contains(name)) {
                return Optional.of(Format.AWS);
            }
            if (PrefixObjects.GOOGLE.prefixes().contains(name)) {
                return Optional.of(Format.GOOGLE);
            }
            reader.skipValue();
        }
        reader.endObject();
        return Optional.empty();
    }
}
