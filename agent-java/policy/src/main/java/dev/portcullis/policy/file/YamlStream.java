// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** The documents of one text, one after the other. */
public final class YamlStream {
    private final SourceText source;
    private final Parser events;

    public YamlStream(SourceText source) {
        this.source = source;
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(source.name())
                        .setCodePointLimit(Integer.MAX_VALUE)
                        .build();
        this.events = new ParserImpl(settings, new StreamReader(settings, source.text()));
    }

    /** The next document; empty after the last. */
    public Optional<YamlTree> next() throws UnreadableYaml {
        try {
            while (events.hasNext()) {
                if (events.next().getEventId() == Event.ID.DocumentStart) {
                    return Optional.of(new TreeBuilder(events).build());
                }
            }
            return Optional.empty();
        } catch (ReaderException e) {
            throw new UnreadableYaml(
                    lineOf(e.getPosition()),
                    String.format(
                            "is not YAML: the character U+%04X is not allowed in it",
                            e.getCodePoint()));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
            throw new UnreadableYaml(line, "is not YAML: " + asRemark(e.getProblem()));
        } catch (YamlEngineException e) {
            throw new UnreadableYaml(1, "is not YAML: " + asRemark(e.getMessage()));
        }
    }

    private int lineOf(int position) {
        return 1 + (int) source.text().codePoints().limit(position).filter(c -> c == '\n').count();
    }

    /** The parser's own words, on one line, as the rest of a sentence. */
    private static String asRemark(String problem) {
        String line = problem.strip().replaceAll("\\s+", " ");
        return line.isEmpty()
                ? "it can't be parsed"
                : line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
    }
}
