package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatisticsCollectorTest {
    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingLeaks() {
        allocator.close();
    }

    @Test
    void boundsAndNullsOfEveryTypeAreKept() {
        StructType schema =
                StructType.fromDDL("b tinyint, s smallint, i int, l bigint, f float, d double, n decimal(20,2), "
                        + "t string, day date, at timestamp, ok boolean, bytes binary, list array<int>");

        String json = collect(
                schema,
                32,
                row(
                        (byte) 3,
                        (short) -3,
                        7,
                        Long.MAX_VALUE,
                        0.5f,
                        -1.5,
                        new BigDecimal("123456789012345678.90"),
                        text("b"),
                        1,
                        1_000_000L,
                        true,
                        Slice.of(new byte[] {1}),
                        List.of(1)),
                row(null, null, null, null, null, null, null, null, null, null, null, null, null),
                row(
                        (byte) -4,
                        (short) 4,
                        -7,
                        Long.MIN_VALUE,
                        2.5f,
                        1.5,
                        new BigDecimal("-0.01"),
                        text("a"),
                        -1,
                        -1_000_000L,
                        false,
                        Slice.of(new byte[] {2}),
                        List.of()));

        assertEquals(
                "{\"numRecords\":3,\"minValues\":{\"b\":-4,\"s\":-3,\"i\":-7,\"l\":-9223372036854775808,\"f\":0.5,\"d\":-1.5,"
                        + "\"n\":-0.01,\"t\":\"a\",\"day\":\"1969-12-31\",\"at\":\"1969-12-31T23:59:59.000Z\"},"
                        + "\"maxValues\":{\"b\":3,\"s\":4,\"i\":7,\"l\":9223372036854775807,\"f\":2.5,\"d\":1.5,"
                        + "\"n\":123456789012345678.90,\"t\":\"b\",\"day\":\"1970-01-02\","
                        + "\"at\":\"1970-01-01T00:00:01.000Z\"},"
                        + "\"nullCount\":{\"b\":1,\"s\":1,\"i\":1,\"l\":1,\"f\":1,\"d\":1,\"n\":1,\"t\":1,\"day\":1,\"at\":1,"
                        + "\"ok\":1,\"bytes\":1,\"list\":1}}",
                json);
    }

    @Test
    void aFieldOfANullStructIsNull() {
        StructType schema = StructType.fromDDL("s struct<a: int, b: struct<c: string>>");

        String json = collect(
                schema,
                32,
                row(Arrays.asList(5, List.of(text("x")))),
                row((Object) null),
                row(Arrays.asList(null, null)));

        assertEquals(
                "{\"numRecords\":3,\"minValues\":{\"s\":{\"a\":5,\"b\":{\"c\":\"x\"}}},"
                        + "\"maxValues\":{\"s\":{\"a\":5,\"b\":{\"c\":\"x\"}}},"
                        + "\"nullCount\":{\"s\":{\"a\":2,\"b\":{\"c\":2}}}}",
                json);
    }

    @Test
    void aNaNHasNoPlaceBetweenBounds() {
        String json = collect(StructType.fromDDL("d double"), 32, row(1.0), row(Double.NaN), row(-0.0));

        assertEquals("{\"numRecords\":3,\"minValues\":{\"d\":-0.0},\"maxValues\":{},\"nullCount\":{\"d\":0}}", json);
    }

    @Test
    void aColumnOfNullsHasNoBounds() {
        String json = collect(StructType.fromDDL("i int, d double, s string"), 32, row(null, null, null));

        assertEquals(
                "{\"numRecords\":1,\"minValues\":{},\"maxValues\":{},\"nullCount\":{\"i\":1,\"d\":1,\"s\":1}}", json);
    }

    @Test
    void onlyTheFirstLeafColumnsCount() {
        String json =
                collect(StructType.fromDDL("a int, s struct<b: int, c: int>, d int"), 2, row(1, List.of(2, 3), 4));

        assertEquals(
                "{\"numRecords\":1,\"minValues\":{\"a\":1,\"s\":{\"b\":2}},\"maxValues\":{\"a\":1,\"s\":{\"b\":2}},"
                        + "\"nullCount\":{\"a\":0,\"s\":{\"b\":0}}}",
                json);
    }

    @Test
    void theMaximumOfManyChunksIsTheLargestOfAll() {
        StructType schema = StructType.fromDDL("i int");
        StatisticsCollector collector = new StatisticsCollector(schema, 32);
        for (int i = 0; i < 3; i++) {
            add(collector, schema, row(10 * i), row(i));
        }

        assertEquals(
                "{\"numRecords\":6,\"minValues\":{\"i\":0},\"maxValues\":{\"i\":20},\"nullCount\":{\"i\":0}}",
                collector.result().json(schema));
    }

    @SafeVarargs
    private String collect(StructType schema, int maxColumns, List<@Nullable Object>... rows) {
        StatisticsCollector collector = new StatisticsCollector(schema, maxColumns);
        add(collector, schema, rows);
        return collector.result().json(schema);
    }

    @SafeVarargs
    private void add(StatisticsCollector collector, StructType schema, List<@Nullable Object>... rows) {
        try (ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
            for (List<@Nullable Object> row : rows) {
                builder.add(row);
            }
            try (Chunk chunk = builder.build()) {
                collector.add(chunk);
            }
        }
    }

    private static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private static Slice text(String text) {
        return Slice.utf8(text);
    }
}
