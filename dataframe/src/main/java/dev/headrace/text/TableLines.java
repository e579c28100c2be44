package dev.headrace.text;

import java.util.List;
import java.util.StringJoiner;

/// The lines of a table that is printed while its rows come: the first rows decide how wide the columns are. A cell
/// that is wider shifts the rest of its line.
public final class TableLines {
    private static final int MIN_WIDTH = 3;

    private final List<String> names;
    private final boolean right;
    private final int[] widths;
    private final String ruler;

    /// @param first the first rows
    public TableLines(TextTable first) {
        this.names = first.names();
        this.right = first.truncate() > 0;
        this.widths = new int[names.size()];
        // Also of no columns: an edge on each side.
        StringJoiner line = new StringJoiner("+", "+", "+\n");
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(MIN_WIDTH, TextTable.width(names.get(i)));
            for (List<String> row : first.rows()) {
                widths[i] = Math.max(widths[i], TextTable.width(row.get(i)));
            }
            line.add("-".repeat(widths[i]));
        }
        this.ruler = line.toString();
    }

    /// The names, between rulers.
    public String head() {
        StringBuilder out = new StringBuilder(ruler);
        line(out, names);
        return out.append(ruler).toString();
    }

    /// A line per row.
    public String rows(TextTable some) {
        StringBuilder out = new StringBuilder();
        some.rows().forEach(row -> line(out, row));
        return out.toString();
    }

    /// What stands under the last row.
    public String ruler() {
        return ruler;
    }

    private void line(StringBuilder out, List<String> cells) {
        StringJoiner line = new StringJoiner("|", "|", "|\n");
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(Math.max(0, widths[i] - TextTable.width(cells.get(i))));
            line.add(right ? padding + cells.get(i) : cells.get(i) + padding);
        }
        out.append(line);
    }
}
