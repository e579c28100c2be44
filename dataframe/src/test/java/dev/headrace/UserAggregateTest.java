package dev.headrace;

import static dev.headrace.functions.col;
import static dev.headrace.functions.udaf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.expressions.Aggregator;
import dev.headrace.expressions.UserDefinedFunction;
import dev.headrace.expressions.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Aggregate functions of the program in queries.
class UserAggregateTest {
    private final Session session = Session.builder().master("local[2]").create();

    @AfterEach
    void close() {
        session.close();
    }

    record Total(double weighted, long weight) {}

    record Sale(double price, long quantity) {}

    /// The average price, weighted by quantities.
    static final class AveragePrice extends Aggregator<Sale, Total, Double> {
        @Override
        public Total zero() {
            return new Total(0, 0);
        }

        @Override
        public Total reduce(Total buffer, Sale sale) {
            return new Total(buffer.weighted() + sale.price() * sale.quantity(), buffer.weight() + sale.quantity());
        }

        @Override
        public Total merge(Total a, Total b) {
            return new Total(a.weighted() + b.weighted(), a.weight() + b.weight());
        }

        @Override
        public @Nullable Double finish(Total total) {
            return total.weight() == 0 ? null : total.weighted() / total.weight();
        }

        @Override
        public Encoder<Total> bufferEncoder() {
            return Encoders.record(Total.class);
        }

        @Override
        public Encoder<Double> outputEncoder() {
            return Encoders.DOUBLE();
        }
    }

    /// The longest text, the first in the alphabet of several; nulls count as nothing.
    static final class Longest extends Aggregator<String, String, String> {
        @Override
        public String zero() {
            return "";
        }

        @Override
        public String reduce(String buffer, @Nullable String value) {
            return value == null ? buffer : merge(buffer, value);
        }

        @Override
        public String merge(String a, String b) {
            return a.length() > b.length() || a.length() == b.length() && a.compareTo(b) <= 0 ? a : b;
        }

        @Override
        public String finish(String longest) {
            if (longest.equals("boom")) {
                throw new IllegalStateException("too loud");
            }
            return longest;
        }

        @Override
        public Encoder<String> bufferEncoder() {
            return Encoders.STRING();
        }

        @Override
        public Encoder<String> outputEncoder() {
            return Encoders.STRING();
        }
    }

    /// Depends on the order of its values, and can't merge.
    static final class Fading extends Aggregator<Double, Double, Double> {
        @Override
        public Double zero() {
            return 0.0;
        }

        @Override
        public Double reduce(Double buffer, Double value) {
            return 0.5 * buffer + value;
        }

        @Override
        public Double merge(Double a, Double b) {
            throw new IllegalStateException("merged");
        }

        @Override
        public Double finish(Double faded) {
            return faded;
        }

        @Override
        public Encoder<Double> bufferEncoder() {
            return Encoders.DOUBLE();
        }

        @Override
        public Encoder<Double> outputEncoder() {
            return Encoders.DOUBLE();
        }
    }

    /// The same with a buffer that blocks would hold without rounding.
    static final class FadingTotal extends Aggregator<Long, Long, Long> {
        @Override
        public Long zero() {
            return 0L;
        }

        @Override
        public Long reduce(Long buffer, Long value) {
            return buffer / 2 + value;
        }

        @Override
        public Long merge(Long a, Long b) {
            throw new IllegalStateException("merged");
        }

        @Override
        public Long finish(Long faded) {
            return faded;
        }

        @Override
        public Encoder<Long> bufferEncoder() {
            return Encoders.LONG();
        }

        @Override
        public Encoder<Long> outputEncoder() {
            return Encoders.LONG();
        }
    }

    private DataFrame sales() {
        return session.sql("SELECT * FROM VALUES ('a', 1.0D, 1L), ('a', 4.0D, 2L), ('b', 5.0D, 3L), ('c', 7.0D, 0L)"
                + " AS t(shop, price, quantity)");
    }

    private static UserDefinedFunction averagePrice() {
        return udaf(new AveragePrice(), Encoders.record(Sale.class));
    }

    private static List<String> texts(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    @Test
    void anAggregatorGivesAValuePerGroupOfTheColumnsOfItsEncoder() {
        DataFrame result = sales().groupBy("shop")
                .agg(averagePrice().apply(col("price"), col("quantity")).as("average"));

        assertEquals("shop STRING NOT NULL,average DOUBLE", result.schema().toDDL());
        assertEquals(List.of("[a,3.0]", "[b,5.0]", "[c,null]"), texts(result));
    }

    @Test
    void aRegisteredAggregatorIsKnownToSqlInGroupsHavingFilterPivotAndWindows() {
        session.udf().register("average_price", averagePrice());
        sales().createOrReplaceTempView("sales");

        assertEquals(
                List.of("[a,3.0,4.0]", "[b,5.0,5.0]"),
                texts(session.sql("SELECT shop, Average_Price(price, quantity),"
                        + " average_price(price, quantity) FILTER (WHERE quantity > 1) FROM sales GROUP BY shop"
                        + " HAVING average_price(price, quantity) > 2 ORDER BY average_price(price, quantity)")));
        assertEquals(
                List.of("[a,1.0,1.0]", "[a,4.0,3.0]", "[b,5.0,5.0]", "[c,7.0,null]"),
                texts(session.sql("SELECT shop, price, average_price(price, quantity) OVER (PARTITION BY shop"
                        + " ORDER BY price) FROM sales")));
        assertEquals(
                List.of("[3.0,5.0]"),
                texts(session.sql(
                        "SELECT * FROM sales PIVOT (average_price(price, quantity) FOR shop IN ('a', 'b'))")));
        assertTrue(session.catalog().functionExists("AVERAGE_PRICE"));
        assertEquals(
                "[3.0]",
                session.sql("SELECT average_price(price, quantity) FROM sales WHERE shop = 'a'")
                        .first()
                        .toString());
    }

    @Test
    void overAWindowOfTheDataFrame() {
        DataFrame result = sales().select(
                        col("shop"),
                        averagePrice()
                                .apply(col("price"), col("quantity"))
                                .over(Window.partitionBy("shop"))
                                .as("average"));

        assertEquals(List.of("[a,3.0]", "[a,3.0]", "[b,5.0]", "[c,null]"), texts(result));
    }

    @Test
    void overNoRowsTheResultIsThatOfAnEmptyBuffer() {
        session.udf().register("longest", udaf(new Longest(), Encoders.STRING()));

        assertEquals(
                List.of("[]"), texts(session.sql("SELECT longest(CAST(id AS string)) FROM range(10) WHERE id > 100")));
        assertEquals(
                List.of("[991]"),
                texts(session.sql("SELECT longest(CAST(999 - id AS string)) FROM range(10)" + " WHERE id % 2 = 0")));
        assertEquals(List.of("[xy]"), texts(session.sql("SELECT longest(v) FROM VALUES ('x'), (NULL), ('xy') t(v)")));
        assertEquals(
                List.of("[xy]"),
                texts(session.sql("SELECT longest(DISTINCT v) FROM VALUES ('x'), ('xy'), ('x') t(v)")));
    }

    @Test
    void buffersOfManyGroupsInManyThreadsAreMerged() {
        DataFrame result = session.range(0, 200_000, 1, 4)
                .groupBy(col("id").mod(50_000).as("k"))
                .agg(averagePrice()
                        .apply(col("id").cast("double"), col("id").mod(2).plus(1))
                        .as("average"));

        assertEquals(50_000, result.count());
        assertEquals("[7,75007.0]", result.filter(col("k").equalTo(7)).first().toString());
    }

    @Test
    void severalAggregatorsOverObjectsGiveTuples() {
        Dataset<Sale> sales = sales().select("price", "quantity").as(Encoders.record(Sale.class));
        TypedColumn<Sale, Double> average = new AveragePrice().toColumn();

        assertEquals(new Tuple2<>(4.0, 4.0), sales.select(average, average).first());
        assertEquals(
                new Tuple5<>(4.0, 4.0, 4.0, 4.0, 4.0),
                sales.select(average, average, average, average, average).first());
        assertEquals(
                List.of("Tuple3[_1=1, _2=4.0, _3=4.0]"),
                sales.groupByKey(_ -> 1, Encoders.INT()).agg(average, average).collectAsList().stream()
                        .map(Object::toString)
                        .toList());
        assertEquals(
                List.of(new Tuple5<>("all", 4.0, 4.0, 4.0, 4.0)),
                sales.groupByKey(_ -> "all", Encoders.STRING())
                        .agg(average, average, average, average)
                        .collectAsList());
    }

    @Test
    void overObjectsAnAggregatorIsATypedColumn() {
        Dataset<Sale> sales = sales().select("price", "quantity").as(Encoders.record(Sale.class));

        assertEquals(4.0, sales.select(new AveragePrice().toColumn()).first(), 1e-9);
        assertEquals(
                List.of("Tuple2[_1=0, _2=7.0]", "Tuple2[_1=1, _2=1.0]"),
                sales
                        .map(sale -> sale.quantity() == 0 ? new Sale(7, 1) : sale, Encoders.record(Sale.class))
                        .filter((Sale sale) -> sale.price() == 7 || sale.price() == 1)
                        .groupByKey(sale -> sale.price() == 7 ? 0 : 1, Encoders.INT())
                        .agg(new AveragePrice().toColumn())
                        .collectAsList()
                        .stream()
                        .map(Object::toString)
                        .sorted()
                        .toList());
    }

    @Test
    void argumentsThatDoNotFitAreRefused() {
        session.udf().register("average_price", averagePrice());

        assertEquals(
                "[WRONG_NUM_ARGS] 'average_price' was called with 1 argument. The aggregator takes 2.",
                message(() -> session.sql("SELECT average_price(1) FROM range(1)")));
        assertEquals(
                "[DATATYPE_MISMATCH] 'average_price' takes bigint as argument 2, not array<int>. Cast it, or give"
                        + " udaf(…) another encoder.",
                message(() -> session.sql("SELECT average_price(1, array(1)) FROM range(1)")));
    }

    private static String message(org.junit.jupiter.api.function.Executable query) {
        return assertThrows(QueryException.class, query)
                .getMessage()
                .lines()
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatAnAggregatorThrowsIsAnErrorThatNamesIt() {
        session.udf().register("longest", udaf(new Longest(), Encoders.STRING()));

        assertEquals(
                "[FAILED_EXECUTE_UDF] The aggregator Longest failed in finish(…): java.lang.IllegalStateException:"
                        + " too loud. A value that is null comes as null.",
                assertThrows(
                                DataException.class,
                                () -> session.sql("SELECT longest('boom')").collectAsList())
                        .getMessage());
    }

    @Test
    void framesTakeInEachRowInItsOrder() {
        session.udf().register("ema", udaf(new Fading(), Encoders.DOUBLE()));
        session.udf().register("fading", udaf(new FadingTotal(), Encoders.LONG()));

        assertEquals(
                List.of("[0,2.5]", "[1,2.5]", "[2,2.0]"),
                texts(session.sql("SELECT id, ema(double(id)) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED"
                        + " FOLLOWING) FROM range(3)")));
        assertFaded("BETWEEN 600 PRECEDING AND CURRENT ROW", 900, 1500);
        assertFaded("UNBOUNDED PRECEDING", 0, 1500);
        assertFaded("BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", 1500, 1999);
    }

    private void assertFaded(String frame, long first, long last) {
        long whole = 0;
        double faded = 0;
        for (long value = first; value <= last; value++) {
            whole = whole / 2 + value;
            faded = 0.5 * faded + value;
        }
        assertEquals(
                List.of("[1500," + whole + "," + faded + "]"),
                texts(session.sql("SELECT * FROM (SELECT id, fading(id) OVER (ORDER BY id ROWS " + frame
                        + "), ema(double(id)) OVER (ORDER BY id ROWS " + frame + ") FROM range(2000))"
                        + " WHERE id = 1500")));
    }
}
