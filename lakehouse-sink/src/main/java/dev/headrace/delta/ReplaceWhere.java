package dev.headrace.delta;

import dev.headrace.Frames;
import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.SessionSettings;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.Split;
import dev.headrace.delta.log.SetTransaction;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.exec.TaskPool;
import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.functions;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.plan.Analyzer;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CharColumns;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NamedPlan;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;

/// An overwrite of the rows that satisfy a condition, by rows that all satisfy it too.
final class ReplaceWhere implements SinkBatch {
    private final TableTarget target;
    private final String text;
    private final BoundExpr predicate;
    private final Optional<SetTransaction> transaction;
    private final SessionSettings settings;
    private final StructType columns;
    private final int[] origins;
    private final EvalContext context;
    private final Rewrite rewrite;
    /// Of the rows that stay; also of files in the making, which are ended after the attempt.
    private final BufferAllocator memory = new RootAllocator();

    private final LongAdder deleted = new LongAdder();
    private final LongAdder written = new LongAdder();
    private RowChange.@Nullable Attempt completed;

    /// @param text the condition in SQL
    /// @throws dev.headrace.errors.QueryException if it is none, or the rows don't fit the table
    ReplaceWhere(
            TableTarget target,
            String text,
            Optional<SetTransaction> transaction,
            SessionSettings settings,
            ParquetFooters footers) {
        this.target = target;
        this.text = text;
        this.transaction = transaction;
        this.settings = settings;
        this.context = new EvalContext(settings.zone(), target.now() * 1_000, 0);
        this.columns = target.metadataToWrite().schema();
        StructType rows = target.request().rows();
        TableSchema.fit(target.table().toString(), target.metadataToWrite(), rows);
        this.origins = columns.names().stream()
                .mapToInt(name -> {
                    for (int i = 0; i < rows.size(); i++) {
                        if (rows.field(i).name().equalsIgnoreCase(name)) {
                            return i;
                        }
                    }
                    return -1;
                })
                .toArray();
        this.predicate = bound();
        TargetFilter filter = new TargetFilter(target.metadataToWrite(), settings.zone());
        this.rewrite = new Rewrite(
                target,
                filter.of(new LogicalPlan.Filter(new LogicalPlan.LocalRelation(columns, List.of()), predicate)),
                settings.zone(),
                footers);
    }

    private BoundExpr bound() {
        NamedPlan rows = new NamedPlan.LocalRelation(columns, List.of());
        LogicalPlan plan = Analyzer.analyze(
                        new NamedPlan.Filter(rows, Frames.expression(functions.expr(text))), Map.of())
                .plan();
        // A subquery becomes a join, below what is left of the condition.
        if (plan instanceof LogicalPlan.Filter(LogicalPlan.LocalRelation _, BoundExpr condition)) {
            return CharColumns.padded(condition, columns);
        }
        throw new QueryException(
                "UNSUPPORTED_SUBQUERY",
                target.table() + ": a subquery can't stand in replaceWhere '" + text
                        + "'. Write the values that it gives, or use DELETE or MERGE.");
    }

    @Override
    public TaskWriter openTask(int task) {
        return new TaskWriter() {
            @Override
            public void write(Chunk rows) {
                put(rows);
            }

            @Override
            public void close() {}
        };
    }

    private void put(Chunk rows) {
        if (rows.rowCount() == 0) {
            return;
        }
        BufferAllocator allocator = rows.column(0).getAllocator();
        List<FieldVector> vectors = new ArrayList<>();
        for (int i = 0; i < origins.length; i++) {
            vectors.add(origins[i] < 0 ? nulls(columns.field(i), rows.rowCount(), allocator) : rows.share(origins[i]));
        }
        try (Chunk ofTable = new Chunk(columns, vectors, rows.rowCount())) {
            for (int row = 0; row < ofTable.rowCount(); row++) {
                int at = row;
                if (!Interpreter.isTrue(predicate, ordinal -> Cell.read(ofTable.column(ordinal), at), context)) {
                    throw outside(ofTable, row);
                }
            }
            rewrite.insert(ofTable);
            written.add(ofTable.rowCount());
        }
    }

    private static FieldVector nulls(StructField field, int count, BufferAllocator allocator) {
        FieldVector vector = ArrowTypes.newVector(field.name(), field.dataType(), allocator);
        vector.setInitialCapacity(count);
        vector.allocateNew();
        vector.setValueCount(count);
        return vector;
    }

    private DataException outside(Chunk rows, int row) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < Math.min(4, rows.columnCount()); i++) {
            texts.add(columns.field(i).name() + "=" + Cell.read(rows.column(i), row));
        }
        return new DataException(
                "DELTA_REPLACE_WHERE_MISMATCH",
                target.table() + ": the row (" + String.join(", ", texts) + (columns.size() > 4 ? ", …" : "")
                        + ") to write does not satisfy replaceWhere '" + text
                        + "', so the next overwrite of these rows would not find it. Filter such rows out, or widen the"
                        + " condition.");
    }

    @Override
    public void complete() {
        completed = attempt();
    }

    @Override
    public Map<String, Long> commit() {
        boolean[] tried = {false};
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("mode", "Overwrite");
        parameters.put("predicate", text);
        Map<String, Long> metrics = new RowChange(target, "WRITE", parameters, transaction).run(base -> {
            if (tried[0]) {
                throw new UnavailableException(
                        "DELTA_CONCURRENT_CHANGE",
                        target.table() + ": another writer changed rows of replaceWhere '" + text
                                + "' while they were overwritten. Nothing was committed; run the write again to overwrite"
                                + " that too.");
            }
            tried[0] = true;
            RowChange.Attempt done = completed;
            return done == null ? attempt() : done;
        });
        return Map.of(
                "numFiles", metrics.getOrDefault("numTargetFilesAdded", 0L),
                "numOutputRows", written.sum(),
                "numOutputBytes", metrics.getOrDefault("numTargetBytesAdded", 0L));
    }

    private RowChange.Attempt attempt() {
        try (TaskPool tasks = new TaskPool(settings.parallelism())) {
            if (rewrite.candidates().length > 0) {
                List<Split> splits = rewrite.version().scan(request()).splits();
                Cancellation query = Cancellation.ofThread();
                tasks.run(
                        splits.size(),
                        split -> query.<@Nullable Void>within(() -> {
                            remove(splits.get(split), memory);
                            return null;
                        }),
                        query::cancel);
            }
            rewrite.copyKept(tasks, memory);
        }
        Map<String, Long> metrics = new LinkedHashMap<>();
        metrics.put("numOutputRows", written.sum());
        metrics.put("numDeletedRows", deleted.sum());
        return new RowChange.Attempt(rewrite, metrics, transaction.isPresent());
    }

    private ScanRequest request() {
        return new ScanRequest(ScanRequest.all(rewrite.version().schema()).columns(), List.of(), OptionalLong.empty());
    }

    private void remove(Split split, BufferAllocator allocator) {
        try (ChunkReader reader = split.open(allocator)) {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                try (Chunk rows = chunk) {
                    Cancellation.checkThread();
                    IntVector files = (IntVector) rows.column(columns.size());
                    BigIntVector places = (BigIntVector) rows.column(columns.size() + 1);
                    for (int row = 0; row < rows.rowCount(); row++) {
                        int at = row;
                        if (Interpreter.isTrue(predicate, ordinal -> Cell.read(rows.column(ordinal), at), context)) {
                            rewrite.remove(files.get(row), places.get(row));
                            deleted.increment();
                        }
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        try (memory) {
            rewrite.close();
        }
    }
}
