// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import dev.portcullis.policy.file.YamlTree.Entry;
import dev.portcullis.policy.file.YamlTree.Mapping;
import dev.portcullis.policy.file.YamlTree.Scalar;
import dev.portcullis.policy.file.YamlTree.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Builds the tree of one document. Nesting is bounded, since the building recurses, and so are
 * aliases, by which a small text would stand for a huge one. An alias stands for something that is
 * complete before it, so a tree has no cycles.
 */
final class TreeBuilder {
    private static final int MAX_DEPTH = 50;
    private static final int MAX_ALIASES = 1_000;
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final String PLAIN_TAG = "tag:yaml.org,2002:";
    private static final String NULL_TAG = PLAIN_TAG + "null";
    private static final Set<String> PLAIN_TAGS =
            Set.of(
                    "!",
                    NULL_TAG,
                    PLAIN_TAG + "str",
                    PLAIN_TAG + "int",
                    PLAIN_TAG + "float",
                    PLAIN_TAG + "bool",
                    PLAIN_TAG + "seq",
                    PLAIN_TAG + "map");

    private final Parser events;
    private final Map<Anchor, YamlTree> anchors = new HashMap<>();

    /** Field names, each of which a large document holds very often. */
    private final Map<String, String> names = new HashMap<>();

    private int depth;
    private int aliases;

    TreeBuilder(Parser events) {
        this.events = events;
    }

    /** Of the events up to the end of the document. */
    YamlTree build() throws UnreadableYaml {
        return tree(events.next());
    }

    private YamlTree tree(Event event) throws UnreadableYaml {
        if (event instanceof AliasEvent alias) {
            return named(alias);
        }
        YamlTree tree =
                event instanceof ScalarEvent scalar
                        ? scalar(scalar)
                        : collection((CollectionStartEvent) event);
        ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, tree));
        return tree;
    }

    private YamlTree named(AliasEvent alias) throws UnreadableYaml {
        aliases++;
        refuse(aliases > MAX_ALIASES, alias, "it has more than 1000 aliases; write the values out");
        YamlTree tree = anchors.get(alias.getAlias());
        refuse(
                tree == null,
                alias,
                "the alias *" + alias.getAlias() + " names nothing that is complete before it");
        return tree;
    }

    private static Scalar scalar(ScalarEvent event) {
        Optional<String> tag = event.getTag();
        boolean isNull =
                tag.isEmpty()
                        ? event.isPlain() && NULLS.contains(event.getValue())
                        : tag.get().equals(NULL_TAG);
        return new Scalar(line(event), foreign(tag), event.getValue(), isNull);
    }

    private YamlTree collection(CollectionStartEvent start) throws UnreadableYaml {
        depth++;
        refuse(depth > MAX_DEPTH, start, "lists and maps are more than 50 deep in each other");
        Optional<String> tag = foreign(start.getTag());
        YamlTree tree =
                start instanceof MappingStartEvent
                        ? new Mapping(line(start), tag, entries())
                        : new Sequence(line(start), tag, items());
        depth--;
        return tree;
    }

    private List<YamlTree> items() throws UnreadableYaml {
        List<YamlTree> items = new ArrayList<>();
        for (Event next = events.next();
                next.getEventId() != Event.ID.SequenceEnd;
                next = events.next()) {
            items.add(tree(next));
        }
        return List.copyOf(items);
    }

    private List<Entry> entries() throws UnreadableYaml {
        List<Entry> entries = new ArrayList<>();
        for (Event next = events.next();
                next.getEventId() != Event.ID.MappingEnd;
                next = events.next()) {
            YamlTree key = shared(tree(next));
            entries.add(new Entry(key, tree(events.next())));
        }
        return List.copyOf(entries);
    }

    private YamlTree shared(YamlTree key) {
        if (!(key instanceof Scalar name)) {
            return key;
        }
        String text = names.computeIfAbsent(name.text(), same -> same);
        return new Scalar(name.line(), name.foreignTag(), text, name.isNull());
    }

    private static Optional<String> foreign(Optional<String> tag) {
        return tag.filter(name -> !PLAIN_TAGS.contains(name));
    }

    private static int line(Event event) {
        return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    private static void refuse(boolean over, Event event, String problem) throws UnreadableYaml {
        if (over) {
            throw new UnreadableYaml(line(event), "is not YAML that is read: " + problem);
        }
    }
}
