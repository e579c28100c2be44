package dev.headrace.engine;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.text.CellText;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rows without an order: how often each is there. A row is a [Cell] object per column, detached.
final class RowBag {
    /// Sums of doubles depend on the order of their terms in the last digits.
    private static final double RELATIVE = 1e-9;

    private static final long MOST_PAIRS = 4_000_000;

    private final Map<List<@Nullable Object>, Long> counts = new LinkedHashMap<>();

    /// Rows that are in one of two bags only, each as often as it is there more.
    record Difference(List<List<@Nullable Object>> missing, List<List<@Nullable Object>> unexpected) {
        int size() {
            return missing.size() + unexpected.size();
        }
    }

    static RowBag of(Iterable<? extends List<@Nullable Object>> rows) {
        RowBag bag = new RowBag();
        rows.forEach(row -> bag.add(row, 1));
        return bag;
    }

    /// @param change how many are added; negative to take some away
    void add(List<@Nullable Object> row, long change) {
        counts.merge(row, change, (before, more) -> before + more == 0 ? null : before + more);
    }

    long size() {
        return counts.values().stream().mapToLong(Math::abs).sum();
    }

    /// What the other bag lacks, and what it has more. Rows that differ in the last digits of floating-point numbers
    /// only are taken for equal.
    Difference difference(RowBag actual) {
        List<List<@Nullable Object>> missing = new ArrayList<>();
        List<List<@Nullable Object>> unexpected = new ArrayList<>();
        Map<List<@Nullable Object>, Long> rest = new LinkedHashMap<>(counts);
        actual.counts.forEach(
                (row, count) -> rest.merge(row, -count, (before, more) -> before + more == 0 ? null : before + more));
        rest.forEach((row, count) -> {
            for (long i = 0; i < Math.abs(count); i++) {
                (count > 0 ? missing : unexpected).add(row);
            }
        });
        if ((long) missing.size() * unexpected.size() <= MOST_PAIRS) {
            takeOutAlmostEqual(missing, unexpected);
        }
        return new Difference(missing, unexpected);
    }

    private static void takeOutAlmostEqual(
            List<List<@Nullable Object>> missing, List<List<@Nullable Object>> unexpected) {
        Iterator<List<@Nullable Object>> left = missing.iterator();
        while (left.hasNext()) {
            List<@Nullable Object> row = left.next();
            Iterator<List<@Nullable Object>> right = unexpected.iterator();
            while (right.hasNext()) {
                if (almostEqual(row, right.next())) {
                    right.remove();
                    left.remove();
                    break;
                }
            }
        }
    }

    static boolean almostEqual(@Nullable Object left, @Nullable Object right) {
        return switch (left) {
            case Double a when right instanceof Double b -> close(a, b);
            case Float a when right instanceof Float b -> close(a, b);
            case List<?> a when right instanceof List<?> b && a.size() == b.size() -> {
                boolean equal = true;
                for (int i = 0; i < a.size() && equal; i++) {
                    equal = almostEqual(a.get(i), b.get(i));
                }
                yield equal;
            }
            case null, default -> Objects.equals(left, right);
        };
    }

    private static boolean close(double a, double b) {
        return Double.compare(a, b) == 0 || Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b));
    }

    /// The rows of a chunk as objects that outlive it.
    static List<List<@Nullable Object>> rows(Chunk chunk) {
        List<List<@Nullable Object>> rows = new ArrayList<>(chunk.rowCount());
        for (int row = 0; row < chunk.rowCount(); row++) {
            List<@Nullable Object> cells = new ArrayList<>(chunk.columnCount());
            for (int column = 0; column < chunk.columnCount(); column++) {
                cells.add(Cell.detach(Cell.read(chunk.column(column), row)));
            }
            rows.add(cells);
        }
        return rows;
    }

    /// The rows of chunks, which are closed.
    static List<List<@Nullable Object>> takeRows(List<Chunk> chunks) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Chunk chunk : chunks) {
            try (chunk) {
                rows.addAll(rows(chunk));
            }
        }
        return rows;
    }

    /// A row as people read it.
    static String text(List<@Nullable Object> row, StructType schema, ZoneId zone) {
        CellText text = new CellText(zone);
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            cells.add(text.of(row.get(i), schema.field(i).dataType()));
        }
        return "[" + String.join(", ", cells) + "]";
    }

    static List<String> texts(List<List<@Nullable Object>> rows, StructType schema, ZoneId zone, int most) {
        return rows.stream().limit(most).map(row -> text(row, schema, zone)).toList();
    }
}
