package dev.headrace;

import static dev.headrace.functions.array;
import static dev.headrace.functions.col;
import static dev.headrace.functions.from_csv;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.product;
import static dev.headrace.functions.schema_of_csv;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Methods that are here because Spark has them. Closing the session asserts that nothing has leaked.
class SparkMethodsTest {
    private final Session session = Session.builder().master("local[2]").create();

    @AfterEach
    void nothingLeaks() {
        session.close();
        assertFalse(session.isUsable());
    }

    private static String rows(DataFrame frame) {
        return frame.collectAsList().toString();
    }

    // ---- Tags

    private CompletableFuture<Long> endless(String tag) {
        // Threads of their own: a pool may have only one.
        return CompletableFuture.supplyAsync(
                () -> {
                    session.addTag(tag);
                    return session.range(Long.MAX_VALUE / 4)
                            .filter("id > 5")
                            .groupBy()
                            .count()
                            .head()
                            .getLong(0);
                },
                task -> Thread.ofPlatform().start(task));
    }

    private static String failure(CompletableFuture<Long> query) {
        return assertThrows(CompletionException.class, query::join).getCause().getMessage();
    }

    @Test
    void queriesAreInterruptedByTag() {
        CompletableFuture<Long> first = endless("first");
        CompletableFuture<Long> second = endless("second");
        while (session.interruptTag("second").isEmpty()) {
            Thread.onSpinWait();
        }
        assertTrue(failure(second).startsWith("[QUERY_CANCELLED]"));
        assertEquals(List.of(), session.interruptTag("second"));
        List<String> ids = List.of();
        while (ids.isEmpty()) {
            ids = session.interruptTag("first");
        }
        assertTrue(failure(first).startsWith("[QUERY_CANCELLED]"));
        assertEquals(List.of(), session.interruptOperation(ids.getFirst()));
    }

    @Test
    void tagsAreOfTheThreadAndTakenAway() {
        session.addTag("a");
        session.addTag("b");
        session.removeTag("a");
        assertEquals(Set.of("b"), session.getTags());
        session.clearTags();
        assertEquals(Set.of(), session.getTags());
        assertEquals(
                "[INVALID_TAG] 'a,b' is no tag of queries: it must have a character, and no comma.",
                assertThrows(QueryException.class, () -> session.addTag("a,b")).getMessage());
    }

    // ---- Rows and columns

    @Test
    void tableFunctionsGiveTables() {
        assertTrue(session.isUsable());
        assertEquals("[[1], [2]]", rows(session.tvf().explode(array(lit(1), lit(2)))));
        assertEquals("[[0,5]]", rows(session.tvf().posexplode(array(lit(5)))));
        assertEquals("[[1,2], [3,4]]", rows(session.tvf().stack(lit(2), lit(1), lit(2), lit(3), lit(4))));
        assertEquals("[[3], [4]]", rows(session.tvf().range(3, 5)));
        assertEquals("[[1,2]]", rows(session.tvf().json_tuple(lit("{\"a\":1,\"b\":2}"), lit("a"), lit("b"))));
    }

    @Test
    void theSchemaOfCsvMayBeAColumn() {
        Column csv = lit("1;x");
        Map<String, String> options = Map.of("sep", ";");
        Column schema = schema_of_csv(csv, options);
        assertEquals("[[[1,x]]]", rows(session.range(1).select(from_csv(csv, schema, options))));
        assertEquals("[[[1,x]]]", rows(session.range(1).select(from_csv(csv, lit("a INT, b STRING"), options))));
    }

    @Test
    void objectsTellTheirEncoderAndBuildersTakeMaps() {
        assertEquals(
                String.class,
                session.createDataset(List.of("a"), Encoders.STRING()).encoder().clazz());
        try (Session built =
                Session.builder().config(Map.of("a.b", 1, "c", true)).create()) {
            assertEquals("1", built.conf().get("a.b"));
            assertEquals("true", built.conf().get("c"));
        }
    }

    @Test
    void rowsBecomeColumns() {
        DataFrame sales = session.sql("VALUES ('b', 1, 2.5), ('a', 3, NULL), (NULL, 9, 9.0) AS t(shop, mugs, tea)");
        assertEquals(
                "[key: string, a: decimal(11,1), b: decimal(11,1)]",
                sales.transpose().toString());
        assertEquals("[[mugs,3.0,1.0], [tea,null,2.5]]", rows(sales.transpose()));
        assertEquals("[[tea,2.5]]", rows(sales.filter("mugs = 1").drop("shop").transpose(col("mugs"))));
        assertEquals("[[tea,2.5]]", rows(sales.filter("mugs = 1").drop("shop").transpose(col("MUGS"))));
        assertEquals("[[mugs], [tea]]", rows(sales.filter("mugs = 0").transpose()));
        assertEquals(
                "[TRANSPOSE_NO_LEAST_COMMON_TYPE] transpose: 'shop' is a text and 'tea' is not, so their values can't stand in"
                        + " one column. Cast one to the type of the other.",
                assertThrows(QueryException.class, () -> sales.transpose(col("mugs")))
                        .getMessage());
        assertEquals(
                "[TRANSPOSE_EXCEED_ROW_LIMIT] transpose: there are more than 500 rows, each of which would be a column."
                        + " Filter or aggregate them first.",
                assertThrows(QueryException.class, () -> session.range(501).transpose())
                        .getMessage());
        assertEquals(
                "[TRANSPOSE_INVALID_INDEX_COLUMN] transpose: the index 'a' is of type array<int>, whose values can't name"
                        + " columns. Choose another one.",
                assertThrows(
                                QueryException.class,
                                () -> session.sql("SELECT array(1) AS a").transpose())
                        .getMessage());
    }

    @Test
    void allColumnsButSomeBecomeRows() {
        DataFrame sales = session.sql("VALUES ('a', 3, 4) AS t(shop, mugs, tea)");
        assertEquals("[[a,mugs,3], [a,tea,4]]", rows(sales.unpivot(new Column[] {col("shop")}, "what", "sold")));
        assertEquals("[[a,mugs,3], [a,tea,4]]", rows(sales.unpivot(new Column[] {col("SHOP")}, "what", "sold")));
        assertEquals("[[a,mugs,3], [a,tea,4]]", rows(sales.melt(new Column[] {col("shop")}, "what", "sold")));
    }

    @Test
    void productsAreDoubles() {
        assertEquals(
                "[[120.0,null]]",
                rows(session.range(1, 6)
                        .agg(product(col("id")), product(lit(null).cast("double")))));
        assertEquals(
                "[[0,8.0], [1,15.0]]",
                rows(session.range(1, 6)
                        .groupBy(col("id").mod(2).as("odd"))
                        .agg(product(col("id")))
                        .sort("odd")));
    }

    @Test
    void schemasArePrintedDownToALevel() {
        DataFrame nested = session.sql("SELECT named_struct('x', array(1)) AS s");
        assertEquals(
                "root\n |-- s: struct (nullable = false)\n", nested.schema().treeString(1));
        assertEquals(
                "root\n |-- s: struct (nullable = false)\n |    |-- x: array (nullable = false)\n",
                nested.schema().treeString(2));
        assertEquals(nested.schema().treeString(), nested.schema().treeString(0));
    }

    @Test
    void samplesAreWithoutReplacement() {
        assertEquals(10, session.range(10).sample(false, 1.0).count());
        assertEquals(
                "[SAMPLE_WITH_REPLACEMENT] sample(true, …): rows are chosen by their hash, none of them twice. Use"
                        + " sample(fraction).",
                assertThrows(QueryException.class, () -> session.range(10).sample(true, 0.5))
                        .getMessage());
    }

    @Test
    void valuesAreLookedUpInAnyIterable() {
        Iterable<Integer> values = List.of(1, 3)::iterator;
        assertEquals("[[1], [3]]", rows(session.range(5).filter(col("id").isInCollection(values))));
    }

    @Test
    void queriesOfTheSameMeaningAreKnown() {
        DataFrame large = session.range(10).filter("id > 5");
        assertTrue(large.sameSemantics(session.range(10).where(col("id").gt(5))));
        assertEquals(
                large.semanticHash(), session.range(10).where(col("id").gt(5)).semanticHash());
        assertFalse(large.sameSemantics(session.range(10).filter("id > 6")));
    }
}
