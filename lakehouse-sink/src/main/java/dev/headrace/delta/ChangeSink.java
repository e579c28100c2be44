package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChangeLayout;
import dev.headrace.connector.DiscardedBatch;
import dev.headrace.connector.HeldBatches;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.delta.cdc.ChangeBatch;
import dev.headrace.delta.cdc.TombstoneFiles;
import dev.headrace.delta.cdc.Tombstones;
import dev.headrace.delta.log.SetTransaction;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.exec.TaskPool;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sink of a streaming query whose rows are changes: each batch is one commit that applies them, and says which
/// batch of which query it is.
///
/// Used by the thread of the trigger loop, but for task writers.
final class ChangeSink implements StreamingSink {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeSink.class);

    private static final RenamedColumns NOT_RENAMED = new RenamedColumns(Map.of());

    private final TableTarget target;
    private final StreamWriteRequest query;
    private final ChangeLayout layout;
    private final ZoneId zone;
    private final Duration retention;
    private final ParquetFooters footers;
    private final TaskPool tasks;
    private final Tombstones tombstones;
    private final TombstoneFiles files;
    private final HeldBatches held;
    private OptionalLong lastCommitted;
    private final Optional<EarlierQuery> earlier;
    private final NewColumns newColumns;
    private final Compactor compactor;
    private boolean loaded;
    private Optional<InDoubt> inDoubt = Optional.empty();

    /// A batch of which it is not known whether its commit is in the table.
    ///
    /// @param marks its deletions
    /// @param all whether its file holds those of earlier batches, too
    private record InDoubt(long id, List<Tombstones.Mark> marks, boolean all) {}

    /// @param retention how long deletions are remembered, against changes that come late
    /// @param compactor of the table, for small files that the commits of batches must leave as they are
    ChangeSink(
            TableTarget target,
            StreamWriteRequest query,
            ChangeLayout layout,
            ZoneId zone,
            int parallelism,
            Duration retention,
            NewColumns newColumns,
            Compactor compactor,
            ParquetFooters footers) {
        this.target = target;
        this.compactor = compactor;
        this.query = query;
        this.layout = layout;
        this.zone = zone;
        this.retention = retention;
        this.newColumns = newColumns;
        this.footers = footers;
        this.tombstones = new Tombstones(layout.history());
        this.held = query.sinkId().held(target::lastTransaction);
        this.lastCommitted = held.last();
        this.earlier = lastCommitted.isEmpty() && target.base().exists()
                ? EarlierQuery.find(target.log(), target.base().version(), query.queryId())
                : Optional.empty();
        earlier.ifPresent(other -> LOG.warn(other.explain(target.table(), query.queryId())));
        this.tasks = new TaskPool(parallelism);
        RenamedColumns before = namesBefore();
        ChangeLayout ofTable = before.inTable(layout);
        StructType schema = before.inTable(newColumns.schema());
        target.expect(ChangeColumns.forNewTable(schema, ofTable), NOT_RENAMED);
        ChangeColumns columns = ChangeColumns.of(target.table().toString(), target.metadataToWrite(), schema, ofTable);
        checkKept(columns);
        StructType keys = columns.table().select(columns.keys());
        this.files = new TombstoneFiles(
                target.table(),
                query.sinkId().value(),
                query.schema().field(ChangeLayout.SEQUENCE).dataType(),
                keys,
                new StructType(
                        keys.fieldList().stream().map(TypeWidening::atFirst).toList()));
    }

    /// What rows are found by, and ordered by, is remembered beside the table in the type that it had.
    private void checkKept(ChangeColumns columns) {
        StructType before = target.base().metadata().schema();
        for (int ordinal : IntStream.concat(Arrays.stream(columns.keys()), IntStream.of(columns.sequence()))
                .toArray()) {
            StructField column = columns.table().field(ordinal);
            int old = TableSchema.find(before, column.name());
            if (old >= 0 && !before.field(old).dataType().equals(column.dataType())) {
                throw new QueryException(
                        "DELTA_SCHEMA_MISMATCH",
                        target.table() + ": column '" + column.name() + "' is '"
                                + column.dataType().simpleString() + "' in the changes, but '"
                                + before.field(old).dataType().simpleString()
                                + "' in the table, and a key or sequence can't become wider. Cast it to the table's type.");
            }
        }
    }

    /// What the table as it is known calls columns that have another name at the source since.
    private RenamedColumns namesBefore() {
        return target.base().exists()
                ? RenamedColumns.of(target.table(), target.base().metadata(), layout.renamed())
                : NOT_RENAMED;
    }

    @Override
    public OptionalLong lastCommitted() {
        target.reload();
        lastCommitted = held.last();
        long last = lastCommitted.orElse(-1);
        inDoubt.filter(batch -> batch.id() <= last)
                .ifPresent(batch -> remember(batch.id(), batch.marks(), batch.all()));
        // One that is not there is applied again, and finds its deletions anew.
        inDoubt = Optional.empty();
        return lastCommitted;
    }

    @Override
    public SinkBatch begin(long batchId) {
        if (lastCommitted.isPresent() && batchId <= lastCommitted.getAsLong()) {
            return new DiscardedBatch();
        }
        return new Batch(batchId);
    }

    /// A batch of changes: collected, and applied with its commit.
    private final class Batch implements SinkBatch {
        private final long id;
        private final Map<Integer, List<Chunk>> byTask = new TreeMap<>();

        Batch(long id) {
            this.id = id;
        }

        @Override
        public TaskWriter openTask(int task) {
            List<Chunk> chunks = new ArrayList<>();
            synchronized (byTask) {
                @Nullable List<Chunk> before = byTask.put(task, chunks);
                if (before != null) {
                    Closing.all(before);
                }
            }
            return new TaskWriter() {
                @Override
                public void write(Chunk rows) {
                    chunks.add(rows.slice(0, rows.rowCount()));
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public Map<String, Long> commit() {
            List<Chunk> chunks;
            synchronized (byTask) {
                chunks = byTask.values().stream()
                        .flatMap(List::stream)
                        .filter(chunk -> chunk.rowCount() > 0)
                        .toList();
            }
            if (chunks.isEmpty()) {
                return Map.of("numOutputRows", 0L);
            }
            BufferAllocator root = chunks.getFirst().column(0).getAllocator().getRoot();
            long before = target.base().version();
            try (BufferAllocator allocator = root.newChildAllocator("changes " + id, 0, Long.MAX_VALUE)) {
                return apply(id, chunks, allocator);
            } finally {
                boolean committed = target.base().version() != before;
                if (committed && target.base().metadata().enabled("delta.enableChangeDataFeed")) {
                    compactor.wrote(Optional.empty(), root);
                }
            }
        }

        @Override
        public void close() {
            synchronized (byTask) {
                byTask.values().forEach(chunks -> Closing.all(chunks));
                byTask.clear();
            }
        }
    }

    private Map<String, Long> apply(long id, List<Chunk> chunks, BufferAllocator allocator) {
        if (!loaded) {
            files.load(target::lastTransaction, tombstones, allocator);
            loaded = true;
        }
        String where = target.table() + ", batch " + id;
        StructType before = newColumns.schema();
        StructType ofTable = target.base().metadata().schema();
        List<Chunk> rows = newColumns.split(chunks, ofTable, where, allocator);
        try {
            List<StructField> added = newColumns
                    .schema()
                    .fieldList()
                    .subList(before.size(), newColumns.schema().size());
            RenamedColumns names = namesBefore();
            RenamedColumns due = names.due(newColumns.namesSeen());
            RenamedColumns later = names.notDue(newColumns.namesSeen());
            ChangeLayout layoutNow = later.inTable(layout);
            StructType schemaNow = later.inTable(newColumns.schema());
            target.expect(ChangeColumns.forNewTable(schemaNow, layoutNow), due);
            List<StructField> newToTable = added.stream()
                    .filter(column -> ofTable.names().stream().noneMatch(column.name()::equalsIgnoreCase))
                    .toList();
            Map<String, String> parameters = parameters(id, newToTable, newColumns.newlyGone(), due);
            return apply(id, rows, schemaNow, layoutNow, names, parameters, where, allocator);
        } finally {
            Closing.all(rows);
        }
    }

    /// @param schema of the chunks, and the layout, with the names that the table has once they are applied
    /// @param names what the table called columns when those were found
    private Map<String, Long> apply(
            long id,
            List<Chunk> chunks,
            StructType schema,
            ChangeLayout layout,
            RenamedColumns names,
            Map<String, String> parameters,
            String where,
            BufferAllocator allocator) {
        List<Tombstones.Mark> marks = new ArrayList<>();
        try (ChangeBatch batch = new ChangeBatch(chunks, schema, layout, lacking(names, schema), where, allocator);
                Chunk keys = batch.keys(allocator)) {
            RowChange change = new RowChange(
                    target,
                    "MERGE",
                    parameters,
                    Optional.of(new SetTransaction(query.sinkId().value(), id, target.now())));
            boolean all = files.haveManyFiles();
            if (all) {
                tombstones.forgetBefore(target.now() - retention.toMillis());
            }
            Supplier<Slice[]> encoded = Tombstones.lazyKeys(keys, allocator);
            Map<String, Long> metrics = run(id, change, marks, all, base -> {
                marks.clear();
                checkNames(names);
                ChangeColumns columns =
                        ChangeColumns.of(base.table().toString(), base.metadataToWrite(), schema, layout);
                ChangeTask task = new ChangeTask(
                        base,
                        columns,
                        batch,
                        encoded,
                        ChangeTask.keyRange(columns, keys),
                        tombstones,
                        layout,
                        tasks,
                        footers,
                        zone,
                        allocator);
                RowChange.Attempt attempt =
                        layout.history() ? new RowHistory(task).apply(marks) : new LatestRows(task).apply(marks);
                if (!marks.isEmpty() || all) {
                    files.write(
                            id, all ? Stream.concat(tombstones.all(), marks.stream()) : marks.stream(), all, allocator);
                }
                return attempt;
            });
            remember(id, marks, all);
            return progress(metrics);
        }
    }

    private Map<String, Long> run(
            long id,
            RowChange change,
            List<Tombstones.Mark> marks,
            boolean all,
            Function<TableTarget, RowChange.Attempt> attempt) {
        try {
            return change.run(attempt);
        } catch (CommitUnknownException unknown) {
            inDoubt = Optional.of(new InDoubt(id, List.copyOf(marks), all));
            throw unknown;
        }
    }

    /// Takes in the deletions of a batch that the table holds.
    private void remember(long id, List<Tombstones.Mark> marks, boolean all) {
        marks.forEach(tombstones::add);
        if (all) {
            files.deleteBefore(id);
        }
    }

    /// Which rows leave which columns as they were, under the names of a schema.
    private Map<String, BitSet> lacking(RenamedColumns names, StructType schema) {
        Map<String, BitSet> lacking = new HashMap<>();
        newColumns
                .lacking()
                .forEach((column, rows) ->
                        lacking.put(schema.indexOf(column).isPresent() ? column : names.inTable(column), rows));
        return lacking;
    }

    /// Rows that were named for the table as it was must not go to one in which another writer has renamed columns.
    private void checkNames(RenamedColumns names) {
        if (!names.equals(namesBefore())) {
            throw new UnavailableException(
                    "DELTA_CONCURRENT_CHANGE",
                    target.table()
                            + ": another writer has renamed a column that this query renames, too, while a batch was"
                            + " applied. Nothing was committed; the batch can be run again.");
        }
    }

    /// The columns that get a wider type with the next commit.
    private List<String> widened(RenamedColumns renamed) {
        StructType before = target.base().metadata().schema();
        List<String> widened = new ArrayList<>();
        for (StructField column : target.metadataToWrite().schema()) {
            int old = TableSchema.find(before, renamed.inTable(column.name()));
            if (old >= 0 && !before.field(old).dataType().equals(column.dataType())) {
                widened.add(column.name() + " " + before.field(old).dataType().simpleString() + " to "
                        + column.dataType().simpleString());
            }
        }
        return widened;
    }

    private Map<String, String> parameters(
            long id, List<StructField> added, List<String> gone, RenamedColumns renamed) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("changes", layout.history() ? "history" : "latest");
        parameters.put("keys", String.join(", ", layout.keys()));
        if (!added.isEmpty()) {
            parameters.put(
                    "newColumns",
                    added.stream()
                            .map(column ->
                                    column.name() + " " + column.dataType().simpleString())
                            .collect(java.util.stream.Collectors.joining(", ")));
        }
        if (!gone.isEmpty()) {
            parameters.put("goneColumns", String.join(", ", gone));
        }
        List<String> widened = widened(renamed);
        if (!widened.isEmpty()) {
            parameters.put("widenedColumns", String.join(", ", widened));
        }
        if (!renamed.before().isEmpty()) {
            parameters.put("renamedColumns", String.join(", ", renamed.texts()));
        }
        if (id == 0) {
            earlier.ifPresent(other -> parameters.put("afterQuery", other.id()));
        }
        parameters.put("queryId", query.queryId());
        parameters.put("epochId", Long.toString(id));
        return parameters;
    }

    private static Map<String, Long> progress(Map<String, Long> metrics) {
        Map<String, Long> progress = new LinkedHashMap<>(metrics);
        progress.put("numOutputRows", metrics.getOrDefault("numSourceRows", 0L));
        return progress;
    }

    @Override
    public void maintain(Duration idle, BooleanSupplier stopping) {
        compactor.work(idle, stopping);
    }

    @Override
    public void close() {
        try (target;
                tasks) {
            compactor.close();
        }
    }
}
