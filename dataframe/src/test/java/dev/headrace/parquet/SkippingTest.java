package dev.headrace.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What filters leave unread, and that it is never too much.
class SkippingTest {
    private static final StructType ORDERS = StructType.fromDDL(
            "id bigint, price double, city string, day date, tags array<string>, amount decimal(12,2)");
    private static final EvalContext CONTEXT = new EvalContext(ZoneOffset.UTC, 0, 0);

    @TempDir
    Path directory;

    /// Ten row groups of a thousand rows, in pages of a hundred; `id` and `day` ascend.
    private Path orders() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            rows.add(Arrays.asList(
                    (long) i,
                    i % 100 / 4.0,
                    Slice.utf8("city" + i / 2_500),
                    i / 1_000,
                    i % 3 == 0 ? null : List.of(Slice.utf8("a" + i), Slice.utf8("b")),
                    i < 5_000 ? null : BigDecimal.valueOf(i, 2)));
        }
        Path file = directory.resolve("orders.parquet");
        WritingTest.write(
                file,
                ORDERS,
                rows,
                ParquetWriteOptions.DEFAULT.withRowGroups(1L << 30, 1_000).withPages(1 << 20, 100),
                7);
        return file;
    }

    private record Read(List<List<@Nullable Object>> rows, Map<String, Long> metrics) {}

    private static Read read(Path file, ParquetScan scan) {
        try (BufferAllocator allocator = new RootAllocator();
                ParquetChunks chunks = ParquetChunks.open(file, scan, new ParquetFooters(), allocator)) {
            return new Read(Rows.all(chunks), chunks.metrics());
        }
    }

    private static BoundExpr column(StructType schema, String name) {
        int ordinal = schema.fieldIndex(name);
        return new BoundExpr.Column(ordinal, name, schema.field(ordinal).dataType(), true);
    }

    private static BoundExpr orders(String name) {
        return column(ORDERS, name);
    }

    private static BoundExpr compare(BoundExpr left, CompareOp op, @Nullable Object value) {
        return new BoundExpr.Compare(op, left, new BoundExpr.Literal(new Scalar(value, left.type())));
    }

    private Read readOrders(BoundExpr filter) {
        return read(orders(), ParquetScan.all(ORDERS).withFilters(List.of(filter)));
    }

    @Test
    void rowGroupsOutsideOfTheFilterAreNotRead() {
        Read read = readOrders(compare(orders("id"), CompareOp.GREATER_OR_EQUAL, 8_000L));

        assertEquals(2_000, read.rows.size());
        assertEquals(8_000L, read.rows.getFirst().getFirst());
        assertEquals(8L, read.metrics.get("rowGroupsSkipped"));
        assertEquals(2L, read.metrics.get("rowGroupsRead"));
    }

    @Test
    void pagesOutsideOfTheFilterAreNotRead() {
        Read read = readOrders(compare(orders("id"), CompareOp.EQUAL, 4_321L));

        assertEquals(100, read.rows.size());
        assertEquals(4_300L, read.rows.getFirst().getFirst());
        assertEquals(
                List.of(Slice.utf8("a4301"), Slice.utf8("b")), read.rows.get(1).get(4));
        assertEquals(900L, read.metrics.get("rowsSkipped"));
    }

    /// Two row groups, of ten and of six pages.
    private Path numbers() {
        StructType schema = StructType.fromDDL("id bigint, price double");
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 1_600; i++) {
            rows.add(Arrays.asList((long) i, i / 4.0));
        }
        Path file = directory.resolve("numbers.parquet");
        WritingTest.write(
                file,
                schema,
                rows,
                ParquetWriteOptions.DEFAULT.withRowGroups(1L << 30, 1_000).withPages(1 << 20, 100),
                7);
        return file;
    }

    private static String refused(Path file, long above) {
        StructType schema = StructType.fromDDL("id bigint, price double");
        BoundExpr filter = compare(column(schema, "id"), CompareOp.GREATER, above);
        DataException refused = assertThrows(
                DataException.class, () -> read(file, ParquetScan.all(schema).withFilters(List.of(filter))));
        assertEquals("DAMAGED_PARQUET_FILE", refused.code());
        return refused.text();
    }

    @Test
    void indexesOfOtherNumbersOfPagesAreRefused() throws IOException {
        Path file = numbers();
        ExampleFiles.changeFooter(file, footer -> {
            ColumnChunk ten = footer.getRow_groups().get(0).getColumns().getFirst();
            ColumnChunk six = footer.getRow_groups().get(1).getColumns().getFirst();
            long offset = ten.getColumn_index_offset();
            int length = ten.getColumn_index_length();
            ten.setColumn_index_offset(six.getColumn_index_offset());
            ten.setColumn_index_length(six.getColumn_index_length());
            six.setColumn_index_offset(offset);
            six.setColumn_index_length(length);
        });

        String shorter = refused(file, 250);
        assertTrue(shorter.contains("an index of bounds of 6 pages, and one of places of 10"), shorter);
        String longer = refused(file, 1_250);
        assertTrue(longer.contains("an index of bounds of 10 pages, and one of places of 6"), longer);
    }

    @Test
    void pagesOfAnotherColumnAreRefused() throws IOException {
        Path file = numbers();
        ExampleFiles.changeFooter(file, footer -> {
            List<ColumnChunk> columns = footer.getRow_groups().getFirst().getColumns();
            columns.get(1).setOffset_index_offset(columns.get(0).getOffset_index_offset());
            columns.get(1).setOffset_index_length(columns.get(0).getOffset_index_length());
        });

        String refused = refused(file, 950);
        assertTrue(refused.contains("its first page begins at byte 4 by the index of pages"), refused);
    }

    @Test
    void dictionariesTellWhatIsNotThere() {
        Read between = readOrders(compare(orders("city"), CompareOp.EQUAL, Slice.utf8("city05")));

        assertEquals(0, between.rows.size());
        assertEquals(10L, between.metrics.get("rowGroupsSkipped"));
    }

    @Test
    void nullCountsTell() {
        Read nulls = readOrders(new BoundExpr.IsNull(orders("amount")));
        Read values = readOrders(new BoundExpr.Not(new BoundExpr.IsNull(orders("amount"))));

        assertEquals(5_000, nulls.rows.size());
        assertEquals(5L, nulls.metrics.get("rowGroupsSkipped"));
        assertEquals(5_000, values.rows.size());
    }

    @Test
    void nullsThatAreNotCountedMayBeThere() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("message m { optional int64 c; }");
        Path file = directory.resolve("uncounted.parquet");
        ExampleFiles.write(file, schema, List.of(List.of(5L), Arrays.asList((Object) null)), b -> b);
        forgetNullCounts(file);
        StructType columns = StructType.fromDDL("c bigint");
        BoundExpr filter = new BoundExpr.Not(compare(column(columns, "c"), CompareOp.NULL_SAFE_EQUAL, 5L));

        Read read = read(file, ParquetScan.all(columns).withFilters(List.of(filter)));

        assertTrue(read.rows.contains(Arrays.asList((Object) null)));
    }

    /// Leaves out of the footer, and makes unreachable in the column index, how many nulls there are.
    private static void forgetNullCounts(Path file) throws IOException {
        ExampleFiles.changeFooter(file, footer -> {
            for (RowGroup group : footer.getRow_groups()) {
                for (ColumnChunk chunk : group.getColumns()) {
                    chunk.getMeta_data().getStatistics().unsetNull_count();
                    chunk.unsetColumn_index_offset();
                    chunk.unsetColumn_index_length();
                }
            }
        });
    }

    @Test
    void listsOfConstantsTell() {
        List<Scalar> constants = List.of(
                new Scalar(Slice.utf8("city2"), DataTypes.StringType),
                new Scalar(null, DataTypes.StringType),
                new Scalar(Slice.utf8("nowhere"), DataTypes.StringType));

        Read read = readOrders(new BoundExpr.In(orders("city"), constants));

        // City 2 begins in the middle of a row group.
        assertEquals(2_500, read.rows.size());
        assertEquals(7L, read.metrics.get("rowGroupsSkipped"));
    }

    @Test
    void constantsFarApartAreLookedUpOneByOne() {
        Read read = readOrders(new BoundExpr.In(orders("id"), List.of(Scalar.of(17L), Scalar.of(9_950L))));

        assertEquals(8L, read.metrics.get("rowGroupsSkipped"));
        // A page of each.
        assertTrue(read.rows.size() <= 210, () -> read.rows.size() + " rows");
    }

    @Test
    void nothingIsReadWhenTheFilterIsNeverTrue() {
        Read read = readOrders(compare(orders("id"), CompareOp.LESS, null));

        assertEquals(0, read.rows.size());
        assertEquals(10L, read.metrics.get("rowGroupsSkipped"));
        assertEquals(0L, read.metrics.get("rowGroupsRead"));
    }

    @Test
    void aColumnThatTheFileLacksIsNull() {
        StructType wider = ORDERS.add("later", DataTypes.LongType);
        ParquetScan scan = ParquetScan.all(wider);
        Path file = orders();
        BoundExpr later = column(wider, "later");

        assertEquals(
                0,
                read(file, scan.withFilters(List.of(compare(later, CompareOp.EQUAL, 1L))))
                        .rows
                        .size());
        assertEquals(
                10_000,
                read(file, scan.withFilters(List.of(new BoundExpr.IsNull(later))))
                        .rows
                        .size());
    }

    @Test
    void aColumnThatIsNotInFilesTellsNothing() {
        StructType wider = ORDERS.add("part", DataTypes.LongType);
        BoundExpr filter = compare(column(wider, "part"), CompareOp.EQUAL, 1L);
        ParquetScan scan = new ParquetScan(
                List.of(new ParquetColumn.Constant(wider.apply("part"), new Scalar(1L, DataTypes.LongType))),
                List.of(filter),
                wider,
                Set.of("part"),
                true);

        Read read = read(orders(), scan);

        assertEquals(10_000, read.rows.size());
        assertEquals(List.of(1L), read.rows.getLast());
    }

    @Test
    void rowPositionsCountSkippedRows() {
        BoundExpr filter = new BoundExpr.Or(
                compare(orders("id"), CompareOp.EQUAL, 1_250L), compare(orders("id"), CompareOp.EQUAL, 9_999L));
        ParquetScan scan = new ParquetScan(
                List.of(new ParquetColumn.RowPosition("at"), new ParquetColumn.Stored(ORDERS.apply("id"))),
                List.of(filter),
                ORDERS,
                Set.of(),
                true);

        Read read = read(orders(), scan);

        assertEquals(200, read.rows.size());
        read.rows.forEach(row -> assertEquals(row.get(1), row.get(0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 150, 2_000})
    void chunksThatAreBegunAgainSkipTheSameRows(int columnBytes) {
        BoundExpr filter = new BoundExpr.Or(
                compare(orders("id"), CompareOp.EQUAL, 1_250L), compare(orders("id"), CompareOp.GREATER, 8_500L));
        List<ParquetColumn> columns = new ArrayList<>(List.of(new ParquetColumn.RowPosition("at")));
        ORDERS.forEach(field -> columns.add(new ParquetColumn.Stored(field)));
        ParquetScan scan = new ParquetScan(columns, List.of(filter), ORDERS, Set.of(), true);
        Path file = orders();
        List<List<@Nullable Object>> expected = read(file, scan).rows;

        List<List<@Nullable Object>> found = Rows.readWithin(columnBytes, file, scan);

        assertEquals(1_600, expected.size());
        assertEquals(expected, found);
    }

    @Test
    void noColumnsMeansRowsAlone() {
        ParquetScan scan = new ParquetScan(List.of(), List.of(), ORDERS, Set.of(), true);

        Read read = read(orders(), scan);

        assertEquals(10_000, read.rows.size());
        assertTrue(read.metrics.get("bytesRead") < 100_000, read.metrics.toString());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0, -0.0})
    void bothZerosAreEqual(double zero) {
        StructType schema = StructType.fromDDL("d double");
        Path file = directory.resolve("zeros.parquet");
        WritingTest.write(file, schema, List.of(List.of(0.0), List.of(-0.0)), ParquetWriteOptions.DEFAULT, 1);
        for (CompareOp op : List.of(CompareOp.EQUAL, CompareOp.GREATER_OR_EQUAL, CompareOp.LESS_OR_EQUAL)) {
            BoundExpr filter = compare(column(schema, "d"), op, zero);
            assertEquals(
                    2,
                    read(file, ParquetScan.all(schema).withFilters(List.of(filter)))
                            .rows
                            .size());
        }
    }

    @Test
    void nanIsGreaterThanEveryBound() {
        StructType schema = StructType.fromDDL("d double, f float");
        Path file = directory.resolve("nan.parquet");
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            rows.add(i == 500 ? List.of(Double.NaN, Float.NaN) : List.of(i / 10.0, (float) i));
        }
        List<List<@Nullable Object>> nullable = new ArrayList<>();
        rows.forEach(row -> nullable.add(new ArrayList<>(row)));
        WritingTest.write(file, schema, nullable, ParquetWriteOptions.DEFAULT.withPages(1 << 20, 100), 1);

        for (BoundExpr filter : List.of(
                compare(column(schema, "d"), CompareOp.GREATER, 1e9),
                compare(column(schema, "f"), CompareOp.GREATER_OR_EQUAL, 1e9f))) {
            Read read = read(file, ParquetScan.all(schema).withFilters(List.of(filter)));
            assertTrue(read.rows.contains(List.of(Double.NaN, Float.NaN)), filter.toString());
        }
    }

    /// Fifty random tables and filters, or as many as the property `headrace.seeds` says.
    static LongStream seeds() {
        return LongStream.rangeClosed(1, Integer.getInteger("headrace.seeds", 50));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatTheFilterHoldsForIsAlwaysRead(long seed) {
        Random random = new Random(seed);
        StructType schema = random.nextBoolean() ? RandomTable.of(seed).schema() : ATOMIC;
        RandomTable table = new RandomTable(random, schema, random.nextDouble() / 2, 1 + random.nextInt(2_000));
        List<List<@Nullable Object>> rows = table.rows(random.nextInt(3_000));
        if (random.nextBoolean()) {
            rows.sort((left, right) -> String.valueOf(left.getFirst()).compareTo(String.valueOf(right.getFirst())));
        }
        Path file = directory.resolve("random-" + seed + ".parquet");
        WritingTest.write(
                file,
                schema,
                rows,
                ParquetWriteOptions.DEFAULT
                        .withRowGroups(1L << 30, 1 + random.nextInt(1_000))
                        .withPages(1 << 20, 1 + random.nextInt(100)),
                seed);
        for (int i = 0; i < 40; i++) {
            BoundExpr filter = filter(random, schema, rows, 2);
            List<List<@Nullable Object>> found =
                    read(file, ParquetScan.all(schema).withFilters(List.of(filter))).rows;
            assertEquals(matching(rows, filter), matching(found, filter), () -> "seed " + seed + ": " + filter);
            if (i == 0) {
                List<List<@Nullable Object>> inSmallChunks = Rows.readWithin(
                        20 * (int) seed, file, ParquetScan.all(schema).withFilters(List.of(filter)));
                assertEquals(found, inSmallChunks, () -> "seed " + seed + ": " + filter);
            }
        }
    }

    private static final StructType ATOMIC = StructType.fromDDL(
            "i int, l bigint, d double, f float, s string, b boolean, dec decimal(12,3), big decimal(30,3), t timestamp, "
                    + "st struct<x: int, y: string>, li array<int>");

    private static List<List<@Nullable Object>> matching(List<List<@Nullable Object>> rows, BoundExpr filter) {
        return rows.stream()
                .filter(row -> Boolean.TRUE.equals(Interpreter.evaluate(filter, row::get, CONTEXT)))
                .toList();
    }

    private static BoundExpr filter(Random random, StructType schema, List<List<@Nullable Object>> rows, int depth) {
        return switch (depth == 0 ? 9 : random.nextInt(8)) {
            case 0 ->
                new BoundExpr.And(filter(random, schema, rows, depth - 1), filter(random, schema, rows, depth - 1));
            case 1 ->
                new BoundExpr.Or(filter(random, schema, rows, depth - 1), filter(random, schema, rows, depth - 1));
            case 2 -> new BoundExpr.Not(filter(random, schema, rows, depth - 1));
            default -> atom(random, schema, rows);
        };
    }

    private static BoundExpr atom(Random random, StructType schema, List<List<@Nullable Object>> rows) {
        int ordinal = random.nextInt(schema.size());
        StructField field = schema.field(ordinal);
        BoundExpr operand = new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
        while (operand.type() instanceof StructType struct && random.nextInt(5) > 0) {
            operand = new BoundExpr.GetField(operand, random.nextInt(struct.size()));
        }
        DataType type = operand.type();
        if (type.isNested() || random.nextInt(10) == 0) {
            return new BoundExpr.IsNull(operand);
        }
        if (random.nextInt(6) == 0) {
            List<Scalar> constants = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                constants.add(new Scalar(constant(random, operand, rows), type));
            }
            return new BoundExpr.In(operand, constants);
        }
        CompareOp op = CompareOp.values()[random.nextInt(CompareOp.values().length)];
        BoundExpr literal = new BoundExpr.Literal(new Scalar(constant(random, operand, rows), type));
        return random.nextBoolean()
                ? new BoundExpr.Compare(op, operand, literal)
                : new BoundExpr.Compare(op, literal, operand);
    }

    /// A value that some row has, most often.
    private static @Nullable Object constant(Random random, BoundExpr operand, List<List<@Nullable Object>> rows) {
        if (rows.isEmpty() || random.nextInt(20) == 0) {
            return null;
        }
        List<@Nullable Object> row = rows.get(random.nextInt(rows.size()));
        return Interpreter.evaluate(operand, row::get, CONTEXT);
    }

    @Test
    void filesOfOtherWritersAreSkippedInTheSameWay() {
        Path file = directory.resolve("other.parquet");
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            rows.add(Arrays.asList(i, List.of((long) i, (long) -i), Slice.utf8("v" + i % 7)));
        }
        ExampleFiles.write(
                file,
                MessageTypeParser.parseMessageType("""
                        message m {
                          required int32 i;
                          optional group l (LIST) { repeated group list { optional int64 element; } }
                          optional binary s (STRING);
                        }
                        """),
                rows,
                b -> b.withWriterVersion(WriterVersion.PARQUET_2_0).withPageRowCountLimit(90));
        StructType schema = new ParquetFooters().of(file).schema();

        Read read = read(
                file,
                ParquetScan.all(schema).withFilters(List.of(compare(column(schema, "i"), CompareOp.LESS, 1_010))));

        assertEquals(1_090, read.rows.size());
        assertEquals(rows.subList(0, 1_090), read.rows);
        assertEquals(3_910L, read.metrics.get("rowsSkipped"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parquet-mr version 1.10.0 (build abcd)",
                "parquet-mr version 1.18.1 (build abcd)",
                "parquet-mr version 2.0.0"
            })
    void statisticsOfTheseWritersTellOfNans(String createdBy) {
        assertTrue(PushedFilter.tellsOfNans(createdBy));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parquet-mr version 1.9.0 (build abcd)",
                "parquet-mr version 1.5.0-cdh5.5.0 (build abcd)",
                "parquet-mr",
                "parquet-cpp-arrow version 18.0.0",
                "DuckDB version 2.0.0 (build abcd)",
                ""
            })
    void statisticsOfOthersDoNot(String createdBy) {
        assertFalse(PushedFilter.tellsOfNans(createdBy));
    }
}
