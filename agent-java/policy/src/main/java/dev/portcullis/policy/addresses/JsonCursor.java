// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Goes through a JSON document once. A value of another type than was asked for is noted as bad and
 * stepped over, so that one look finds all of them.
 */
final class JsonCursor {
    private static final Pattern POSITION = Pattern.compile("at line (\\d+) column (\\d+)");

    private final JsonReader reader;
    private final ListedEntries entries;

    private JsonCursor(JsonReader reader, ListedEntries entries) {
        this.reader = reader;
        this.entries = entries;
    }

    /** What to do at a member of an object; it has to step over the value. */
    interface Member {
        void at(String name) throws IOException;
    }

    /** What to do at an element of an array; it has to step over it. */
    interface Element {
        void at() throws IOException;
    }

    /** Reads a document of a form. One that is not JSON is noted as bad. */
    static void read(String text, JsonForm form, ListedEntries entries) {
        JsonReader reader = reader(text);
        try {
            form.read(new JsonCursor(reader, entries), entries);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                entries.bad("", "goes on after its end");
            }
        } catch (MalformedJsonException e) {
            Matcher position = POSITION.matcher(String.valueOf(e.getMessage()));
            String place =
                    position.find()
                            ? "line " + position.group(1) + ", column " + position.group(2)
                            : "";
            entries.bad(place, "is not JSON");
        } catch (EOFException e) {
            entries.bad("", "is JSON that ends too early");
        } catch (IOException e) {
            throw new AssertionError("a text can't fail to be read", e);
        }
    }

    static JsonReader reader(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        return reader;
    }

    /** Where the cursor is, such as {@code prefixes[3].ip_prefix}. */
    String path() {
        return reader.getPath().replaceFirst("^\\$\\.?", "");
    }

    void skip() throws IOException {
        reader.skipValue();
    }

    /** Goes through an object; false if there is something else. */
    boolean object(Member member) throws IOException {
        if (!expect(JsonToken.BEGIN_OBJECT, "an object")) {
            return false;
        }
        reader.beginObject();
        while (reader.hasNext()) {
            member.at(reader.nextName());
        }
        reader.endObject();
        return true;
    }

    void array(Element element) throws IOException {
        if (expect(JsonToken.BEGIN_ARRAY, "a list")) {
            reader.beginArray();
            while (reader.hasNext()) {
                element.at();
            }
            reader.endArray();
        }
    }

    /** A string; empty if there is something else, which is noted. */
    Optional<String> text() throws IOException {
        return expect(JsonToken.STRING, "a string")
                ? Optional.of(reader.nextString())
                : Optional.empty();
    }

    private boolean expect(JsonToken token, String noun) throws IOException {
        if (reader.peek() == token) {
            return true;
        }
        entries.bad(path(), "is not " + noun);
        reader.skipValue();
        return false;
    }
}
