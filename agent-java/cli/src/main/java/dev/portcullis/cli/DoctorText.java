// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.HostFinding;
import dev.portcullis.api.v1.HostReport;
import java.util.Locale;

/**
 * What was found on a host for people, on {@value #WIDTH} columns: a heading a subject, a row a
 * finding, and below it what to do.
 */
final class DoctorText {
    private static final int WIDTH = 100;

    private final StringBuilder text = new StringBuilder();
    private final String row;

    private DoctorText(HostReport report) {
        int widest =
                report.getFindingsList().stream()
                        .mapToInt(finding -> finding.getCheck().length())
                        .max()
                        .orElse(1);
        row = "  %-7s  %-" + widest + "s  ";
    }

    static String of(HostReport report) {
        DoctorText text = new DoctorText(report);
        String subject = "";
        for (HostFinding finding : report.getFindingsList()) {
            if (!finding.getSubject().equals(subject)) {
                subject = finding.getSubject();
                text.heading(subject);
            }
            text.add(finding);
        }
        text.sum(report);
        return text.text.toString();
    }

    private void heading(String subject) {
        text.append(text.isEmpty() ? "" : "\n");
        text.append(subject.toUpperCase(Locale.ROOT)).append('\n');
    }

    private void add(HostFinding finding) {
        String head = String.format(Locale.ROOT, row, finding.getResult(), finding.getCheck());
        wrap(head, finding.getFound());
        if (!finding.getRemedy().isEmpty()) {
            wrap(" ".repeat(head.length()) + "remedy: ", finding.getRemedy());
        }
    }

    /** Words after a head, and below each other where the line is full. */
    private void wrap(String head, String sentence) {
        StringBuilder line = new StringBuilder(head);
        for (String word : sentence.split("\\s+")) {
            boolean first = line.length() == head.length();
            if (!first && line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line.setLength(0);
                line.append(" ".repeat(head.length()));
                first = true;
            }
            line.append(first ? "" : " ").append(word);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private void sum(HostReport report) {
        text.append('\n')
                .append(
                        report.getFailed() > 0
                                ? "this host can't be guarded as it is: "
                                : report.getUnknown() > 0
                                        ? "nothing that could be looked at is in the way: "
                                        : "this host can be guarded: ")
                .append(report.getOk())
                .append(" ok, ")
                .append(Plural.of(report.getWarnings(), "warning"))
                .append(", ")
                .append(report.getFailed())
                .append(" failed, ")
                .append(report.getUnknown())
                .append(" unknown\n");
    }
}
