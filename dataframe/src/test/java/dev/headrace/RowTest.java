package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RowTest {
    private static final StructType SCHEMA = StructType.fromDDL(
            "b boolean, i int, l bigint, d double, s string, dec decimal(10,2), bin binary, day date, t timestamp,"
                    + " n timestamp_ntz, a array<int>, m map<string,int>, r struct<x: int, y: string>, f float, sh smallint,"
                    + " by tinyint");
    private static final Instant TIME = Instant.parse("2026-01-31T10:00:00.123456Z");

    @AutoClose
    private final Session session = Session.builder().master("local[1]").create();

    private Row roundTrip() {
        Row row = RowFactory.create(
                true,
                1,
                2L,
                3.5,
                "text",
                new BigDecimal("1.25"),
                new byte[] {1, 2},
                LocalDate.of(2026, 1, 31),
                TIME,
                LocalDateTime.of(2026, 1, 31, 10, 0),
                Arrays.asList(1, null),
                Map.of("k", 7),
                RowFactory.create(5, "five"),
                0.5f,
                (short) 9,
                (byte) 8);
        return session.createDataFrame(List.of(row), SCHEMA).first();
    }

    @Test
    void gettersGiveValuesOfAllTypes() {
        Row row = roundTrip();
        assertTrue(row.getBoolean(0));
        assertEquals(1, row.getInt(1));
        assertEquals(2L, row.getLong(2));
        assertEquals(3.5, row.getDouble(3));
        assertEquals("text", row.getString(4));
        assertEquals(new BigDecimal("1.25"), row.getDecimal(5));
        assertEquals(2, row.<byte[]>getAs("bin")[1]);
        assertEquals(Arrays.asList(1, null), row.getList(10));
        assertEquals(Map.of("k", 7), row.getMap(11));
        assertEquals("five", row.getStruct(12).getString(1));
        assertEquals(5, row.getStruct(12).<Integer>getAs("x"));
        assertEquals(0.5f, row.getFloat(13));
        assertEquals(9, row.getShort(14));
        assertEquals(8, row.getByte(15));
        assertEquals(SCHEMA, row.schema());
        assertEquals(4, row.fieldIndex("s"));
    }

    @Test
    void datesAndTimesComeAsInSparkByDefault() {
        Row row = roundTrip();
        assertEquals(Date.valueOf("2026-01-31"), row.get(7));
        assertEquals(Timestamp.from(TIME), row.get(8));
        assertEquals(LocalDateTime.of(2026, 1, 31, 10, 0), row.get(9));
        assertEquals(LocalDate.of(2026, 1, 31), row.getLocalDate(7));
        assertEquals(TIME, row.getInstant(8));
    }

    @Test
    void datesAndTimesComeAsJavaTimeIfAskedFor() {
        session.conf().set("spark.sql.datetime.java8API.enabled", true);
        Row row = roundTrip();
        assertInstanceOf(LocalDate.class, row.get(7));
        assertEquals(TIME, row.get(8));
        assertEquals(Date.valueOf("2026-01-31"), row.getDate(7));
        assertEquals(Timestamp.from(TIME), row.getTimestamp(8));
    }

    @Test
    void nullsAreNullButNotForPrimitives() {
        Row row = session.createDataFrame(List.of(RowFactory.create((Object) null)), StructType.fromDDL("n int"))
                .first();
        assertTrue(row.isNullAt(0));
        assertTrue(row.anyNull());
        assertNull(row.get(0));
        assertNull(row.getString(0));
        assertFails(
                "[ROW_VALUE_IS_NULL] Column 0 'n' (int) is null and can't be given as Integer. Ask isNullAt(0) first.",
                () -> row.getInt(0));
    }

    @Test
    void wrongGettersAreReported() {
        Row row = RowFactory.create("text");
        assertFails("[ROW_VALUE_TYPE] Column 0 holds a String, not a Long.", () -> row.getLong(0));
        assertFails("[ROW_INDEX] There is no column 1 in a row of 1.", () -> row.get(1));
        assertFails(
                "[UNSUPPORTED_OPERATION] Row.fieldIndex(\"x\"): the row has no schema, since it was made by hand. Ask by"
                        + " number.",
                () -> row.getAs("x"));
        assertFails(
                "[FIELD_NOT_FOUND] 'it' is not a field of struct<id:bigint>. Did you mean 'id'?",
                () -> session.range(1).toDF("id").first().getAs("it"));
    }

    @Test
    void rowsAreEqualWhenTheirValuesAre() {
        assertEquals(RowFactory.create(1, new byte[] {1}), RowFactory.create(1, new byte[] {1}));
        assertEquals(
                RowFactory.create(1, new byte[] {1}).hashCode(),
                RowFactory.create(1, new byte[] {1}).hashCode());
        assertNotEquals(RowFactory.create(1), RowFactory.create(1L));
        assertNotEquals(RowFactory.create(1), RowFactory.create(1, 2));
        assertEquals(session.range(1).first(), RowFactory.create(0L));
    }

    @Test
    void rowsHaveATextForm() {
        Row row = RowFactory.create(1, null, RowFactory.create("a", 2.0));
        assertEquals("[1,null,[a,2.0]]", row.toString());
        assertEquals("1null[a,2.0]", row.mkString());
        assertEquals("1; null; [a,2.0]", row.mkString("; "));
    }

    @Test
    void valuesThatDontFitTheirColumnAreReported() {
        assertFails(
                "[INVALID_ROW_VALUE] createDataFrame(…): row 1, column 'n' is 'x' of class java.lang.String, which is no"
                        + " int.",
                () -> frame("n int", RowFactory.create(1), RowFactory.create("x")));
        assertFails(
                "[INVALID_ROW_VALUE] createDataFrame(…): row 0, column 'n' is '300' of class java.lang.Integer, which is no"
                        + " tinyint.",
                () -> frame("n tinyint", RowFactory.create(300)));
        assertFails(
                "[INVALID_ROW_VALUE] createDataFrame(…): row 0, column 'n' is null, but the schema says that it never is.",
                () -> frame("n int not null", RowFactory.create((Object) null)));
        assertFails(
                "[INVALID_ROW_VALUE] createDataFrame(…): row 0 has 2 values, but the schema has 1 columns: n INT.",
                () -> frame("n int", RowFactory.create(1, 2)));
        assertFails(
                "[INVALID_ROW_VALUE] createDataFrame(…): row 0, column 'a', element 1 is '2.5' of class java.lang.Double,"
                        + " which is no int.",
                () -> frame("a array<int>", RowFactory.create(List.of(1, 2.5))));
    }

    @Test
    void wholeNumbersFitWiderColumnsAndArraysMayBeJavas() {
        Row row = frame(
                        "l bigint, d double, dec decimal(5,1), a array<string>",
                        RowFactory.create(1, 0.5f, 3L, new String[] {"x"}))
                .first();
        assertEquals(RowFactory.create(1L, 0.5, new BigDecimal("3.0"), List.of("x")), row);
        assertFalse(row.anyNull());
    }

    private DataFrame frame(String ddl, Row... rows) {
        return session.createDataFrame(List.of(rows), StructType.fromDDL(ddl));
    }
}
