package dev.headrace;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.BatchQuery;
import dev.headrace.function.CellOrder;
import dev.headrace.function.Coercion;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.sql.Relations;
import dev.headrace.types.ArrayType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The rows of a recursive common table expression: those of its first query, then those that its second one makes of
/// the rows of the round before, until a round gives none or a limit has its rows. It runs when it is read, the rows
/// stay in memory.
final class RecursiveRows implements BatchTable {
    private static final int DEFAULT_LEVELS = 100;
    private static final long MOST_ROWS = 1_000_000;

    private final Session session;
    private final Relations.Recursion recursion;
    private final LogicalPlan anchor;
    private final StructType schema;
    private final LogicalPlan step;
    private final Working working;

    RecursiveRows(Session session, Relations.Recursion recursion) {
        this.session = session;
        this.recursion = recursion;
        DataFrame first = DataFrame.of(session, recursion.anchor());
        DataFrame named = recursion.columns().isEmpty()
                ? first
                : first.toDF(recursion.columns().toArray(String[]::new));
        anchor = named.resolved().plan();
        schema = new StructType(named.schema().fieldList().stream()
                .map(field -> new StructField(field.name(), field.dataType(), true))
                .toList());
        working = new Working(schema, "the last rows of " + recursion.name());
        step = fitting(DataFrame.of(session, recursion.step().apply(new NamedPlan.Read(working, "recursion"))))
                .resolved()
                .plan();
    }

    /// The same, where its queries may read what stands for the rows of a round of a recursion around it.
    private RecursiveRows(RecursiveRows other, UnaryOperator<LogicalPlan> round) {
        session = other.session;
        recursion = other.recursion;
        anchor = round.apply(other.anchor);
        schema = other.schema;
        step = round.apply(other.step);
        working = other.working;
    }

    /// What stands for the rows of the last round while the second query is analyzed. It equals itself only: a
    /// recursion within another one may have its name.
    private static final class Working implements BatchTable {
        private final StructType schema;
        private final String description;

        Working(StructType schema, String description) {
            this.schema = schema;
            this.description = description;
        }

        @Override
        public StructType schema() {
            return schema;
        }

        @Override
        public String description() {
            return description;
        }

        @Override
        public Scan scan(ScanRequest request) {
            throw new IllegalStateException("put in the plan for the rows of a round, never read");
        }
    }

    private DataFrame fitting(DataFrame rows) {
        if (rows.schema().size() != schema.size()) {
            throw new QueryException(
                    "NUM_COLUMNS_MISMATCH",
                    "WITH RECURSIVE " + recursion.name() + ": the first query gives " + schema.size()
                            + " columns, the second " + rows.schema().size() + ".");
        }
        DataFrame named = rows.toDF(schema.fieldNames());
        Column[] columns = new Column[schema.size()];
        for (int i = 0; i < columns.length; i++) {
            StructField field = schema.field(i);
            checkKept(field, rows.schema().field(i).dataType());
            columns[i] = named.col(ColumnName.quoted(field.name())).cast(field.dataType());
            columns[i] = columns[i].as(field.name());
        }
        return named.select(columns);
    }

    /// Checks that a cast to the first query's type changes no value: it may only fail.
    private void checkKept(StructField field, DataType given) {
        DataType wanted = field.dataType();
        if (!isKept(given, wanted)) {
            throw new QueryException(
                    "CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE",
                    "WITH RECURSIVE " + recursion.name() + ": the column '" + field.name() + "' is "
                            + wanted.simpleString() + " in the first query and " + given.simpleString()
                            + " in the second. Cast one of them.");
        }
    }

    private static boolean isKept(DataType given, DataType wanted) {
        return switch (wanted) {
            case ArrayType(DataType element, boolean _) ->
                given instanceof ArrayType(DataType other, boolean _) && isKept(other, element);
            case MapType map ->
                given instanceof MapType other
                        && isKept(other.keyType(), map.keyType())
                        && isKept(other.valueType(), map.valueType());
            case StructType struct ->
                given instanceof StructType other
                        && other.size() == struct.size()
                        && IntStream.range(0, struct.size())
                                .allMatch(i -> isKept(
                                        other.field(i).dataType(),
                                        struct.field(i).dataType()));
            case StringType _ -> !given.isNested();
            case DecimalType(var _, int scale) when given instanceof DecimalType(var _, int other) -> other <= scale;
            default ->
                isWhole(given) && (isWhole(wanted) || wanted instanceof DecimalType)
                        || Coercion.commonType(given, wanted).stream().anyMatch(wanted::equals)
                                && !(given instanceof StringType);
        };
    }

    private static boolean isWhole(DataType type) {
        return type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType;
    }

    @Override
    public StructType schema() {
        return schema;
    }

    @Override
    public String description() {
        return "recursive " + recursion.name();
    }

    @Override
    public Scan scan(ScanRequest request) {
        return () -> {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (List<@Nullable Object> row : compute(request.limit().orElse(Long.MAX_VALUE))) {
                rows.add(pruned(row, request));
            }
            StructType given = request.outputSchema();
            List<Split> splits = new ArrayList<>();
            for (int from = 0; from < rows.size(); from += Chunk.TARGET_ROWS) {
                List<List<@Nullable Object>> part = rows.subList(from, Math.min(rows.size(), from + Chunk.TARGET_ROWS));
                splits.add(allocator -> new OneChunk(given, part, allocator));
            }
            return splits;
        };
    }

    /// @param sufficient after that many rows there are no more rounds
    private List<List<@Nullable Object>> compute(long sufficient) {
        TreeSet<Object> seen = new TreeSet<>(CellOrder.INSTANCE);
        List<List<@Nullable Object>> last = added(run(anchor), seen);
        List<List<@Nullable Object>> all = new ArrayList<>(last);
        int levels = recursion.maxLevel().orElse(DEFAULT_LEVELS);
        for (int level = 1; !last.isEmpty() && all.size() < sufficient; level++) {
            if (level > levels) {
                throw new DataException(
                        "RECURSION_LEVEL_LIMIT_EXCEEDED",
                        "WITH RECURSIVE " + recursion.name() + ": after " + levels + " rounds there are still new rows."
                                + " End it with a condition, or allow more by MAX RECURSION LEVEL.");
            }
            last = added(run(over(last)), seen);
            all.addAll(last);
            if (all.size() > MOST_ROWS) {
                throw new DataException(
                        "RECURSION_ROW_LIMIT_EXCEEDED",
                        "WITH RECURSIVE " + recursion.name() + ": there are more than " + MOST_ROWS + " rows.");
            }
        }
        return all;
    }

    private List<List<@Nullable Object>> added(List<List<@Nullable Object>> rows, TreeSet<Object> seen) {
        return recursion.all() ? rows : rows.stream().filter(seen::add).toList();
    }

    private LogicalPlan over(List<List<@Nullable Object>> rows) {
        return replaced(step, new LogicalPlan.LocalRelation(schema, rows));
    }

    private LogicalPlan replaced(LogicalPlan plan, LogicalPlan rows) {
        if (plan instanceof LogicalPlan.Scan scan && scan.table() == working) {
            return rows;
        }
        if (plan instanceof LogicalPlan.Scan scan && scan.table() instanceof RecursiveRows inner) {
            return new LogicalPlan.Scan(new RecursiveRows(inner, within -> replaced(within, rows)), scan.request());
        }
        return plan.mapInputs(input -> replaced(input, rows));
    }

    private List<List<@Nullable Object>> run(LogicalPlan plan) {
        LogicalPlan optimized = Optimizer.optimize(plan, session.conf().zone());
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (ChunkReader reader = BatchQuery.plan(optimized, session.runtime()).run()) {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                try (Chunk current = chunk) {
                    for (int row = 0; row < current.rowCount(); row++) {
                        List<@Nullable Object> cells = new ArrayList<>();
                        Execution.cells(current, row).forEach(cell -> cells.add(Cell.detach(cell)));
                        rows.add(cells);
                    }
                }
            }
        }
        return rows;
    }

    private List<@Nullable Object> pruned(List<@Nullable Object> row, ScanRequest request) {
        List<@Nullable Object> kept = new ArrayList<>();
        for (ScanRequest.ScanColumn column : request.columns()) {
            if (!(column instanceof ScanRequest.ScanColumn.Stored(int ordinal, StructField field))) {
                throw new IllegalArgumentException("no payload to decode: " + column);
            }
            kept.add(Cell.narrowed(row.get(ordinal), schema.field(ordinal).dataType(), field.dataType()));
        }
        return kept;
    }

    private static final class OneChunk implements ChunkReader {
        private @Nullable Chunk chunk;

        OneChunk(StructType schema, List<List<@Nullable Object>> rows, BufferAllocator allocator) {
            try (ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
                rows.forEach(builder::add);
                chunk = builder.build();
            }
        }

        @Override
        public @Nullable Chunk next() {
            Chunk result = chunk;
            chunk = null;
            return result;
        }

        @Override
        public void close() {
            if (chunk != null) {
                chunk.close();
            }
        }
    }
}
