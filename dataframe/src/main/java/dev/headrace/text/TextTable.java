package dev.headrace.text;

import java.util.List;

/// Rows of texts as the table that Spark's `show` prints.
///
/// @param names the columns' names
/// @param rows the cells' texts, as [CellText] gives them
/// @param truncate the number of characters that cells are cut to, the last three then being dots; 0 for no limit. A
///     table that is cut is aligned to the right, else to the left.
public record TextTable(List<String> names, List<List<String>> rows, int truncate) {
    private static final int MIN_WIDTH = 3;

    public TextTable {
        names = names.stream().map(TextTable::escaped).toList();
        rows = rows.stream()
                .map(row ->
                        row.stream().map(cell -> cut(escaped(cell), truncate)).toList())
                .toList();
    }

    /// A line per row, between rulers. Ends with a line break.
    public String horizontal() {
        TableLines lines = new TableLines(this);
        return lines.head() + lines.rows(this) + lines.ruler();
    }

    /// A line per cell, with a heading for each row. Ends with a line break.
    public String vertical() {
        if (rows.isEmpty()) {
            return "(0 rows)\n";
        }
        int nameWidth = widest(names);
        int cellWidth = rows.stream().mapToInt(TextTable::widest).max().orElse(MIN_WIDTH);
        StringBuilder out = new StringBuilder();
        for (int row = 0; row < rows.size(); row++) {
            String heading = "-RECORD " + row;
            int rest = nameWidth + cellWidth + 5 - heading.length();
            out.append(heading).append("-".repeat(Math.max(0, rest))).append("\n");
            for (int i = 0; i < names.size(); i++) {
                out.append(" ").append(padded(names.get(i), nameWidth)).append(" | ");
                out.append(padded(rows.get(row).get(i), cellWidth)).append(" \n");
            }
        }
        return out.toString();
    }

    private static int widest(List<String> texts) {
        return Math.max(
                MIN_WIDTH, texts.stream().mapToInt(TextTable::width).max().orElse(0));
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - width(text));
    }

    private static String cut(String text, int truncate) {
        if (truncate <= 0 || text.length() <= truncate) {
            return text;
        }
        return truncate < 4 ? text.substring(0, truncate) : text.substring(0, truncate - 3) + "...";
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                case 0x0B -> out.append("\\v");
                case 0x07 -> out.append("\\a");
                default -> out.append((char) c);
            }
        });
        return out.toString();
    }

    /// The columns that a text takes in a terminal: two for each full-width character.
    static int width(String text) {
        return text.length() + (int) text.chars().filter(TextTable::isFullWidth).count();
    }

    private static boolean isFullWidth(int c) {
        return c >= 0x1100 && c <= 0x115F
                || c >= 0x2E80 && c <= 0xA4CF
                || c >= 0xAC00 && c <= 0xD7A3
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0xFE30 && c <= 0xFE4F
                || c >= 0xFF00 && c <= 0xFF60
                || c >= 0xFFE0 && c <= 0xFFE6;
    }
}
