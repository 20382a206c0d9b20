// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.DropEventStatus;
import dev.portcullis.api.v1.InterfaceStatus;
import dev.portcullis.api.v1.MapStatus;
import dev.portcullis.api.v1.ResourceStatus;
import dev.portcullis.api.v1.StatusResponse;
import dev.portcullis.api.v1.TopSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The agent's status for people. */
final class StatusText {
    private static final int SOURCES = 3;

    private StatusText() {}

    static String of(StatusResponse status) {
        StringBuilder text = new StringBuilder();
        String committed = MessageText.time(status.hasCommitted(), status.getCommitted());
        line(text, "version", status.getVersion() + ", started " + started(status));
        line(text, "kernel", status.getKernel() + ", libbpf " + status.getLibbpf());
        line(text, "revision", number(status.getRevision()));
        line(
                text,
                "generation",
                number(status.getGeneration())
                        + (committed.isEmpty() ? "" : ", committed " + committed));
        line(
                text,
                "policies",
                status.getPoliciesInUse() + " of " + status.getPolicies() + " in use");
        if (status.hasUnconfirmed()) {
            line(
                    text,
                    "unconfirmed",
                    "goes at "
                            + MessageText.time(true, status.getUnconfirmed().getConfirmBy())
                            + " and what revision "
                            + Long.toUnsignedString(status.getUnconfirmed().getBefore())
                            + " held comes back, unless: portcullis confirm");
        }
        DropEventStatus drops = status.getDropEvents();
        line(
                text,
                "drop events",
                String.format(
                        Locale.ROOT,
                        "%s reported, %s kept back by the rate limit, %s lost",
                        number(drops.getReported()),
                        number(drops.getLimited()),
                        number(drops.getLost())));
        append(text, interfaces(status));
        append(text, resources(status));
        append(text, sources(status));
        append(text, maps(status));
        if (status.getWarningsCount() > 0) {
            text.append('\n');
            status.getWarningsList().forEach(w -> text.append("warning: ").append(w).append('\n'));
        }
        return text.toString();
    }

    private static String started(StatusResponse status) {
        return MessageText.time(status.hasStarted(), status.getStarted());
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-13s%s%n", name, value));
    }

    private static void append(StringBuilder text, Table table) {
        if (!table.isEmpty()) {
            text.append('\n').append(table);
        }
    }

    /** Why some are left alone has a column where there are such. */
    private static Table interfaces(StatusResponse status) {
        boolean reasons =
                status.getInterfacesList().stream().anyMatch(i -> !i.getReason().isEmpty());
        List<String> header = new ArrayList<>(List.of("INTERFACE", "INDEX", "MODE"));
        if (reasons) {
            header.add("REASON");
        }
        Table table = Table.of(header.toArray(String[]::new)).right(1);
        for (InterfaceStatus i : status.getInterfacesList()) {
            List<Object> cells = new ArrayList<>(List.of(i.getName(), i.getIndex(), i.getMode()));
            if (reasons) {
                cells.add(i.getReason());
            }
            table.row(cells.toArray());
        }
        return table;
    }

    /** What passed in audit mode has a column where it can be anything but none. */
    private static Table resources(StatusResponse status) {
        boolean audit =
                status.getResourcesList().stream().anyMatch(r -> r.getMode().equals("audit"));
        List<String> header =
                new ArrayList<>(
                        List.of("RESOURCE", "PROTECTED", "MODE", "POLICIES", "PASSED", "DROPPED"));
        if (audit) {
            header.add("AUDITED");
        }
        Table table = Table.of(header.toArray(String[]::new)).right(4, 5);
        if (audit) {
            table.right(6);
        }
        for (ResourceStatus r : status.getResourcesList()) {
            List<Object> cells =
                    new ArrayList<>(
                            List.of(
                                    r.getName(),
                                    r.getProtected() ? "yes" : "no",
                                    r.getMode(),
                                    String.join(",", r.getPoliciesList()),
                                    number(r.getPassedPackets()),
                                    number(r.getDroppedPackets())));
            if (audit) {
                cells.add(number(r.getAuditedPackets()));
            }
            table.row(cells.toArray());
        }
        return table;
    }

    /** The first few of them; {@code portcullis top} has the others. */
    private static Table sources(StatusResponse status) {
        List<TopSource> sources = status.getTopSourcesList();
        return TopText.table(
                "DROPPED SOURCE", sources.subList(0, Math.min(SOURCES, sources.size())), false);
    }

    private static Table maps(StatusResponse status) {
        Table table = Table.of("MAP", "ENTRIES", "CAPACITY", "USED").right(1, 2, 3);
        for (MapStatus m : status.getMapsList()) {
            table.row(m.getName(), number(m.getEntries()), number(m.getCapacity()), share(m));
        }
        return table;
    }

    private static String share(MapStatus map) {
        return map.getCapacity() == 0
                ? ""
                : String.format(Locale.ROOT, "%d%%", map.getEntries() * 100 / map.getCapacity());
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
