package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.api.java.function.FilterFunction;
import dev.headrace.errors.HeadraceException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TypedFunctionsTest {
    private Session session;

    record Order(long id, String customer, double amount) {}

    record Line(String text, Long length) {}

    @BeforeEach
    void open() {
        session = Session.builder().getOrCreate();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Dataset<Order> orders() {
        return session.createDataset(
                List.of(new Order(1, "ann", 2.5), new Order(2, "bob", 4), new Order(3, "ann", 1)),
                Encoders.record(Order.class));
    }

    @Test
    void mapMakesOneObjectOfEach() {
        assertEquals(
                List.of(new Line("ann 2.5", 1L), new Line("bob 4.0", 2L), new Line("ann 1.0", 3L)),
                orders().map(o -> new Line(o.customer() + " " + o.amount(), o.id()), Encoders.record(Line.class))
                        .collectAsList());
        assertEquals(
                Arrays.asList("ann", null, "ann"),
                orders().map(o -> o.id() == 2 ? null : o.customer(), Encoders.STRING()).toDF().collectAsList().stream()
                        .map(row -> row.get(0))
                        .toList());
    }

    @Test
    void aReductionThatFailsHoldsNoRows() {
        HeadraceException failed = assertThrows(
                HeadraceException.class,
                () -> orders().reduce((left, right) -> {
                    throw new IllegalStateException("no");
                }));

        assertEquals("USER_FUNCTION_FAILED", failed.code());
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    @Test
    void aKeyOfSeveralColumnsIsNotNull() {
        Dataset<String> keyed = orders().groupByKey(order -> (Line) null, Encoders.record(Line.class))
                .mapGroups((key, values) -> "x", Encoders.STRING());

        HeadraceException failed = assertThrows(HeadraceException.class, keyed::collectAsList);

        assertEquals(
                "[INVALID_ROW_VALUE] a key of groupByKey(…) is null. Only a single value, such as a text, can be null.",
                failed.getMessage());
    }

    @Test
    void theLastRowsAreThoseOfTheLastChunks() {
        assertEquals(
                List.of(199_998L, 199_999L),
                session.range(200_000).as(Encoders.LONG()).tailAsList(2));
        assertEquals(150_000, session.range(200_000).tailAsList(150_000).size());
        assertEquals(
                50_000L, session.range(200_000).tailAsList(150_000).getFirst().getLong(0));
        assertEquals(List.of(), session.range(3).tailAsList(0));
    }

    @Test
    void rowsMayHaveSeveralColumnsOfOneName() {
        DataFrame rows =
                session.sql("SELECT * FROM VALUES (1), (2) AS a(id) JOIN VALUES (2), (3) AS b(id) ON a.id < b.id");

        assertEquals(
                List.of(5, 6, 9),
                rows.map(row -> row.getInt(0) * 3 + row.getInt(1), Encoders.INT()).collectAsList().stream()
                        .sorted()
                        .toList());
        assertEquals(
                List.of("[1,3]", "[2,3]"),
                rows.filter((FilterFunction<Row>) row -> row.getInt(1) == 3).collectAsList().stream()
                        .map(Row::toString)
                        .sorted()
                        .toList());
    }

    @Test
    void aFunctionIsCalledOncePerRow() {
        AtomicInteger calls = new AtomicInteger();
        Dataset<Line> lines = orders().map(
                        o -> {
                            calls.incrementAndGet();
                            return new Line(o.customer(), o.id());
                        },
                        Encoders.record(Line.class));

        assertEquals(
                3,
                lines.toDF()
                        .selectExpr("text", "length", "length + 1")
                        .collectAsList()
                        .size());
        assertEquals(3, calls.get());
    }

    @Test
    void flatMapMakesAnyNumber() {
        assertEquals(
                List.of("ann", "bob", "bob", "ann", "ann", "ann"),
                orders().flatMap(
                                o -> Collections.nCopies((int) o.id(), o.customer())
                                        .iterator(),
                                Encoders.STRING())
                        .collectAsList());
        assertEquals(
                List.of(),
                orders().flatMap(_ -> Collections.<String>emptyIterator(), Encoders.STRING())
                        .collectAsList());
    }

    @Test
    void filterKeepsWhatTheFunctionSays() {
        assertEquals(
                List.of(new Order(2, "bob", 4)),
                orders().filter(o -> o.amount() > 3).collectAsList());
        assertEquals(
                1, session.range(5).filter((Row row) -> row.getLong(0) == 4).count());
    }

    @Test
    void mapPartitionsSeesAllRows() {
        assertEquals(
                List.of(3L),
                orders().mapPartitions(
                                rows -> {
                                    long count = 0;
                                    for (Iterator<Order> i = rows; i.hasNext(); i.next()) {
                                        count++;
                                    }
                                    return List.of(count).iterator();
                                },
                                Encoders.LONG())
                        .collectAsList());
    }

    /// Also where a function leaves some rows of a key unread, or reads two inputs by turns.
    @Test
    void rowsOfAKeyComeInTheirOrder() {
        Dataset<Long> ids = session.range(0, 30_000, 1, 3).as(Encoders.LONG());
        List<String> firsts = ids.groupByKey(id -> id % 9_000, Encoders.LONG())
                .mapGroups(
                        (key, all) -> {
                            String text = key + ": " + all.next() + " " + all.next();
                            return key % 2 == 0 ? text : text + " " + all.next();
                        },
                        Encoders.STRING())
                .collectAsList();
        List<Long> order = new java.util.ArrayList<>();
        List<String> zipped = ids.groupByKey(id -> id % 3, Encoders.LONG())
                .cogroup(
                        session.range(5).as(Encoders.LONG()).groupByKey(id -> id % 4, Encoders.LONG()),
                        (key, left, right) -> {
                            order.add(key);
                            StringBuilder text = new StringBuilder().append(key).append(':');
                            while (right.hasNext()) {
                                text.append(' ').append(right.next());
                                text.append(' ').append(left.hasNext() ? left.next() : "none");
                            }
                            long rest = 0;
                            for (Iterator<Long> i = left; i.hasNext(); i.next()) {
                                rest++;
                            }
                            return List.of(text + " and " + rest).iterator();
                        },
                        Encoders.STRING())
                .collectAsList();

        assertEquals(9_000, firsts.size());
        assertEquals(List.of("0: 0 9000", "1: 1 9001 18001", "2: 2 9002"), firsts.subList(0, 3));
        assertEquals("2999: 2999 11999 20999", firsts.get(2_999));
        assertEquals("8998: 8998 17998", firsts.get(8_998));
        assertEquals(List.of(0L, 1L, 2L, 3L), order);
        assertEquals(List.of("0: 0 0 4 3 and 9998", "1: 1 1 and 9999", "2: 2 2 and 9999", "3: 3 none and 0"), zipped);
    }

    @Test
    void keysAreTheSameIfTheirValuesAre() {
        Dataset<Long> ids = session.range(0, 12, 1, 3).as(Encoders.LONG());

        assertEquals(
                Arrays.asList(new Tuple2<>(null, 6L), new Tuple2<>("b", 6L)),
                ids.groupByKey(id -> id % 2 == 0 ? null : "b", Encoders.STRING())
                        .count()
                        .collectAsList());
        assertEquals(
                List.of(new Tuple2<>(1.5, 4L), new Tuple2<>(Double.NaN, 8L)),
                ids.groupByKey(id -> id % 3 == 0 ? 1.5 : Double.NaN, Encoders.DOUBLE())
                        .count()
                        .collectAsList());
        Encoder<Tagged> tagged = Encoders.record(Tagged.class);
        assertEquals(
                List.of(new Tuple2<>(new Tagged(Map.of("a", 1L, "b", 2L)), 6L), new Tuple2<>(new Tagged(Map.of()), 6L)),
                ids
                        .groupByKey(
                                id -> new Tagged(
                                        id % 2 == 1
                                                ? Map.of()
                                                : id % 4 == 0 ? Map.of("a", 1L, "b", 2L) : Map.of("b", 2L, "a", 1L)),
                                tagged)
                        .count()
                        .collectAsList()
                        .stream()
                        .sorted(Comparator.comparing(each -> -each._1().tags().size()))
                        .toList());
        assertEquals(
                List.of(),
                ids.filter(id -> id < 0)
                        .groupByKey(id -> id, Encoders.LONG())
                        .count()
                        .collectAsList());
    }

    record Tagged(Map<String, Long> tags) {}

    @Test
    void aFunctionOfAKeyThatFailsHoldsNoRows() {
        Dataset<Long> ids = session.range(0, 9_000, 1, 3).as(Encoders.LONG());
        HeadraceException failed = assertThrows(
                HeadraceException.class,
                () -> ids.groupByKey(id -> id % 5, Encoders.LONG())
                        .mapGroups(
                                (key, all) -> {
                                    all.next();
                                    throw new IllegalStateException("no");
                                },
                                Encoders.LONG())
                        .collectAsList());

        assertEquals("USER_FUNCTION_FAILED", failed.code());
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    @Test
    void reducePutsAllTogether() {
        assertEquals(
                new Order(6, "ann", 7.5),
                orders().reduce((a, b) -> new Order(a.id() + b.id(), a.customer(), a.amount() + b.amount())));
        assertThrows(NoSuchElementException.class, () -> session.range(0).reduce((a, _) -> a));
    }

    @Test
    void rowsOfADataFrameAreMappedToo() {
        assertEquals(
                List.of(0L, 10L, 20L),
                session.range(3)
                        .map(row -> row.getLong(0) * 10, Encoders.LONG())
                        .collectAsList());
    }

    @Test
    void whatFailsSaysWhy() {
        HeadraceException failed = assertThrows(
                HeadraceException.class,
                () -> orders().map(
                                o -> {
                                    throw new IllegalStateException("no " + o.id());
                                },
                                Encoders.STRING())
                        .collectAsList());

        assertEquals(true, failed.getMessage().contains("no 1"), failed.getMessage());
    }

    @Test
    void methodsOnRowsKeepTheObjects() {
        Dataset<Order> orders = orders();
        Dataset<Order> twice = orders.union(orders);

        assertEquals(6, twice.count());
        assertEquals(3, twice.distinct().count());
        assertEquals(2, orders.dropDuplicates("customer").count());
        assertEquals(
                List.of(1L, 3L),
                orders.filter("customer = 'ann'").orderBy("id").collectAsList().stream()
                        .map(Order::id)
                        .toList());
        assertEquals(
                List.of(new Order(2, "bob", 4)),
                orders.where(functions.col("amount").gt(1))
                        .except(orders.filter("id = 1"))
                        .collectAsList());
        assertEquals(1, orders.intersect(orders.filter("id = 2")).count());
        assertEquals(3L, orders.sort("id").tailAsList(1).getFirst().id());
        assertEquals(
                "[[ann,2], [bob,1]]",
                orders.groupBy("customer")
                        .count()
                        .orderBy("customer")
                        .collectAsList()
                        .toString());
        assertEquals(
                "[[2.5], [4.0], [1.0]]", orders.select("amount").collectAsList().toString());
        List<String> seen = new java.util.ArrayList<>();
        orders.sort("id").foreachPartition(all -> all.forEachRemaining(order -> seen.add(order.customer())));
        assertEquals(List.of("ann", "bob", "ann"), seen);
    }

    @Test
    void listsOfObjectsAreTheProgramsToChange() {
        List<Order> orders = orders().collectAsList();

        Collections.reverse(orders);

        assertEquals(3, orders.getFirst().id());
    }
}
