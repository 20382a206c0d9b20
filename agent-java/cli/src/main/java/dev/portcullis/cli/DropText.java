// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.WatchDropsResponse;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** A denied packet on one line. Columns are wide enough for IPv4; others push what follows. */
final class DropText {
    private DropText() {}

    static String of(WatchDropsResponse drop) {
        String line =
                String.format(
                        Locale.ROOT,
                        "%s  %-8s %-6s %-21s -> %-21s  %s  %s  %d bytes",
                        MessageText.instant(drop.getTime()).truncatedTo(ChronoUnit.MILLIS),
                        drop.getInterface(),
                        drop.getProtocol(),
                        endpoint(drop.getSource(), drop.getSourcePort()),
                        endpoint(drop.getDestination(), drop.getDestinationPort()),
                        drop.getResource().isEmpty() ? "-" : drop.getResource(),
                        drop.getReason(),
                        drop.getLength());
        StringBuilder text = new StringBuilder(line);
        if (!drop.getPolicy().isEmpty()) {
            text.append("  policy ").append(drop.getPolicy());
        }
        if (drop.hasOriginal()) {
            text.append(described("  for ", drop.getOriginal().getSource()))
                    .append(described("  by ", OriginalText.endpoint(drop.getOriginal())));
        }
        if (drop.getAudit()) {
            text.append("  (audit: passed)");
        }
        drop.getVlansList().forEach(vlan -> text.append("  vlan ").append(vlan));
        if (drop.getNotShown() > 0) {
            text.append("  +").append(Long.toUnsignedString(drop.getNotShown()));
        }
        return text.append('\n').toString();
    }

    private static String described(String how, String whom) {
        return whom.isEmpty() ? "" : how + whom;
    }

    private static String endpoint(String address, int port) {
        if (port == 0) {
            return address;
        }
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
}
