// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.TopResponse;
import dev.portcullis.api.v1.TopSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Who is denied most, for people. */
final class TopText {
    /**
     * @param number whether it stands at the right
     */
    private record Column(String header, boolean number, Function<TopSource, String> cell) {}

    private TopText() {}

    /**
     * @param audit whether it is about what passed in audit mode
     */
    static String of(TopResponse top, boolean audit) {
        boolean rates = top.getSeconds() > 0;
        StringBuilder text = new StringBuilder();
        text.append(MessageText.time(true, top.getTime()))
                .append(audit ? "  audited " : "  dropped ")
                .append(number(top.getPackets()))
                .append(" packets, ")
                .append(number(top.getBytes()))
                .append(" bytes");
        if (rates) {
            text.append("; ")
                    .append(rate(top.getPacketsPerSecond()))
                    .append(" packets/s, ")
                    .append(rate(top.getBytesPerSecond()))
                    .append(" bytes/s");
        }
        text.append("; ").append(Plural.of(top.getKnownSources(), "source"));
        if (top.getUnknownSourcePackets() > 0) {
            text.append("; ")
                    .append(number(top.getUnknownSourcePackets()))
                    .append(" packets of others");
        }
        text.append('\n');
        Table table = table("SOURCE", top.getSourcesList(), rates);
        return table.isEmpty() ? text.toString() : text.append('\n').append(table).toString();
    }

    /**
     * @param title of the column of addresses
     */
    static Table table(String title, List<TopSource> sources, boolean rates) {
        List<Column> columns = columns(title, sources, rates);
        Table table = Table.of(columns.stream().map(Column::header).toArray(String[]::new));
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).number()) {
                table.right(i);
            }
        }
        for (TopSource source : sources) {
            table.row(columns.stream().map(column -> column.cell().apply(source)).toArray());
        }
        return table;
    }

    /** What most sources have not has a column where it tells anything. */
    private static List<Column> columns(String title, List<TopSource> sources, boolean rates) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column(title, false, TopSource::getAddress));
        if (sources.stream().anyMatch(source -> source.getDirection().equals("egress"))) {
            columns.add(new Column("DIRECTION", false, TopSource::getDirection));
        }
        if (sources.stream().anyMatch(TopSource::hasOriginal)) {
            columns.add(new Column("FOR", false, source -> source.getOriginal().getSource()));
        }
        if (sources.stream().anyMatch(source -> !endpoint(source).isEmpty())) {
            columns.add(new Column("BY", false, TopText::endpoint));
        }
        columns.add(new Column("RESOURCE", false, TopSource::getResource));
        columns.add(new Column("REASON", false, TopSource::getReason));
        if (sources.stream().anyMatch(source -> !source.getPolicy().isEmpty())) {
            columns.add(new Column("POLICY", false, TopSource::getPolicy));
        }
        if (rates) {
            columns.add(new Column("PACKETS/S", true, s -> rate(s.getPacketsPerSecond())));
        }
        columns.add(new Column("PACKETS", true, s -> number(s.getPackets())));
        if (rates) {
            columns.add(new Column("BYTES/S", true, s -> rate(s.getBytesPerSecond())));
        }
        columns.add(new Column("BYTES", true, s -> number(s.getBytes())));
        columns.add(new Column("LAST", false, s -> MessageText.time(s.hasLast(), s.getLast())));
        return columns;
    }

    private static String endpoint(TopSource source) {
        return OriginalText.endpoint(source.getOriginal());
    }

    /** Slow ones to a tenth, so that a packet in some seconds is not none. */
    private static String rate(double rate) {
        return rate > 0 && rate < 10
                ? String.format(Locale.ROOT, "%.1f", rate)
                : String.format(Locale.ROOT, "%,.0f", rate);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
