package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Widths;
import dev.headrace.types.StructType;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How many joined rows with some of the columns a chunk has: so many as take a small share of the memory.
///
/// About how many these are is known from the mean of all rows. Where some values are so much longer than others that
/// a chunk of them would take more, those of its rows are added up.
final class JoinedWidth {
    private static final int FEWEST_ROWS = 64;

    private final JoinTable table;
    private final int[] streamedColumns;
    private final long builtMean;
    private final long share;

    /// Those of the table whose values are of different lengths.
    private final int[] builtLengths;

    /// The same of the streaming side, if its rows may have several partners: otherwise they take no more than they do
    /// already.
    private final int[] streamedLengths;

    /// The rows that stream by now.
    private @Nullable Chunk streamed;

    private int usual = Chunk.TARGET_ROWS;

    /// How many bytes such values of a joined row take at most, or 0 if that has not mattered yet.
    private long longest;

    /// @param columns those that are looked at, of the two sides one after the other
    JoinedWidth(PhysicalPlan.HashJoin node, JoinTable table, BitSet columns, RunContext run) {
        int leftWidth = node.left().schema().size();
        int[] left = columns.stream().filter(i -> i < leftWidth).toArray();
        int[] right = columns.stream()
                .filter(i -> i >= leftWidth)
                .map(i -> i - leftWidth)
                .toArray();
        int[] built = node.buildLeft() ? left : right;
        this.table = table;
        this.streamedColumns = node.buildLeft() ? right : left;
        this.builtMean = mean(table.rows(), built);
        this.share = run.chunkShare();
        this.builtLengths = differing(built, table.rows().schema());
        this.streamedLengths = table.isUnique()
                ? new int[0]
                : differing(streamedColumns, (node.buildLeft() ? node.right() : node.left()).schema());
    }

    private static int[] differing(int[] columns, StructType schema) {
        return IntStream.of(columns)
                .filter(column -> Widths.differ(schema.field(column).dataType()))
                .toArray();
    }

    private static long mean(Chunk rows, int[] columns) {
        long bytes = 0;
        for (int column : columns) {
            bytes += rows.column(column).getBufferSize();
        }
        return bytes / Math.max(1, rows.rowCount());
    }

    /// Begins with rows that stream by.
    ///
    /// @param rows borrowed until it begins with others
    void begin(Chunk rows) {
        streamed = rows;
        usual = (int) Math.clamp(
                share / Math.max(builtMean + mean(rows, streamedColumns), 1), FEWEST_ROWS, Chunk.TARGET_ROWS);
        longest = 0;
    }

    /// About how many rows a chunk has.
    int usual() {
        return usual;
    }

    /// How many of the pairs `[from, from + count)` a chunk may have, at least one.
    int fitting(int[] streamRows, int[] buildRows, int from, int count) {
        Chunk rows = streamed;
        if (rows == null || !mayBeTooMany(rows, count)) {
            return count;
        }
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += width(table.rows(), builtLengths, buildRows[from + i])
                    + width(rows, streamedLengths, streamRows[from + i]);
            if (bytes > share) {
                return Math.max(i, 1);
            }
        }
        return count;
    }

    /// Looks for the longest streaming values only if all of them together are not short enough to be repeated so
    /// often.
    private boolean mayBeTooMany(Chunk rows, int count) {
        if (longest == 0) {
            long built = 0;
            for (int column : builtLengths) {
                built += table.longest(column);
            }
            long all = Widths.of(rows, streamedLengths, 0, rows.rowCount());
            if ((built + all) * count <= share) {
                return false;
            }
            longest = built + Widths.ofLongest(rows, streamedLengths);
        }
        return longest * count > share;
    }

    private static long width(Chunk rows, int[] columns, int row) {
        return row == Columns.NULL_ROW ? 0 : Widths.of(rows, columns, row, row + 1);
    }
}
