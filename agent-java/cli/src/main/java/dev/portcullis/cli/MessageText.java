// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Answers of the agent in the canonical JSON form of their schema, every field printed. */
final class MessageText {
    private MessageText() {}

    static String json(Message message) {
        return print(JsonFormat.printer().alwaysPrintFieldsWithNoPresence(), message) + "\n";
    }

    /** For streams: one object a line. */
    static String jsonLine(Message message) {
        return print(
                        JsonFormat.printer()
                                .alwaysPrintFieldsWithNoPresence()
                                .omittingInsignificantWhitespace(),
                        message)
                + "\n";
    }

    /** The same as a YAML document. */
    static String yaml(Message message) {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(json(message));
        DumpSettings settings =
                DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setExplicitStart(true)
                        .setSplitLines(false)
                        .build();
        return new Dump(settings).dumpToString(tree);
    }

    private static String print(JsonFormat.Printer printer, Message message) {
        try {
            return printer.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an answer holds a type of no known schema", e);
        }
    }

    /** To the second, in UTC; empty if it is not set. */
    static String time(boolean set, Timestamp time) {
        return set ? instant(time).truncatedTo(ChronoUnit.SECONDS).toString() : "";
    }

    static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
