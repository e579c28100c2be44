package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.SessionSettings;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.SinkId;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamWriteRequest.OutputKind;
import dev.headrace.connector.StreamingSink;
import dev.headrace.connector.TemporaryTables;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user gets: tables written and read through the connector, and read by another implementation.
class DeltaConnectorTest {
    private static final StructType ORDERS =
            StructType.fromDDL("id bigint, day date, amount decimal(10,2), shop string");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private final BufferAllocator allocator = new RootAllocator();
    private final DeltaConnector delta = new DeltaConnector(CLOCK, UUID::randomUUID);

    @AfterEach
    void nothingLeaks() {
        allocator.close();
    }

    @Test
    void theConnectorIsFoundByItsName() {
        assertTrue(ServiceLoader.load(Connector.class).stream()
                .anyMatch(provider -> provider.get().format().equals("delta")));
    }

    @Test
    void whatIsWrittenIsReadAgainAndByAnotherImplementation() throws IOException {
        write(SaveMode.ERROR_IF_EXISTS, order(1, 20_000, "1.50", "a"), order(2, null, null, null));
        write(SaveMode.APPEND, order(3, 20_001, "-2.00", "ü\uD83D\uDE00"));

        List<List<@Nullable Object>> expected = rows(
                order(1, 20_000, "1.50", "a"), order(2, null, null, null), order(3, 20_001, "-2.00", "ü\uD83D\uDE00"));
        assertEquals(texts(expected), texts(read()));
        assertEquals(texts(expected), texts(KernelReader.read(table())));
        assertEquals(OptionalLong.of(3), open(Map.of()).rowCount());
    }

    @Test
    void everyTypeSurvives() throws IOException {
        StructType schema = StructType.fromDDL("b boolean, t tinyint, s smallint, i int, l bigint, f float, d double, "
                + "small decimal(9,2), medium decimal(18,4), large decimal(38,10), text string, bytes binary, day date, "
                + "at timestamp, local timestamp_ntz, inner struct<x: int, y: string>");
        List<@Nullable Object> full = Arrays.asList(
                true,
                (byte) 1,
                (short) 2,
                3,
                4L,
                0.5f,
                -0.25,
                new BigDecimal("1.50"),
                new BigDecimal("-3.1415"),
                new BigDecimal("12345678901234567890.0123456789"),
                Slice.utf8("text"),
                Slice.of(new byte[] {0, -1}),
                -1,
                -1L,
                1L,
                Arrays.asList(7, Slice.utf8("y")));
        List<@Nullable Object> nulls = Arrays.asList(new @Nullable Object[16]);
        write(options(Map.of(), List.of()), SaveMode.APPEND, schema, full, nulls);

        assertEquals(texts(rows(full, nulls)), texts(read()));
        List<@Nullable Object> byKernel = new ArrayList<>(full);
        byKernel.set(11, "00ff");
        assertEquals(texts(rows(byKernel, nulls)), texts(KernelReader.read(table())));
    }

    @Test
    void partitionColumnsComeBackInTheirPlace() throws IOException {
        List<List<@Nullable Object>> orders = rows(
                order(1, 20_000, "1.00", "a b/c=%"),
                order(2, 20_001, "2.00", "a b/c=%"),
                order(3, 20_000, "3.00", null));
        write(options(Map.of(), List.of("shop", "day")), SaveMode.APPEND, ORDERS, orders);

        assertEquals(texts(orders), texts(read()));
        assertEquals(texts(orders), texts(KernelReader.read(table())));
    }

    @Test
    void timestampsAndOtherPartitionValuesMeanTheSameToOthers() throws IOException {
        StructType schema = StructType.fromDDL("id int, at timestamp, n decimal(5,2), ok boolean, f float");
        List<List<@Nullable Object>> rows = rows(
                Arrays.asList(1, 1_700_000_000_123_456L, new BigDecimal("1.50"), true, 0.5f),
                Arrays.asList(2, 0L, new BigDecimal("-0.01"), false, -1e10f));
        write(options(Map.of(), List.of("at", "n", "ok", "f")), SaveMode.APPEND, schema, rows);

        assertEquals(texts(rows), texts(read()));
        assertEquals(texts(rows), texts(KernelReader.read(table())));
    }

    @Test
    void filesThatCannotMatchAreNotRead() {
        write(
                options(Map.of(), List.of("shop")),
                SaveMode.APPEND,
                ORDERS,
                rows(order(1, 1, "1.00", "a"), order(2, 1, "1.00", "b")));
        write(SaveMode.APPEND, order(10, 1, "1.00", "a"));

        BatchTable table = open(Map.of());
        assertEquals(3, table.scan(ScanRequest.all(ORDERS)).splits().size());
        assertEquals(1, splits(table, equal("shop", Scalar.of("b"))));
        assertEquals(1, splits(table, equal("id", Scalar.of(10L))));
        assertEquals(0, splits(table, equal("id", Scalar.of(3L))));
        assertTrue(table.usesFilter(equal("id", Scalar.of(3L))));
    }

    @Test
    void aLimitNeedsNoMoreFilesThanItsRows() {
        write(SaveMode.APPEND, order(1, 1, "1.00", "a"), order(2, 1, "1.00", "a"));
        write(SaveMode.APPEND, order(3, 1, "1.00", "a"), order(4, 1, "1.00", "a"));
        ScanRequest all = ScanRequest.all(ORDERS);

        ScanRequest two = new ScanRequest(all.columns(), List.of(), OptionalLong.of(2));

        assertEquals(1, open(Map.of()).scan(two).splits().size());
    }

    @Test
    void onlyTheColumnsAskedForAreGiven() {
        write(options(Map.of(), List.of("shop")), SaveMode.APPEND, ORDERS, rows(order(1, 1, "1.00", "a")));
        ScanRequest all = ScanRequest.all(ORDERS);

        ScanRequest two =
                new ScanRequest(List.of(all.columns().get(3), all.columns().get(0)), List.of(), OptionalLong.empty());

        assertEquals("[[a, 1]]", read(open(Map.of()), two).toString());
    }

    @Test
    void anEarlierVersionIsReadByNumberOrTime() throws IOException {
        write(SaveMode.APPEND, order(1, 1, "1.00", "a"));
        write(SaveMode.OVERWRITE, order(2, 1, "1.00", "a"));
        for (int version = 0; version <= 1; version++) {
            Files.setLastModifiedTime(
                    table().resolve("_delta_log/0000000000000000000" + version + ".json"),
                    FileTime.from(Instant.parse("2026-11-20T10:00:00Z").plusSeconds(3600L * version)));
        }

        ScanRequest all = ScanRequest.all(ORDERS);
        assertEquals(texts(rows(order(2, 1, "1.00", "a"))), texts(read()));
        List<String> first = texts(rows(order(1, 1, "1.00", "a")));
        assertEquals(first, texts(read(open(Map.of("versionAsOf", "0")), all)));
        assertEquals(first, texts(read(open(Map.of("timestampAsOf", "2026-11-20 10:59:59")), all)));
        assertEquals(first, texts(read(open(Map.of("timestampAsOf", "2026-11-20T11:59:59+01:00")), all)));
    }

    @Test
    void whatAReadCannotMeanIsRefused() {
        write(SaveMode.APPEND, order(1, 1, "1.00", "a"));
        assertEquals(
                "[DELTA_TABLE_NOT_FOUND] " + directory.resolve("other")
                        + " is not a Delta table: it has no '_delta_log' with "
                        + "commits. Check the path, or write the table first.",
                refused(() -> delta.openTable(options(directory.resolve("other"), Map.of(), List.of()))));
        assertEquals(
                "[UNKNOWN_OPTION] format(\"delta\") has no option 'versionAsof1'. Did you mean 'versionAsOf'? Options: deriveChanges, endingTimestamp, endingVersion, readChangeFeed, "
                        + "startingTimestamp, startingVersion, timestampAsOf, versionAsOf.",
                refused(() -> open(Map.of("versionAsof1", "1"))));
        assertEquals(
                "[INVALID_OPTION] format(\"delta\") option 'timestampAsOf' is 'yesterday': expected a date or timestamp such as "
                        + "2026-11-20 or 2026-11-20 10:00:00.",
                refused(() -> open(Map.of("timestampAsOf", "yesterday"))));
        assertEquals(
                "[CONFLICTING_OPTIONS] format(\"delta\") has both options 'versionAsOf' and 'timestampAsOf'. Give one of them.",
                refused(() -> open(Map.of("timestampAsOf", "2026-11-20", "versionAsOf", "1"))));
        ConnectorOptions withSchema = new ConnectorOptions(
                "delta",
                Map.of(),
                Optional.of(ORDERS),
                List.of(table().toString()),
                List.of(),
                new SessionSettings(ZoneOffset.UTC, 2));
        assertEquals(
                "[DELTA_SCHEMA_GIVEN] " + table()
                        + ": a Delta table knows its schema. Leave schema(…) out, and cast columns "
                        + "after the read.",
                refused(() -> delta.openTable(withSchema)));
    }

    @Test
    void whatAWriteCannotMeanIsRefused() {
        write(SaveMode.APPEND, order(1, 1, "1.00", "a"));
        assertEquals(
                "[DELTA_TABLE_EXISTS] " + table()
                        + " is a Delta table already. Choose mode(\"append\"), mode(\"overwrite\") or "
                        + "mode(\"ignore\"), or another path.",
                refused(() -> write(SaveMode.ERROR_IF_EXISTS)));
        assertEquals(
                "[CONFLICTING_OPTIONS] format(\"delta\") option 'overwriteSchema' needs mode(\"overwrite\").",
                refused(() -> write(options(Map.of("overwriteSchema", "true"), List.of()), SaveMode.APPEND, ORDERS)));
        assertEquals(
                "[CONFLICTING_OPTIONS] format(\"delta\") needs both options 'txnAppId' and 'txnVersion', or neither.",
                refused(() -> write(options(Map.of("txnAppId", "x"), List.of()), SaveMode.APPEND, ORDERS)));
        assertEquals(
                "[INVALID_OPTION] format(\"delta\") option 'compression' is 'brotli': expected zstd, snappy, lz4_raw, gzip or "
                        + "none.",
                refused(() -> write(options(Map.of("compression", "brotli"), List.of()), SaveMode.APPEND, ORDERS)));
        assertEquals(
                "[DELTA_UNSUPPORTED_OUTPUT_MODE] " + table() + ": a Delta table takes outputMode(\"append\") or "
                        + "outputMode(\"complete\"), not \"update\": it has no keys by which rows could be replaced.",
                refused(() -> sink(OutputKind.UPDATE)));
        assertEquals(1, read().size());
    }

    @Test
    void anExistingTableIsLeftAloneIfToldTo() {
        write(SaveMode.IGNORE, order(1, 1, "1.00", "a"));
        write(SaveMode.IGNORE, order(2, 1, "1.00", "a"));

        assertEquals(texts(rows(order(1, 1, "1.00", "a"))), texts(read()));
    }

    @Test
    void aNumberedWriteIsHeldOnce() {
        ConnectorOptions third = options(Map.of("txnAppId", "loader", "txnVersion", "3"), List.of());
        write(third, SaveMode.APPEND, ORDERS, order(1, 1, "1.00", "a"));
        write(third, SaveMode.APPEND, ORDERS, order(1, 1, "1.00", "a"));

        assertEquals(1, read().size());
    }

    @Test
    void aStreamsBatchesAreHeldOnceOverRestarts() throws IOException {
        try (StreamingSink sink = sink(OutputKind.APPEND)) {
            writeBatch(sink, 0, order(1, 1, "1.00", "a"));
            writeBatch(sink, 1, order(2, 1, "1.00", "a"));
        }
        try (StreamingSink sink = sink(OutputKind.APPEND)) {
            assertEquals(OptionalLong.of(1), sink.lastCommitted());
            writeBatch(sink, 1, order(2, 1, "1.00", "a"));
            writeBatch(sink, 2, order(3, 1, "1.00", "a"));
        }

        List<List<@Nullable Object>> expected =
                rows(order(1, 1, "1.00", "a"), order(2, 1, "1.00", "a"), order(3, 1, "1.00", "a"));
        assertEquals(texts(expected), texts(read()));
        assertEquals(texts(expected), texts(KernelReader.read(table())));
    }

    @Test
    void aTableIsReadableByOthersBehindItsCheckpoint() throws IOException {
        List<List<@Nullable Object>> expected = new ArrayList<>();
        try (StreamingSink sink = sink(OutputKind.APPEND)) {
            for (int batch = 0; batch < 12; batch++) {
                writeBatch(sink, batch, order(batch, batch, "1.00", "a"));
                expected.add(order(batch, batch, "1.00", "a"));
            }
        }
        assertTrue(Files.exists(table().resolve("_delta_log/00000000000000000010.checkpoint.parquet")));
        for (int version = 0; version < 10; version++) {
            Files.delete(table().resolve(String.format("_delta_log/%020d.json", version)));
        }

        assertEquals(texts(expected), texts(KernelReader.read(table())));
        assertEquals(texts(expected), texts(read()));
    }

    @Test
    void aMissingFileIsReportedWithWhatMayHaveHappened() throws IOException {
        write(SaveMode.APPEND, order(1, 1, "1.00", "a"));
        Path file;
        try (Stream<Path> files = Files.list(table())) {
            file = files.filter(path -> path.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(file);

        DataException error = assertThrows(DataException.class, this::read);

        assertEquals(
                "[DELTA_FILE_MISSING] " + table() + ": the table's log names the file '" + file
                        + "', which is gone. If this is "
                        + "an old version of the table, a vacuum has deleted it: read a newer one. Otherwise restore the file "
                        + "from a copy.",
                error.getMessage());
    }

    private Path table() {
        return directory.resolve("a table");
    }

    private ConnectorOptions options(Map<String, String> options, List<String> partitionBy) {
        return options(table(), options, partitionBy);
    }

    private static ConnectorOptions options(Path path, Map<String, String> options, List<String> partitionBy) {
        return new ConnectorOptions(
                "delta",
                options,
                Optional.empty(),
                List.of(path.toString()),
                partitionBy,
                new SessionSettings(ZoneOffset.UTC, 2));
    }

    @SafeVarargs
    private void write(SaveMode mode, List<@Nullable Object>... rows) {
        write(options(Map.of(), List.of()), mode, ORDERS, List.of(rows));
    }

    @SafeVarargs
    private void write(ConnectorOptions options, SaveMode mode, StructType schema, List<@Nullable Object>... rows) {
        write(options, mode, schema, List.of(rows));
    }

    private void write(ConnectorOptions options, SaveMode mode, StructType schema, List<List<@Nullable Object>> rows) {
        try (SinkBatch batch = delta.beginWrite(options, mode, schema)) {
            fill(batch, schema, rows);
            batch.commit();
        }
    }

    private StreamingSink sink(OutputKind kind) {
        return delta.openSink(
                options(Map.of(), List.of()),
                new StreamWriteRequest(
                        "query-1",
                        SinkId.of("query-1"),
                        Optional.empty(),
                        ORDERS,
                        kind,
                        List.of(),
                        directory,
                        new TemporaryTables()));
    }

    @SafeVarargs
    private void writeBatch(StreamingSink sink, long batchId, List<@Nullable Object>... rows) {
        try (SinkBatch batch = sink.begin(batchId)) {
            fill(batch, ORDERS, List.of(rows));
            batch.commit();
        }
    }

    private void fill(SinkBatch batch, StructType schema, List<List<@Nullable Object>> rows) {
        try (SinkBatch.TaskWriter task = batch.openTask(0);
                ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
            rows.forEach(builder::add);
            try (Chunk chunk = builder.build()) {
                task.write(chunk);
            }
        }
    }

    private BatchTable open(Map<String, String> options) {
        return assertInstanceOf(BatchTable.class, delta.openTable(options(options, List.of())));
    }

    private List<List<@Nullable Object>> read() {
        BatchTable table = open(Map.of());
        return read(table, ScanRequest.all(table.schema()));
    }

    private List<List<@Nullable Object>> read(BatchTable table, ScanRequest request) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Split split : table.scan(request).splits()) {
            try (ChunkReader reader = split.open(allocator)) {
                for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                    try (Chunk owned = chunk) {
                        collect(owned, rows);
                    }
                }
            }
        }
        return rows;
    }

    private static void collect(Chunk chunk, List<List<@Nullable Object>> rows) {
        for (int row = 0; row < chunk.rowCount(); row++) {
            List<@Nullable Object> values = new ArrayList<>();
            for (int column = 0; column < chunk.columnCount(); column++) {
                values.add(Cell.detach(Cell.read(chunk.column(column), row)));
            }
            rows.add(values);
        }
    }

    private static int splits(BatchTable table, BoundExpr filter) {
        ScanRequest request = new ScanRequest(ScanRequest.all(ORDERS).columns(), List.of(filter), OptionalLong.empty());
        return table.scan(request).splits().size();
    }

    private static BoundExpr equal(String column, Scalar value) {
        int ordinal = ORDERS.fieldIndex(column);
        return new BoundExpr.Compare(
                CompareOp.EQUAL,
                new BoundExpr.Column(ordinal, column, ORDERS.field(ordinal).dataType(), true),
                new BoundExpr.Literal(value));
    }

    private static List<@Nullable Object> order(
            long id, @Nullable Integer day, @Nullable String amount, @Nullable String shop) {
        return Arrays.asList(
                id, day, amount == null ? null : new BigDecimal(amount), shop == null ? null : Slice.utf8(shop));
    }

    @SafeVarargs
    private static List<List<@Nullable Object>> rows(List<@Nullable Object>... rows) {
        return List.of(rows);
    }

    /// Rows as text, in an order that does not depend on files.
    private static List<String> texts(List<List<@Nullable Object>> rows) {
        return rows.stream()
                .map(Object::toString)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private static String refused(Runnable call) {
        return assertThrows(QueryException.class, call::run).getMessage();
    }
}
