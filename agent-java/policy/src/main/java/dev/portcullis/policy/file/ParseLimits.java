// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import java.util.Optional;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Refuses nesting that would take the composer's recursion to the end of the stack, and aliases by
 * which a small text would stand for a huge one.
 */
final class ParseLimits implements Parser {
    private static final int MAX_DEPTH = 50;
    private static final int MAX_ALIASES = 1_000;

    private final Parser parser;
    private int depth;
    private int aliases;

    ParseLimits(Parser parser) {
        this.parser = parser;
    }

    @Override
    public boolean checkEvent(Event.ID id) {
        return parser.checkEvent(id);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        if (event instanceof CollectionStartEvent) {
            depth++;
            refuse(depth > MAX_DEPTH, event, "lists and maps are more than 50 deep in each other");
        } else if (event instanceof CollectionEndEvent) {
            depth--;
        } else if (event instanceof AliasEvent) {
            aliases++;
            refuse(aliases > MAX_ALIASES, event, "more than 1000 aliases; write the values out");
        }
        return event;
    }

    private static void refuse(boolean over, Event event, String problem) {
        if (over) {
            throw new ParserException("", Optional.empty(), problem, event.getStartMark());
        }
    }
}
