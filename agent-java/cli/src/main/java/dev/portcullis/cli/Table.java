// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns as wide as their widest cell, two blanks apart. An empty cell shows as {@code -}. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] right;

    private Table(List<String> header) {
        rows.add(header);
        right = new boolean[header.size()];
    }

    static Table of(String... header) {
        return new Table(List.of(header));
    }

    /** These columns hold numbers. */
    Table right(int... columns) {
        for (int column : columns) {
            right[column] = true;
        }
        return this;
    }

    Table row(Object... cells) {
        rows.add(Arrays.stream(cells).map(Object::toString).map(Table::shown).toList());
        return this;
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    private static String shown(String cell) {
        return cell.isEmpty() ? "-" : cell;
    }

    @Override
    public String toString() {
        int[] widths = new int[right.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String pad = " ".repeat(widths[i] - width(row.get(i)));
                line.append(i == 0 ? "" : "  ")
                        .append(right[i] ? pad + row.get(i) : row.get(i) + pad);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
