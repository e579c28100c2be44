package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.udf;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.SinkBatch;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Moves the rows of a rewrite's files into new ones, along a Z-order curve.
///
/// Each column's value becomes a rank among about a thousand, by a sample of the rows, so that the curve is fair to
/// columns of any type and distribution. The bits of the ranks, interleaved, are a row's place on the curve.
///
/// @param target the table's rows
/// @param by columns of [#check]
record ZOrder(DataFrame target, Rewrite rewrite, List<String> by) {
    private static final long SAMPLE_ROWS = 100_000;
    private static final int RANK_BITS = 10;
    private static final int CURVE_BITS = 62;
    private static final int MAX_COLUMNS = 30;

    /// @throws QueryException `DELTA_ZORDER_COLUMN`
    static void check(Path table, StructType schema, List<String> partitionColumns, List<String> by) {
        if (by.isEmpty() || by.size() > MAX_COLUMNS) {
            throw refused(table, "needs 1 to " + MAX_COLUMNS + " columns, not " + by.size() + ".");
        }
        for (String name : by) {
            int ordinal = schema.indexOf(name)
                    .orElseThrow(() -> refused(
                            table,
                            "there is no column '" + name + "'. " + Suggestion.didYouMean(name, schema.names())));
            StructField field = schema.field(ordinal);
            if (partitionColumns.contains(field.name())) {
                throw refused(
                        table,
                        "'" + field.name() + "' is a partition column, whose values lie apart already. Leave it out.");
            }
            if (field.dataType().isNested() || field.dataType() instanceof BinaryType) {
                throw refused(
                        table,
                        "'" + field.name() + "' is of type " + field.dataType().simpleString()
                                + ", which files are not left out by. Name columns of numbers, texts or times.");
            }
        }
    }

    private static QueryException refused(Path table, String what) {
        return new QueryException("DELTA_ZORDER_COLUMN", table + ": OPTIMIZE … ZORDER BY: " + what);
    }

    void move() {
        TableVersion version = rewrite.version();
        DataFrame placed = Frames.over(target, new LogicalPlan.Scan(version, ScanRequest.all(version.schema())));
        List<Column> order = new ArrayList<>();
        rewrite.metadata().partitionColumns().forEach(column -> order.add(quoted(column)));
        order.add(curve(ranks(placed, version.rowCount().orElse(0))));
        Column[] columns =
                rewrite.metadata().schema().names().stream().map(ZOrder::quoted).toArray(Column[]::new);
        Frames.query(placed.orderBy(order.toArray(Column[]::new)).select(columns))
                .write(new Moved(rewrite));
    }

    private static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }

    /// For each column an expression of what its rank, from 0 for null, gives to the place on the curve.
    private List<Column> ranks(DataFrame placed, long rows) {
        long step = Math.max(1, rows / SAMPLE_ROWS);
        Column[] columns = by.stream().map(ZOrder::quoted).toArray(Column[]::new);
        List<Row> sample = placed.filter(
                        col(TableVersion.ROW.name()).mod(lit(step)).equalTo(lit(0)))
                .select(columns)
                .collectAsList();
        int bits = Math.min(RANK_BITS, CURVE_BITS / by.size());
        List<Column> ranks = new ArrayList<>();
        for (int i = 0; i < by.size(); i++) {
            Comparable<?>[] bounds = bounds(sample, i, (1 << bits) - 1);
            int place = i;
            ranks.add(udf((@Nullable Object value) -> spread(rank(bounds, value), by.size(), place), DataTypes.LongType)
                    .apply(columns[i]));
        }
        return ranks;
    }

    /// @return values that part the sample evenly, ascending and different, fewer than `ranks`
    private static Comparable<?>[] bounds(List<Row> sample, int column, int ranks) {
        Object[] values = sample.stream()
                .map(row -> row.get(column))
                .filter(Objects::nonNull)
                .sorted()
                .toArray();
        List<Comparable<?>> bounds = new ArrayList<>();
        for (int i = 1; i < ranks && values.length > 0; i++) {
            Comparable<?> value = (Comparable<?>) values[(int) ((long) i * values.length / ranks)];
            if (bounds.isEmpty() || !bounds.getLast().equals(value)) {
                bounds.add(value);
            }
        }
        return bounds.toArray(Comparable<?>[]::new);
    }

    private static long rank(Comparable<?>[] bounds, @Nullable Object value) {
        if (value == null) {
            return 0;
        }
        int found = Arrays.binarySearch(bounds, value);
        return 1L + (found < 0 ? -found - 1 : found);
    }

    private static Column curve(List<Column> parts) {
        return parts.stream().reduce(Column::bitwiseOR).orElseThrow();
    }

    /// Puts the bits of a number apart, so that those of `of` numbers fit between each other.
    private static long spread(long rank, int of, int place) {
        long bits = 0;
        for (int bit = 0; rank >>> bit != 0; bit++) {
            bits |= (rank >>> bit & 1) << (bit * of + place);
        }
        return bits;
    }

    /// Takes the rows in their order.
    private record Moved(Rewrite rewrite) implements SinkBatch {
        @Override
        public TaskWriter openTask(int task) {
            return new TaskWriter() {
                @Override
                public void write(Chunk rows) {
                    rewrite.move(rows);
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public Map<String, Long> commit() {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
