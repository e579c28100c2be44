package dev.headrace.delta.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Slice;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStatisticsTest {
    @Test
    void whatIsWrittenIsWhatOtherWritersWrite() {
        StructType schema = StructType.fromDDL(
                "id bigint, day date, at timestamp, price decimal(10,2), s struct<name: string, ok: boolean>, l array<int>");
        Map<String, ColumnStatistics> fields = new LinkedHashMap<>();
        fields.put("name", leaf(Slice.utf8("ann"), Slice.utf8("bob"), 1));
        fields.put("ok", new ColumnStatistics.Leaf(Optional.empty(), Optional.empty(), OptionalLong.of(0)));
        Map<String, ColumnStatistics> columns = new LinkedHashMap<>();
        columns.put("id", leaf(-3L, 4L, 0));
        columns.put("day", leaf(20_000, 20_001, 0));
        columns.put("at", leaf(1_700_000_000_123_456L, 1_700_000_000_123_456L, 0));
        columns.put("price", leaf(new BigDecimal("-0.10"), new BigDecimal("12345678.90"), 2));
        columns.put("s", new ColumnStatistics.Struct(fields));

        String json = new FileStatistics(OptionalLong.of(3), columns).json(schema);

        assertEquals(
                "{\"numRecords\":3,\"minValues\":{\"id\":-3,\"day\":\"2024-10-04\",\"at\":\"2023-11-14T22:13:20.123Z\","
                        + "\"price\":-0.10,\"s\":{\"name\":\"ann\"}},\"maxValues\":{\"id\":4,\"day\":\"2024-10-05\","
                        + "\"at\":\"2023-11-14T22:13:20.124Z\",\"price\":12345678.90,\"s\":{\"name\":\"bob\"}},"
                        + "\"nullCount\":{\"id\":0,\"day\":0,\"at\":0,\"price\":2,\"s\":{\"name\":1,\"ok\":0}}}",
                json);
    }

    @Test
    void whatIsReadIsNeverNarrowerThanWhatWasWritten() {
        StructType schema =
                StructType.fromDDL("t timestamp, n timestamp_ntz, f float, d double, p decimal(38,18), s string");
        Map<String, ColumnStatistics> columns = new LinkedHashMap<>();
        columns.put("t", leaf(-1L, 1L, 0));
        columns.put("n", leaf(-62_135_596_800_000_001L, 253_402_300_800_000_001L, 0));
        columns.put("f", leaf(-0.1f, 1e30f, 0));
        columns.put("d", leaf(-0.0, 0.1, 0));
        columns.put("p", leaf(new BigDecimal("-1E-18"), new BigDecimal("99999999999999999999.999999999999999999"), 0));
        columns.put("s", leaf(Slice.utf8("a".repeat(40)), Slice.utf8("z".repeat(40)), 0));

        FileStatistics read =
                FileStatistics.read(Optional.of(new FileStatistics(OptionalLong.of(2), columns).json(schema)), schema);

        assertEquals(leaf(-1000L, 1999L, 0), read.columns().get("t"));
        assertEquals(
                leaf(-62_135_596_800_001_000L, 253_402_300_800_001_999L, 0),
                read.columns().get("n"));
        assertEquals(columns.get("f"), read.columns().get("f"));
        assertEquals(leaf(0.0, (double) 0.1f, 0), read.columns().get("d"));
        assertEquals(
                leaf(new BigDecimal("-1E-18"), new BigDecimal("99999999999999999999.999999999999999999"), 0),
                read.columns().get("p"));
        assertEquals(
                leaf(Slice.utf8("a".repeat(32)), Slice.utf8("z".repeat(32) + "\u007f"), 0),
                read.columns().get("s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"z", "é", "\u007f", "\uffff", "\ud83d\ude00", "\udbff\udffe"})
    void aLongTextIsBelowItsMaximum(String next) {
        Slice text = Slice.utf8("ж".repeat(32) + next + "tail");

        Optional<Object> max = written(text);

        assertTrue(((Slice) max.orElseThrow()).compareTo(text) > 0);
    }

    @Test
    void aTextThatNothingIsAboveHasNoMaximum() {
        assertEquals(Optional.empty(), written(Slice.utf8("a".repeat(32) + "\udbff\udfff" + "z")));
    }

    @Test
    void bytesThatAreNotUtf8HaveNoBounds() {
        assertEquals(Optional.empty(), written(Slice.of(new byte[] {(byte) 0xff})));
    }

    private static Optional<Object> written(Slice max) {
        StructType schema = StructType.fromDDL("s string");
        String json = new FileStatistics(OptionalLong.of(1), Map.of("s", leaf(max, max, 0))).json(schema);
        return ((ColumnStatistics.Leaf)
                        FileStatistics.read(Optional.of(json), schema).columns().get("s"))
                .max();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{\"minValues\":{\"id\":\"x\"},\"maxValues\":7,\"nullCount\":{\"id\":-0.5}}"})
    void whatIsNotUnderstoodSaysNothing(String stats) {
        FileStatistics read = FileStatistics.read(Optional.of(stats), StructType.fromDDL("id bigint"));

        assertEquals(ColumnStatistics.Leaf.UNKNOWN, read.columns().getOrDefault("id", ColumnStatistics.Leaf.UNKNOWN));
        assertEquals(OptionalLong.empty(), read.rowCount());
    }

    @Test
    void numbersThatAreNoBoundsAreLeftOut() {
        StructType schema = StructType.fromDDL("d double");
        String json = new FileStatistics(OptionalLong.of(1), Map.of("d", leaf(Double.NEGATIVE_INFINITY, Double.NaN, 0)))
                .json(schema);

        assertEquals("{\"numRecords\":1,\"minValues\":{},\"maxValues\":{},\"nullCount\":{\"d\":0}}", json);
    }

    private static ColumnStatistics leaf(Object min, Object max, long nulls) {
        return new ColumnStatistics.Leaf(Optional.of(min), Optional.of(max), OptionalLong.of(nulls));
    }
}
