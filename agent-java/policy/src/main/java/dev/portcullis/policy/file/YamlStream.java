// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The documents of one text, one after the other, as trees that know their lines. */
final class YamlStream {
    private final SourceText source;
    private final Composer composer;

    YamlStream(SourceText source) {
        this.source = source;
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(source.name())
                        .setSchema(new CoreSchema())
                        .setCodePointLimit(Integer.MAX_VALUE)
                        .setMaxAliasesForCollections(Integer.MAX_VALUE)
                        .build();
        StreamReader characters = new StreamReader(settings, source.text());
        this.composer =
                new Composer(settings, new ParseLimits(new ParserImpl(settings, characters)));
    }

    /** The next document's root; empty after the last. */
    Optional<Node> next() throws UnreadableYaml {
        try {
            return composer.hasNext() ? Optional.of(composer.next()) : Optional.empty();
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

    /** The line of a tree, from 1. */
    static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }
}
