package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows looked up elsewhere. Closing the session asserts that nothing has leaked.
class LookupJoinTest {
    private static final StructType CUSTOMERS = StructType.fromDDL("id int, name string, vip boolean");

    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    private final DataFrame orders = table("n int, id int", row(1, 7), row(2, 8), row(3, 7), row(4, null), row(5, 9));

    private final List<List<Integer>> calls = Collections.synchronizedList(new ArrayList<>());

    /// Knows 7 once and 8 twice.
    private final Lookup customers = Lookup.of("customers", CUSTOMERS, new String[] {"id"}, keys -> {
        calls.add(keys.stream().map(key -> key.getInt(0)).toList());
        return List.of(row(7, "ann", true), row(8, "bob", false), row(8, "eve", null), row(99, "nobody asked", false));
    });

    private DataFrame table(String ddl, Row... rows) {
        return session.createDataFrame(List.of(rows), StructType.fromDDL(ddl));
    }

    private static Row row(@Nullable Object... values) {
        return RowFactory.create(values);
    }

    private static List<String> rows(DataFrame result) {
        return result.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    @Test
    void eachRowGetsWhatIsKnownOfItsKey() {
        assertEquals(
                List.of("[1,7,ann,true]", "[2,8,bob,false]", "[2,8,eve,null]", "[3,7,ann,true]"),
                rows(orders.joinLookup(customers, "inner")));
        assertEquals(
                List.of(
                        "[1,7,ann,true]",
                        "[2,8,bob,false]",
                        "[2,8,eve,null]",
                        "[3,7,ann,true]",
                        "[4,null,null,null]",
                        "[5,9,null,null]"),
                rows(orders.joinLookup(customers, "left")));
    }

    @Test
    void eachKeyIsAskedForOnce() {
        assertEquals(4, orders.joinLookup(customers, "inner").collectAsList().size());
        assertEquals(List.of(List.of(7, 8, 9)), calls);
        calls.clear();
        rows(orders.joinLookup(customers.calls(2, 1), "inner"));
        assertEquals(
                List.of(2, 1),
                calls.stream().map(List::size).sorted((a, b) -> b - a).toList());
    }

    @Test
    void onlyRowsThatAreLeftAreLookedUpAndColumnsThatAreUsedComeOut() {
        assertEquals(
                List.of("[ann]"),
                rows(orders.joinLookup(customers, "left").filter("n = 3").select("name")));
        assertEquals(List.of(List.of(7)), calls);
        assertEquals(
                List.of("[2]"),
                rows(orders.joinLookup(customers, "inner").filter("NOT vip").select("n")));
    }

    @Test
    void keysMayBeExpressionsThatFitTheLookup() {
        DataFrame texts = table("id string, k tinyint", row("x", (byte) 3));
        assertEquals(
                List.of("[x,3,bob,false]", "[x,3,eve,null]"),
                rows(texts.joinLookup(customers, new Column[] {col("k").plus(5).cast("short")}, "inner")));
    }

    @Test
    void zerosOfEitherSignAreOneKey() {
        DataFrame numbers = table("n int, x double", row(1, -0.0), row(2, 0.0), row(3, Double.NaN));
        List<Double> asked = Collections.synchronizedList(new ArrayList<>());
        Lookup known = Lookup.of("known", StructType.fromDDL("x double, name string"), new String[] {"x"}, keys -> {
            keys.forEach(key -> asked.add(key.getDouble(0)));
            return keys.stream()
                    .map(key -> row(key.getDouble(0) == 0.0 ? -0.0 : key.getDouble(0), "of " + key.getDouble(0)))
                    .toList();
        });
        assertEquals(
                List.of("[1,of 0.0]", "[2,of 0.0]", "[3,of NaN]"),
                rows(numbers.joinLookup(known, "left").select("n", "name")));
        assertEquals(List.of(0.0, Double.NaN), asked);
    }

    @Test
    void callsAreMadeAtTheSameTime() {
        CyclicBarrier both = new CyclicBarrier(2);
        Lookup slow = Lookup.of("slow", CUSTOMERS, new String[] {"id"}, keys -> {
                    both.await(300, TimeUnit.SECONDS);
                    return List.of(row(keys.getFirst().getInt(0), "found", true));
                })
                .calls(1, 2)
                .retries(0, Duration.ZERO)
                .timeout(Duration.ofSeconds(300));
        assertEquals(
                3,
                orders.filter("id < 9")
                        .joinLookup(slow, "inner")
                        .collectAsList()
                        .size());
    }

    @Test
    void theSourcesOwnTimeoutIsTold() {
        Lookup impatient = Lookup.of("impatient", CUSTOMERS, new String[] {"id"}, _ -> {
                    throw new TimeoutException("the pool gave no connection in 5 s");
                })
                .retries(0, Duration.ZERO);
        assertFails(
                "[LOOKUP_FAILED] The lookup 'impatient' has failed for the key '[7]': the pool gave no connection in 5 s."
                        + " A stream that is started again asks again; onFailure(NULLS) gives such rows nulls.",
                () -> orders.joinLookup(impatient, "inner").collectAsList());
    }

    @Test
    void aCallThatTakesTooLongIsInterruptedAndMadeAgain() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        Lookup slow = Lookup.of("slow", CUSTOMERS, new String[] {"id"}, keys -> {
                    if (tries.getAndIncrement() == 0) {
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException expected) {
                            interrupted.countDown();
                            throw expected;
                        }
                    }
                    return List.of(row(7, "ann", true));
                })
                .timeout(Duration.ofMillis(200))
                .retries(100, Duration.ofMillis(1));
        assertEquals(List.of("[1,7,ann,true]", "[3,7,ann,true]"), rows(orders.joinLookup(slow, "inner")));
        assertTrue(interrupted.await(300, TimeUnit.SECONDS));
        assertTrue(tries.get() >= 2, tries::toString);
    }

    /// As by a program that runs its queries by `CompletableFuture.supplyAsync`: the pool has one thread on two cores.
    @Test
    void aPauseBetweenTriesNeedsNoThreadOfTheCommonPool() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        int threads = ForkJoinPool.getCommonPoolParallelism();
        CountDownLatch taken = new CountDownLatch(threads);
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < threads; i++) {
            ForkJoinPool.commonPool().execute(() -> {
                taken.countDown();
                // Not ForkJoinPool's own way to wait, for which it would start another thread.
                while (over.getCount() > 0) {
                    LockSupport.parkNanos(1_000_000);
                }
            });
        }
        taken.await();
        try {
            Lookup broken = failing(tries).retries(2, Duration.ofMillis(1)).onFailure(Lookup.Failure.NULLS);
            assertEquals(4, rows(orders.joinLookup(broken, "inner")).size());
        } finally {
            over.countDown();
        }
        assertEquals(3, tries.get());
    }

    @Test
    void ofAQueryThatIsCancelledNothingElseIsAsked() throws InterruptedException {
        CountDownLatch asking = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        Lookup slow = Lookup.of("slow", CUSTOMERS, new String[] {"id"}, keys -> {
                    asked.incrementAndGet();
                    asking.countDown();
                    new CountDownLatch(1).await();
                    return List.of();
                })
                .calls(1, 1);
        CompletableFuture<Void> query = CompletableFuture.runAsync(() -> session.range(1_000)
                .selectExpr("cast(id AS int) AS id")
                .joinLookup(slow, "left")
                .collectAsList());
        assertTrue(asking.await(300, TimeUnit.SECONDS));
        session.interruptAll();
        ExecutionException failed = assertThrows(ExecutionException.class, query::get);
        assertTrue(failed.getCause().getMessage().startsWith("[QUERY_CANCELLED]"), failed::toString);
        // The threads of the other keys, for which nobody waits, have their turns.
        Thread.sleep(100);
        assertEquals(1, asked.get());
    }

    private static Lookup failing(AtomicInteger tries) {
        return Lookup.of("broken", CUSTOMERS, new String[] {"id"}, keys -> {
            tries.incrementAndGet();
            throw new java.io.IOException("no route");
        });
    }

    @Test
    void aLookupThatFailsFailsTheQuery() {
        AtomicInteger tries = new AtomicInteger();
        QueryException failed = assertThrows(
                QueryException.class,
                () -> orders.joinLookup(failing(tries).retries(2, Duration.ofMillis(1)), "inner")
                        .collectAsList());
        assertEquals(
                "[LOOKUP_FAILED] The lookup 'broken' has failed for the key '[7]', also when tried again: no route. A stream"
                        + " that is started again asks again; onFailure(NULLS) gives such rows nulls.",
                failed.getMessage());
        assertEquals(3, tries.get());
        Lookup never = Lookup.of("never", CUSTOMERS, new String[] {"id"}, keys -> {
                    new CountDownLatch(1).await();
                    return List.of();
                })
                .timeout(Duration.ofMillis(20))
                .retries(0, Duration.ZERO);
        failed = assertThrows(
                QueryException.class, () -> orders.joinLookup(never, "inner").collectAsList());
        assertEquals(
                "[LOOKUP_FAILED] The lookup 'never' has failed for the key '[7]': no answer within 20 ms. A stream that is"
                        + " started again asks again; onFailure(NULLS) gives such rows nulls.",
                failed.getMessage());
    }

    @Test
    void anAnswerThatIsWrongIsNotAskedForAgain() {
        AtomicInteger tries = new AtomicInteger();
        Lookup wrong = Lookup.of("wrong", CUSTOMERS, new String[] {"id"}, keys -> {
            tries.incrementAndGet();
            return List.of(row("seven", "ann", true));
        });
        QueryException failed = assertThrows(
                QueryException.class, () -> orders.joinLookup(wrong, "inner").collectAsList());
        assertEquals("INVALID_ROW_VALUE", failed.code());
        assertEquals(1, tries.get());
    }

    @Test
    void anAnswerThatIsWrongFailsEvenWhereFailuresGiveNulls() {
        Lookup wrong = Lookup.of("wrong", CUSTOMERS, new String[] {"id"}, _ -> List.of(row("seven", "ann", true)))
                .onFailure(Lookup.Failure.NULLS);
        assertEquals(
                "INVALID_ROW_VALUE",
                assertThrows(QueryException.class, () -> rows(orders.joinLookup(wrong, "left")))
                        .code());
    }

    @Test
    void orGivesNullsWhateverTheType() {
        Lookup broken = failing(new AtomicInteger()).retries(0, Duration.ZERO).onFailure(Lookup.Failure.NULLS);
        assertEquals(
                List.of("[1,7,null,null]", "[2,8,null,null]", "[3,7,null,null]", "[5,9,null,null]"),
                rows(orders.joinLookup(broken, "inner")));
        assertEquals(5, rows(orders.joinLookup(broken, "left")).size());
    }

    @Test
    void aDatabaseIsAskedForTheKeysOnly(@TempDir Path folder) throws SQLException {
        String url = "jdbc:duckdb:" + folder.resolve("db");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE customers (id INTEGER, region VARCHAR, \"full name\" VARCHAR, born DATE)");
            statement.execute("INSERT INTO customers VALUES (7, 'eu', 'Ann', DATE '2000-02-29'), (7, 'us', 'Al', NULL),"
                    + " (8, 'eu', 'Bob', NULL)");
            DataFrame customers = session.read()
                    .format("jdbc")
                    .option("url", url)
                    .option("dbtable", "customers")
                    .load();
            assertEquals(
                    List.of("[1,7,eu,Ann,2000-02-29]", "[1,7,us,Al,null]", "[2,8,eu,Bob,null]"),
                    rows(orders.filter("n < 3").joinLookup(Lookup.of(customers, "id"), "inner")));
            assertEquals(
                    List.of("[1,7,eu,Ann,2000-02-29]", "[2,8,eu,Bob,null]", "[5,9,eu,null,null]"),
                    rows(orders.filter("n IN (1, 2, 5)")
                            .withColumn("region", expr("'eu'"))
                            .joinLookup(Lookup.of(customers, "id", "region"), "left")));
            statement.execute("DROP TABLE customers");
            QueryException failed = assertThrows(
                    QueryException.class,
                    () -> orders.joinLookup(Lookup.of(customers, "id").retries(0, Duration.ZERO), "inner")
                            .collectAsList());
            assertTrue(
                    String.valueOf(failed.getMessage())
                            .startsWith(
                                    "[LOOKUP_FAILED] The lookup 'jdbc customers' has failed for the key '[7]':"
                                            + " [JDBC_FAILED] format(\"jdbc\") customers: the database refuses to look rows up: "),
                    () -> String.valueOf(failed.getMessage()));
        }
    }

    @Test
    void explainShowsTheLookup() {
        String plan = orders.joinLookup(customers, "left").explainString("simple");
        assertTrue(plan.contains("LookupJoin LEFT_OUTER customers by [id]"), plan);
        assertFalse(plan.contains("HashJoin"), plan);
    }

    @Test
    void mistakesAreReported() {
        assertFails(
                "[LOOKUP_JOIN_TYPE] A lookup join can't be FULL_OUTER: it is inner or left, because only the rows of the left"
                        + " side are looked up.",
                () -> orders.joinLookup(customers, "full"));
        assertFails(
                "[LOOKUP_KEY] The lookup 'customers' has the keys [id], but 2 columns were given.",
                () -> orders.joinLookup(customers, new Column[] {col("id"), col("n")}, "inner"));
        assertFails(
                "[LOOKUP_KEY] 'name' is string, but the key 'id' of the lookup 'customers' is int. Cast it.",
                () -> table("name string").joinLookup(customers, new Column[] {col("name")}, "inner"));
        assertFails(
                "[LOOKUP_KEY] The lookup 'x' has no key: give at least one column.",
                () -> Lookup.of("x", CUSTOMERS, new String[0], keys -> List.of()));
        assertFails(
                "[UNRESOLVED_COLUMN] 'key' is not a column of the lookup 'x', which has id, name, vip.",
                () -> Lookup.of("x", CUSTOMERS, new String[] {"key"}, keys -> List.of()));
        assertFails(
                "[UNSUPPORTED_LOOKUP] Lookup.of takes a table that can be asked for single keys, as read().format(\"jdbc\")"
                        + " gives it, as it is: no filters, no selected columns. Join with other DataFrames, which are read"
                        + " as a whole.",
                () -> Lookup.of(orders, "id"));
        assertFails(
                "[INVALID_LOOKUP] calls(…) of a lookup takes numbers from 1 on, and was given '0'.",
                () -> customers.calls(0, 1));
    }
}
