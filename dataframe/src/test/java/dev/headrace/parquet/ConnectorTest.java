package dev.headrace.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ColumnRange;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.SessionSettings;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.Split;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.files.InputFiles;
import dev.headrace.files.MergedSchema;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectorTest {
    private static final StructType SCHEMA = StructType.fromDDL("id bigint not null, name string, n int");

    @TempDir
    Path directory;

    private final ParquetConnector connector = new ParquetConnector();

    private ConnectorOptions options(
            Map<String, String> options, Optional<StructType> schema, List<String> partitionColumns) {
        return new ConnectorOptions(
                "parquet",
                options,
                schema,
                List.of(directory.resolve("table").toString()),
                partitionColumns,
                new SessionSettings(ZoneOffset.UTC, 2));
    }

    private ConnectorOptions options(String... keysAndValues) {
        Map<String, String> map = new java.util.HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return options(map, Optional.empty(), List.of());
    }

    private Map<String, Long> write(
            ConnectorOptions options, StructType schema, List<List<@Nullable Object>> rows, SaveMode mode) {
        try (BufferAllocator allocator = new RootAllocator();
                SinkBatch batch = connector.beginWrite(options, mode, schema)) {
            try (SinkBatch.TaskWriter task = batch.openTask(0)) {
                for (Chunk chunk : RandomTable.chunks(schema, rows, new Random(1), allocator)) {
                    try (Chunk closing = chunk) {
                        task.write(closing);
                    }
                }
            }
            return batch.commit();
        }
    }

    private BatchTable open(ConnectorOptions options) {
        return (BatchTable) connector.openTable(options);
    }

    private static List<List<@Nullable Object>> read(BatchTable table, ScanRequest request) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            for (Split split : table.scan(request).splits()) {
                try (ChunkReader reader = split.open(allocator)) {
                    rows.addAll(Rows.all(reader));
                }
            }
        }
        return rows;
    }

    private static List<List<@Nullable Object>> rows(int count) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(Arrays.asList((long) i, i % 5 == 0 ? null : Slice.utf8("name" + i), i % 3));
        }
        return rows;
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Map<String, Long> metrics = write(options(), SCHEMA, rows(20_000), SaveMode.ERROR_IF_EXISTS);
        BatchTable table = open(options());

        assertEquals(rows(20_000), read(table, ScanRequest.all(table.schema())));
        assertEquals(20_000L, metrics.get("numOutputRows"));
        assertEquals(OptionalLong.of(20_000), table.rowCount());
        assertEquals("id BIGINT,name STRING,n INT", table.schema().toDDL());
        assertEquals("parquet " + directory.resolve("table"), table.description());
        try (var files = Files.list(directory.resolve("table"))) {
            assertTrue(files.anyMatch(file -> file.toString().endsWith(".c000.zstd.parquet")));
        }
    }

    @Test
    void anEmptyResultKeepsItsSchema() {
        write(options(), SCHEMA, List.of(), SaveMode.ERROR_IF_EXISTS);
        BatchTable table = open(options("mergeSchema", "true"));

        assertEquals(List.of(), read(table, ScanRequest.all(table.schema())));
        assertEquals(SCHEMA.names(), table.schema().names());
    }

    @Test
    void partitionColumnsComeFromDirectories() {
        ConnectorOptions partitioned = options(Map.of(), Optional.empty(), List.of("n"));
        write(partitioned, SCHEMA, rows(30), SaveMode.ERROR_IF_EXISTS);
        BatchTable table = open(options());

        assertEquals("id BIGINT,name STRING,n INT", table.schema().toDDL());
        assertEquals(30, read(table, ScanRequest.all(table.schema())).size());
        BoundExpr filter = new BoundExpr.Compare(
                CompareOp.EQUAL,
                new BoundExpr.Column(2, "n", table.schema().field(2).dataType(), true),
                new BoundExpr.Literal(Scalar.of(1)));
        ScanRequest request =
                new ScanRequest(ScanRequest.all(table.schema()).columns(), List.of(filter), OptionalLong.empty());
        assertTrue(table.usesFilter(filter));
        assertEquals(1, table.scan(request).splits().size());
        List<List<@Nullable Object>> found = read(table, request);
        assertEquals(10, found.size());
        found.forEach(row -> assertEquals(1, row.get(2)));
    }

    @Test
    void aFilterThatStatisticsCannotDecideIsNotUsed() {
        write(options(), SCHEMA, rows(10), SaveMode.ERROR_IF_EXISTS);
        BatchTable table = open(options());
        BoundExpr id = new BoundExpr.Column(0, "id", SCHEMA.field(0).dataType(), true);

        assertTrue(table.usesFilter(new BoundExpr.Compare(CompareOp.LESS, id, new BoundExpr.Literal(Scalar.of(5L)))));
        assertFalse(table.usesFilter(new BoundExpr.Compare(CompareOp.LESS, id, id)));
    }

    /// Planning asks between which numbers a column is.
    @Test
    void damagedStatisticsArePassedOverWithTheirFileWhereThatIsAskedFor() throws IOException {
        write(options(), SCHEMA, rows(10), SaveMode.ERROR_IF_EXISTS);
        Path damaged;
        try (Stream<Path> files = Files.list(directory.resolve("table"))) {
            damaged = files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        write(options(), SCHEMA, rows(5), SaveMode.APPEND);
        ExampleFiles.changeFooter(
                damaged,
                footer -> footer.getRow_groups()
                        .getFirst()
                        .getColumns()
                        .getFirst()
                        .getMeta_data()
                        .getStatistics()
                        .setMin_value(new byte[3]));

        assertEquals(
                Optional.of(new ColumnRange(0, 4)),
                open(options("ignoreCorruptFiles", "true")).columnRange(0));
        assertEquals(
                "DAMAGED_PARQUET_FILE",
                assertThrows(DataException.class, () -> open(options()).columnRange(0))
                        .code());
    }

    @Test
    void rangesOfManyFilesReachFromTheFirstToTheLast() {
        try (Session session = Session.builder().master("local[2]").create()) {
            session.range(0, 8000, 1, 100)
                    .write()
                    .parquet(directory.resolve("table").toString());
        }

        assertEquals(Optional.of(new ColumnRange(0, 7999)), open(options()).columnRange(0));
    }

    @Test
    void schemasAreMergedWhenAskedFor() {
        write(options(), SCHEMA, rows(3), SaveMode.ERROR_IF_EXISTS);
        StructType other = StructType.fromDDL("id bigint, extra struct<x: int>");
        write(options(), other, List.of(Arrays.asList(7L, List.of(1))), SaveMode.APPEND);

        BatchTable merged = open(options("mergeSchema", "true"));

        assertEquals(4, merged.schema().size());
        List<List<@Nullable Object>> rows = read(merged, ScanRequest.all(merged.schema()));
        assertEquals(4, rows.size());
        assertTrue(rows.contains(Arrays.asList(7L, null, null, List.of(1)))
                || rows.contains(Arrays.asList(7L, List.of(1), null, null)));
    }

    @Test
    void namesInAnotherCaseAreOneColumn() {
        write(
                options(),
                StructType.fromDDL("A bigint, s struct<X: int>"),
                List.of(List.of(1L, List.of(2))),
                SaveMode.ERROR_IF_EXISTS);
        write(
                options(),
                StructType.fromDDL("a bigint, s struct<x: int>"),
                List.of(List.of(3L, List.of(4))),
                SaveMode.APPEND);

        BatchTable merged = open(options("mergeSchema", "true"));

        assertEquals(2, merged.schema().size());
        assertEquals(
                Set.of(List.of(1L, List.of(2)), List.of(3L, List.of(4))),
                Set.copyOf(read(merged, ScanRequest.all(merged.schema()))));
    }

    @Test
    void namesInAnotherCaseAreTwoColumnsIfAFileHasBoth() {
        MergedSchema merged = new MergedSchema();
        merged.add(Path.of("1"), StructType.fromDDL("A int, b int"));
        merged.add(Path.of("2"), StructType.fromDDL("a string, A int, B int"));
        merged.add(Path.of("3"), StructType.fromDDL("B int, a string"));

        assertEquals("A INT,b INT,a STRING", merged.schema().toDDL());
    }

    @Test
    void schemasThatContradictAreRefused() {
        write(options(), SCHEMA, rows(1), SaveMode.ERROR_IF_EXISTS);
        write(options(), StructType.fromDDL("id string"), List.of(List.of(Slice.utf8("x"))), SaveMode.APPEND);

        QueryException refused = assertThrows(QueryException.class, () -> open(options("mergeSchema", "true")));

        assertEquals("INCOMPATIBLE_SCHEMAS", refused.code());
        assertTrue(
                refused.text()
                        .matches("'id' is (string|bigint) in '.*', but (string|bigint) in files before \\(the first is "
                                + "'.*'\\)\\. Read them apart, or give a schema\\."),
                refused.text());
    }

    @Test
    void theUsersSchemaHolds() {
        write(options(), SCHEMA, rows(2), SaveMode.ERROR_IF_EXISTS);
        StructType declared = StructType.fromDDL("n bigint, missing string, id bigint");

        BatchTable table = open(options(Map.of(), Optional.of(declared), List.of()));

        assertEquals(declared, table.schema());
        assertEquals(
                List.of(Arrays.asList(0L, null, 0L), Arrays.asList(1L, null, 1L)),
                read(table, ScanRequest.all(declared)));
    }

    @Test
    void unknownOptionsAreRefused() {
        write(options(), SCHEMA, rows(1), SaveMode.ERROR_IF_EXISTS);

        assertEquals(
                "[UNKNOWN_OPTION] format(\"parquet\") has no option 'mergeShema'. Did you mean 'mergeSchema'? Options: "
                        + "basePath, ignoreCorruptFiles, ignoreMissingFiles, mergeSchema, modifiedAfter, modifiedBefore, path,"
                        + " pathGlobFilter, recursiveFileLookup, verifyChecksums.",
                assertThrows(QueryException.class, () -> open(options("mergeShema", "true")))
                        .getMessage());
        assertEquals(
                "[INVALID_OPTION] format(\"parquet\") option 'compression' is 'lzo': expected zstd, snappy, gzip, lz4_raw or "
                        + "uncompressed.",
                assertThrows(
                                QueryException.class,
                                () -> connector.beginWrite(options("compression", "lzo"), SaveMode.OVERWRITE, SCHEMA))
                        .getMessage());
    }

    @Test
    void aDirectoryWithoutFilesHasNoSchema() throws IOException {
        Files.createDirectories(directory.resolve("table"));

        QueryException refused = assertThrows(QueryException.class, () -> open(options()));

        assertEquals(
                "[NO_FILES] format(\"parquet\") finds no files in [" + directory.resolve("table")
                        + "], so there is no schema. " + "Give one with schema(\"…\") if the directory may be empty.",
                refused.getMessage());
    }

    @Test
    void writeOptionsShapeTheFile() throws IOException {
        ConnectorOptions options =
                options("compression", "snappy", "parquet.block.size", "20000", "parquet.enable.dictionary", "false");
        write(options, SCHEMA, rows(20_000), SaveMode.OVERWRITE);

        try (var files = Files.list(directory.resolve("table"))) {
            Path file = files.filter(f -> f.toString().endsWith(".snappy.parquet"))
                    .findFirst()
                    .orElseThrow();
            ParquetFooter footer = new ParquetFooters().of(file);
            assertTrue(footer.rowGroupCount() > 1);
            assertFalse(footer.rowGroups().getFirst().getColumns().getFirst().hasDictionaryPage());
        }
    }

    @Test
    void largeFilesAreSplitByRowGroups() {
        Path file = directory.resolve("large.parquet");
        WritingTest.write(file, SCHEMA, rows(5_000), ParquetWriteOptions.DEFAULT.withRowGroups(1 << 20, 1_000), 1);

        List<Split> splits = ParquetSplits.of(file, 1L << 30, ParquetScan.all(SCHEMA), new ParquetFooters());

        assertEquals(5_000, splits.stream().mapToLong(Split::estimatedRows).sum());
    }

    /// Its parts would be others: some of its rows would be in none.
    @Test
    void aLargeFileThatIsReplacedAfterItWasPlannedIsNotRead() {
        Path file = directory.resolve("large.parquet");
        WritingTest.write(file, SCHEMA, rows(2_000), ParquetWriteOptions.DEFAULT.withRowGroups(1 << 20, 1_000), 1);
        List<Split> splits = ParquetSplits.of(file, 1L << 30, ParquetScan.all(SCHEMA), new ParquetFooters());

        WritingTest.write(file, SCHEMA, rows(5_000), ParquetWriteOptions.DEFAULT.withRowGroups(1 << 20, 1_000), 1);

        DataException replaced;
        try (BufferAllocator allocator = new RootAllocator()) {
            replaced = assertThrows(DataException.class, () -> splits.getFirst().open(allocator));
        }
        assertEquals(
                "[FILE_NOT_FOUND] '" + file
                        + "' is not there any more: another file has taken its place after the query"
                        + " found it. Run the query again.",
                replaced.getMessage());
    }

    @Test
    void footersAreReadAgainWhenTheFileChanged() {
        ParquetFooters footers = new ParquetFooters();
        Path file = directory.resolve("changing.parquet");
        WritingTest.write(file, SCHEMA, rows(10), ParquetWriteOptions.DEFAULT, 1);
        ParquetFooter first = footers.of(file);
        assertTrue(first == footers.of(file));

        WritingTest.write(file, SCHEMA, rows(5_000), ParquetWriteOptions.DEFAULT, 1);

        assertEquals(5_000, footers.of(file).rowCount());
    }

    @Test
    void rowsAreCountedInTheFilesThatAreThere() {
        write(options(), SCHEMA, rows(10), SaveMode.ERROR_IF_EXISTS);
        BatchTable table = open(options());
        Path file = InputFiles.list(options()).getFirst().path();
        assertEquals(OptionalLong.of(10), table.exactRowCount());

        WritingTest.write(file, SCHEMA, rows(3), ParquetWriteOptions.DEFAULT, 1);

        assertEquals(OptionalLong.of(3), table.exactRowCount());
    }
}
