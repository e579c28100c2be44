package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.array_contains;
import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Fields of structs, within arrays and other structs: taken, dropped, and brought into a schema.
class NestedColumnsTest {
    @AutoClose
    private final Session session = Session.builder().master("local[1]").create();

    private DataFrame orders() {
        return session.sql("""
                SELECT array(named_struct('sku', 'a', 'at', named_struct('shelf', 1)), NULL) AS items,
                    named_struct('lines', array(named_struct('n', 2))) AS more,
                    CAST(NULL AS ARRAY<STRUCT<n: INT>>) AS nothing""");
    }

    @Test
    void aFieldOfAnArrayOfStructsIsTheArrayOfTheFields() {
        DataFrame fields = orders().select(
                        col("items.sku"),
                        col("items").getField("SKU").as("again"),
                        col("items.at.shelf"),
                        col("more.lines.n"),
                        col("nothing.n").as("none"));

        assertEquals(
                "sku ARRAY<STRING>,again ARRAY<STRING>,shelf ARRAY<INT>,n ARRAY<INT>,none ARRAY<INT>",
                fields.schema().toDDL().replace(" NOT NULL", ""));
        assertEquals("[[a, null],[a, null],[1, null],[2],null]", fields.first().toString());
        assertEquals(
                "[[a, null],true,[1]]",
                orders().selectExpr(
                                "items['sku']",
                                "array_contains(items.sku, 'a')",
                                "filter(items.at.shelf, n -> n = size(items.sku) - 1)")
                        .first()
                        .toString());
        assertEquals(1, orders().filter(array_contains(col("items.sku"), "a")).count());
        assertFails(
                "[FIELD_NOT_FOUND] 'sk' is not a field of items, which has sku, at. Did you mean 'sku'?",
                () -> orders().select("items.sk"));
    }

    @Test
    void fieldsWithinFieldsAreDropped() {
        DataFrame frame = session.sql("SELECT named_struct('a', named_struct('b', 1, 'c', 2), 'd', 3) AS s");

        assertEquals("[[[2],3]]", text(frame.select(col("s").dropFields("a.B"))));
        assertEquals("[[3]]", text(frame.select(col("s").dropFields("a.x", "a"))));
        assertEquals("[[[1,2],3]]", text(frame.select(col("s").dropFields("x.b", "a.x"))));
        assertEquals(
                "[null]",
                text(frame.select(
                        dev.headrace.functions.when(lit(false), col("s")).dropFields("a.b"))));
        assertFails(
                "[CANNOT_DROP_ALL_FIELDS] dropFields would leave nothing of 'struct(s.a)', which is"
                        + " struct<a:struct<b:int,c:int>>.",
                () -> frame.select(col("s").dropFields("d", "a")));
    }

    private static String text(DataFrame frame) {
        return frame.first().toString();
    }

    @Test
    void aSchemaFindsFieldsByNameAndFillsWhatIsMissing() {
        DataFrame frame = session.sql("SELECT 1 AS a, 'x' AS b, named_struct('p', 1, 'q', 2) AS s");

        assertEquals(
                "[x,[2,1,null],1,null]",
                frame.to(StructType.fromDDL("B string, s struct<q: int, p: bigint, r: date>, a bigint, n string"))
                        .first()
                        .toString());
        assertFails(
                "[INVALID_COLUMN_OR_FIELD_DATA_TYPE] to(…): 'b' is string, but the schema has int, which is not made of that by"
                        + " itself. Cast it first.",
                () -> frame.to(StructType.fromDDL("b int")));
        assertFails(
                "[UNRESOLVED_COLUMN] to(…): there is no 'n', which the schema says is never null, among a, b, s.",
                () -> frame.to(new StructType().add("n", DataTypes.IntegerType, false)));
        assertFails(
                "[NULLABLE_COLUMN_OR_FIELD] to(…): the column 'a' may be null, but the schema says that it never is. Fill nulls"
                        + " with coalesce or na().fill(…) first, or let it be nullable.",
                () -> session.sql("SELECT CAST(NULL AS INT) AS a")
                        .to(new StructType().add("a", DataTypes.IntegerType, false)));
    }
}
