package dev.headrace.delta.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FileFilterTest {
    private static final StructType SCHEMA = StructType.fromDDL(
            "id int, price double, name string, day date, amount decimal(10,2), s struct<a: int>, flag boolean, l array<int>");
    private static final AddFile FILE = file("2026-11-20", """
            {"numRecords":10,\
            "minValues":{"id":10,"price":1.5,"name":"f","amount":1.00,"s":{"a":5}},\
            "maxValues":{"id":20,"price":2.5,"name":"k","amount":2.00,"s":{"a":6}},\
            "nullCount":{"id":0,"price":0,"name":10,"amount":3,"s":{"a":0}}}""");

    @Test
    void aFileIsLeftOutOnlyWhenItsBoundsExcludeTheValue() {
        assertReads(compare("id", CompareOp.EQUAL, 10));
        assertReads(compare("id", CompareOp.EQUAL, 20));
        assertSkips(compare("id", CompareOp.EQUAL, 9));
        assertSkips(compare("id", CompareOp.EQUAL, 21));
        assertReads(compare("id", CompareOp.LESS, 11));
        assertSkips(compare("id", CompareOp.LESS, 10));
        assertReads(compare("id", CompareOp.LESS_OR_EQUAL, 10));
        assertSkips(compare("id", CompareOp.LESS_OR_EQUAL, 9));
        assertReads(compare("id", CompareOp.GREATER, 19));
        assertSkips(compare("id", CompareOp.GREATER, 20));
        assertReads(compare("id", CompareOp.GREATER_OR_EQUAL, 20));
        assertSkips(compare("id", CompareOp.GREATER_OR_EQUAL, 21));
        assertReads(compare("id", CompareOp.NOT_EQUAL, 15));
        assertSkips(new BoundExpr.Compare(CompareOp.LESS, literal(30), column("id")));
    }

    @Test
    void aNaNMayLieAboveTheMaximum() {
        assertReads(compare("price", CompareOp.GREATER, 100.0));
        assertReads(compare("price", CompareOp.EQUAL, Double.NaN));
        assertSkips(compare("price", CompareOp.EQUAL, 100.0));
        assertSkips(compare("price", CompareOp.LESS, 1.5));
    }

    @Test
    void nullsAreCounted() {
        assertSkips(new BoundExpr.IsNull(column("id")));
        assertReads(new BoundExpr.Not(new BoundExpr.IsNull(column("id"))));
        assertReads(new BoundExpr.IsNull(column("name")));
        assertSkips(new BoundExpr.Not(new BoundExpr.IsNull(column("name"))));
        assertSkips(compare("name", CompareOp.EQUAL, "g"));
        assertSkips(compare("id", CompareOp.EQUAL, null, DataTypes.IntegerType));
        assertSkips(compare("id", CompareOp.NULL_SAFE_EQUAL, null, DataTypes.IntegerType));
        assertReads(compare("amount", CompareOp.NULL_SAFE_EQUAL, null, new dev.headrace.types.DecimalType(10, 2)));
    }

    @Test
    void predicatesCombineAsInSql() {
        BoundExpr in = compare("id", CompareOp.EQUAL, 15);
        BoundExpr out = compare("id", CompareOp.EQUAL, 99);
        assertReads(new BoundExpr.Or(out, in));
        assertSkips(new BoundExpr.And(out, in));
        assertSkips(new BoundExpr.Or(out, out));
        assertReads(new BoundExpr.Not(in));
        assertSkips(new BoundExpr.Not(compare("id", CompareOp.GREATER, 5)));
        assertReads(new BoundExpr.Not(compare("id", CompareOp.GREATER, 15)));
        assertReads(new BoundExpr.In(column("id"), List.of(Scalar.of(1), Scalar.of(12))));
        assertSkips(new BoundExpr.In(column("id"), List.of(Scalar.of(1), Scalar.of(2))));
        assertSkips(new BoundExpr.Not(
                new BoundExpr.In(column("id"), List.of(Scalar.of(1), new Scalar(null, DataTypes.IntegerType)))));
    }

    @Test
    void partitionValuesAreExact() {
        assertReads(compare("day", CompareOp.EQUAL, LocalDate.parse("2026-11-20")));
        assertSkips(compare("day", CompareOp.NOT_EQUAL, LocalDate.parse("2026-11-20")));
        assertSkips(compare("day", CompareOp.LESS, LocalDate.parse("2026-11-20")));
        assertSkips(new BoundExpr.IsNull(column("day")));
        AddFile inNull = file(null, "{}");
        assertTrue(filter(new BoundExpr.IsNull(column("day"))).mayMatch(inNull));
        assertFalse(filter(compare("day", CompareOp.EQUAL, LocalDate.parse("2026-11-20")))
                .mayMatch(inNull));
    }

    @Test
    void boundsOfNestedFieldsAndWidenedColumnsCount() {
        BoundExpr field = new BoundExpr.GetField(column("s"), 0);
        assertReads(new BoundExpr.Compare(CompareOp.EQUAL, field, literal(5)));
        assertSkips(new BoundExpr.Compare(CompareOp.EQUAL, field, literal(4)));
        BoundExpr wide = new BoundExpr.Cast(column("id"), DataTypes.LongType, CastFailure.ERROR);
        assertSkips(new BoundExpr.Compare(CompareOp.GREATER, wide, literal(20L)));
        assertReads(new BoundExpr.Compare(CompareOp.GREATER, wide, literal(19L)));
        BoundExpr decimal =
                new BoundExpr.Cast(column("id"), new dev.headrace.types.DecimalType(12, 2), CastFailure.ERROR);
        BoundExpr limit =
                new BoundExpr.Literal(new Scalar(new BigDecimal("20.01"), new dev.headrace.types.DecimalType(12, 2)));
        assertSkips(new BoundExpr.Compare(CompareOp.EQUAL, decimal, limit));
    }

    @Test
    void whatIsNotUnderstoodLeavesNothingOut() {
        BoundExpr narrow = new BoundExpr.Cast(column("id"), DataTypes.ByteType, CastFailure.ERROR);
        BoundExpr unknown = new BoundExpr.Compare(CompareOp.EQUAL, narrow, literal((byte) 99));
        assertReads(unknown);
        assertReads(new BoundExpr.Not(unknown));
        assertReads(column("flag"));
        assertReads(new BoundExpr.IsNull(column("l")));
        assertFalse(FileFilter.canUse(unknown));
        assertTrue(FileFilter.canUse(new BoundExpr.And(unknown, compare("id", CompareOp.EQUAL, 1))));
        assertFalse(FileFilter.canUse(new BoundExpr.Or(unknown, compare("id", CompareOp.EQUAL, 1))));
    }

    @Test
    void aFileWithoutStatisticsIsRead() {
        assertTrue(filter(compare("id", CompareOp.EQUAL, 99)).mayMatch(file("2026-11-20", "")));
    }

    @Test
    void whereOnlyThePartitionIsKnownTheRestMayBeAnything() {
        Map<String, @Nullable String> day = FILE.partitionValues();
        assertTrue(filter(compare("id", CompareOp.EQUAL, 99)).mayMatchPartition(day));
        assertFalse(filter(compare("day", CompareOp.GREATER, LocalDate.parse("2026-11-20")))
                .mayMatchPartition(day));
    }

    @Test
    void theTruthValuesOfAPredicateAreThoseOfSql() {
        assertEquals(Truth.NULL, Truth.NULL.and(Truth.TRUE));
        assertEquals(Truth.FALSE, Truth.NULL.and(Truth.FALSE));
        assertEquals(Truth.TRUE, Truth.NULL.or(Truth.TRUE));
        assertEquals(Truth.NULL, Truth.NULL.or(Truth.FALSE));
        assertEquals(Truth.NULL, Truth.NULL.not());
        assertEquals(Truth.ANYTHING, Truth.ANYTHING.and(Truth.ANYTHING));
    }

    private static void assertReads(BoundExpr predicate) {
        assertTrue(filter(predicate).mayMatch(FILE), predicate::toString);
    }

    private static void assertSkips(BoundExpr predicate) {
        assertFalse(filter(predicate).mayMatch(FILE), predicate::toString);
    }

    private static FileFilter filter(BoundExpr predicate) {
        return new FileFilter(List.of(predicate), SCHEMA, List.of("day"), ZoneOffset.UTC);
    }

    private static AddFile file(@Nullable String day, String stats) {
        return new AddFile(
                "f", Commits.fileInDay("f", day).partitionValues(), 1, 1, true, Optional.of(stats), Optional.empty());
    }

    private static BoundExpr column(String name) {
        int ordinal = SCHEMA.fieldIndex(name);
        StructField field = SCHEMA.field(ordinal);
        return new BoundExpr.Column(ordinal, name, field.dataType(), true);
    }

    private static BoundExpr literal(Object value) {
        return new BoundExpr.Literal(Scalar.ofJava(value));
    }

    private static BoundExpr compare(String column, CompareOp op, Object value) {
        return new BoundExpr.Compare(op, column(column), literal(value));
    }

    private static BoundExpr compare(String column, CompareOp op, @Nullable Object value, DataType type) {
        return new BoundExpr.Compare(op, column(column), new BoundExpr.Literal(new Scalar(value, type)));
    }
}
