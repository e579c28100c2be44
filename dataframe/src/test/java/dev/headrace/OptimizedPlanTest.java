package dev.headrace;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.from_json;
import static dev.headrace.functions.from_protobuf;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.PlanText;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.types.StructType;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What all rules together make of the queries that Headrace is for.
class OptimizedPlanTest {
    @AutoClose
    private final Session session = Session.builder().master("local[1]").create();

    private DataFrame table(String name, String ddl) {
        RowTable table = RowTable.of(name, StructType.fromDDL(ddl), List.of());
        return DataFrame.of(session, new NamedPlan.Read(table, "rows"));
    }

    private static void assertOptimized(String expected, DataFrame query) {
        assertEquals(expected, PlanText.of(Optimizer.optimize(query.resolved().plan(), ZoneOffset.UTC)));
    }

    @Test
    void payloadsAreDecodedInTheScanAndOnlyAsFarAsTheyAreUsed() {
        DataFrame clicks = table("kafka clicks", "key binary, value binary, topic string, timestamp timestamp")
                .select(from_json(
                                col("value").cast("string"),
                                "product string, price double, quantity int, user string, ts timestamp, kind string")
                        .as("click"))
                .select("click.*");
        assertOptimized(
                """
                Aggregate [struct(window_start(ts#3, 60000000, 0), window_end(ts#3, 60000000, 0)) AS window, product#0], \
                [sum((price#1 * cast(quantity#2 as double))) AS revenue]
                +- Filter NOT isnull(ts#3)
                   +- EventTimeWatermark ts#3, delay 10 seconds
                      +- Project [from_json(value)#0.product AS product, from_json(value)#0.price AS price, \
                from_json(value)#0.quantity AS quantity, from_json(value)#0.ts AS ts]
                         +- Filter (from_json(value)#0.kind = buy)
                            +- Relation kafka clicks [json from_json(value)[product, price, quantity, ts, kind]]
                """,
                clicks.withWatermark("ts", "10 seconds")
                        .filter(col("kind").equalTo("buy"))
                        .groupBy(window(col("ts"), "1 minute"), col("product"))
                        .agg(sum(col("price").multiply(col("quantity"))).as("revenue")));
    }

    @Test
    void changeEventsAreCountedByTheirNewStatus() {
        DataFrame changes = table("kafka orders", "key binary, value binary")
                .select(from_json(
                                col("value").cast("string"),
                                "op string, before struct<id: bigint>, after struct<id: bigint, status: string>")
                        .as("e"));
        assertOptimized(
                """
                Aggregate [e#0.after.status AS status], [count(*) AS count]
                +- Project [from_json(value)#0 AS e]
                   +- Filter (from_json(value)#0.op != d)
                      +- Relation kafka orders [json from_json(value)[op, after]]
                """,
                changes.filter(col("e.op").notEqual("d"))
                        .groupBy(col("e.after.status"))
                        .count());
    }

    @Test
    void messagesOfProtobufAreDecodedInTheScanAndWhole() {
        byte[] set = FileDescriptorSet.newBuilder()
                .addFile(FileDescriptorProto.newBuilder()
                        .setName("order.proto")
                        .addMessageType(DescriptorProto.newBuilder()
                                .setName("Order")
                                .addField(field("id", 1, FieldDescriptorProto.Type.TYPE_INT64))
                                .addField(field("customer", 2, FieldDescriptorProto.Type.TYPE_STRING))))
                .build()
                .toByteArray();
        List<Row> messages = Stream.of("0807", "08021203616e6e", null)
                .map(hex ->
                        RowFactory.create(hex == null ? null : HexFormat.of().parseHex(hex)))
                .toList();
        RowTable topic = RowTable.of("kafka orders", StructType.fromDDL("value binary"), messages);
        DataFrame ids = DataFrame.of(session, new NamedPlan.Read(topic, "rows"))
                .select(from_protobuf(col("value"), "Order", set).as("o"))
                .select("o.customer");

        assertOptimized("""
                Project [from_protobuf(value)#0.customer AS customer]
                +- Relation kafka orders [protobuf from_protobuf(value)[id, customer]]
                """, ids);
        assertEquals(
                List.of("[null]", "[ann]", "[null]"),
                ids.collectAsList().stream().map(Row::toString).toList());
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    @Test
    void aStarJoinReadsOnlyWhatItNeeds() {
        DataFrame orders = table("orders", "id bigint, customer bigint, amount double, note string");
        DataFrame customers = table("customers", "id bigint, city string, name string");
        assertOptimized(
                """
                Aggregate [city#3], [sum(amount#1) AS total]
                +- Join INNER, (customer#0 = id#2)
                   :- Filter (amount#1 > 10.0)
                   :  +- Relation orders [customer, amount], filters [(amount#2 > 10.0)]
                   +- Filter city#1 IN [Rome, Oslo]
                      +- Relation customers [id, city], filters [city#1 IN [Rome, Oslo]]
                """,
                orders.join(customers, orders.col("customer").equalTo(customers.col("id")))
                        .filter(col("amount").gt(10).and(col("city").isin("Rome", "Oslo")))
                        .groupBy("city")
                        .agg(sum("amount").as("total")));
    }

    @Test
    void topRowsAreTakenBelowTheProjection() {
        assertOptimized(
                """
                Project [id#0, twice#2]
                +- Limit 3
                   +- Sort [amount#1 DESC NULLS LAST]
                      +- Project [id#0, amount#1, (amount#1 * 2.0) AS twice]
                         +- Relation t [id, amount]
                """,
                table("t", "id bigint, amount double, note string")
                        .withColumn("twice", col("amount").multiply(2))
                        .orderBy(col("amount").desc())
                        .select("id", "twice")
                        .limit(3));
    }

    @Test
    void countingReadsNoColumn() {
        assertOptimized(
                """
                Aggregate [], [count(*) AS count]
                +- Relation t []
                """, table("t", "id bigint, amount double").agg(count("*").as("count")));
    }

    @Test
    void conditionsOnGroupsComeBeforeWhatIsDrawnForThem() {
        table("t", "k bigint, v double").createOrReplaceTempView("t");
        assertOptimized(
                """
                Project [k#0, n#1, _drawn0#2 AS r, (_drawn0#2 + 1.0) AS more]
                +- Filter (_drawn0#2 < 0.5)
                   +- Project [k#0, n#1, rand(7) AS _drawn0]
                      +- Filter (n#1 > 2)
                         +- Aggregate [k#0], [count(*) AS n]
                            +- Filter (k#0 = 5)
                               +- Relation t [k], filters [(k#0 = 5)]
                """,
                session.sql(
                        "SELECT k, count(*) AS n, rand(7) AS r, r + 1.0D AS more FROM t GROUP BY k HAVING k = 5 AND r < 0.5D AND n > 2"));
    }

    @Test
    void notInOfRowsThatAreDrawnReadsThemOnce() {
        table("t", "k bigint, v double").createOrReplaceTempView("t");
        String plan = PlanText.of(Optimizer.optimize(
                session.sql("SELECT k FROM t WHERE v NOT IN (SELECT rand() FROM t WHERE rand() < 0.5 OR v IS NULL)"
                                + " AND v NOT IN (SELECT v FROM t WHERE rand() < 0.5)")
                        .resolved()
                        .plan(),
                ZoneOffset.UTC));
        assertEquals(3, plan.lines().filter(line -> line.contains("Relation t")).count(), plan);
    }
}
