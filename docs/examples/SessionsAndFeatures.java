import static dev.headrace.functions.*;

import dev.headrace.*;
import dev.headrace.expressions.Window;
import dev.headrace.streaming.*;
import dev.headrace.types.*;
import java.nio.file.*;
import java.util.*;

/// Visits of a shop, what is looked at together, and features of a visitor that a stream keeps up to date. The first
/// argument is a folder to work in; without it, a temporary one is made.
///
/// It prints
///
/// ```text
/// +-------+-----+--------+
/// |product|other|sessions|
/// +-------+-----+--------+
/// |    cup|  tea|       2|
/// |    cup|  pot|       1|
/// |    pot|  tea|       1|
/// +-------+-----+--------+
///
/// +-------+--------+------------------+-----------+
/// |visitor|sessions|clicks_per_session|most_clicks|
/// +-------+--------+------------------+-----------+
/// |    ann|       2|               2.5|          3|
/// |    bob|       2|               1.5|          2|
/// |    cyd|       1|               1.0|          1|
/// +-------+--------+------------------+-----------+
///
/// 0 rows differ from the batch
/// ```
public class SessionsAndFeatures {
    public static void main(String[] args) throws Exception {
        Path home = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("sessions");
        try (Session session = Session.builder()
                .appName("sessions")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate()) {
            String place = home + "/clicks";
            clicks(
                    session,
                    place,
                    "09:00 ann tea",
                    "09:05 ann cup",
                    "09:10 ann pot",
                    "11:00 ann tea",
                    "09:30 bob tea",
                    "09:40 bob cup",
                    "12:00 bob mug");
            DataFrame all = session.read().format("delta").load(place);
            together(all)
                    .orderBy(col("sessions").desc(), col("product"), col("other"))
                    .show();

            StreamingQuery query = features(session.readStream().format("delta").load(place))
                    .writeStream()
                    .outputMode("complete")
                    .format("memory")
                    .queryName("features")
                    .start();
            clicks(session, place, "11:20 ann cup", "09:20 cyd mug");
            query.processAllAvailable();
            session.table("features").orderBy("visitor").show();

            DataFrame batch = features(session.read().format("delta").load(place));
            System.out.println(batch.exceptAll(session.table("features")).count() + " rows differ from the batch");
        }
    }

    /// A click begins a session if there is none of the same visitor within 30 minutes before it.
    static DataFrame inSessions(DataFrame clicks) {
        return clicks.withColumn(
                        "before",
                        lag(col("at"), 1).over(Window.partitionBy("visitor").orderBy("at")))
                .withColumn(
                        "begins",
                        when(expr("before IS NULL OR at > before + INTERVAL 30 MINUTES"), 1)
                                .otherwise(0))
                .withColumn(
                        "number",
                        sum("begins").over(Window.partitionBy("visitor").orderBy("at")))
                .select("visitor", "number", "at", "product");
    }

    static DataFrame features(DataFrame clicks) {
        return inSessions(clicks)
                .groupBy("visitor", "number")
                .agg(count(lit(1)).as("clicks"))
                .groupBy("visitor")
                .agg(
                        count(lit(1)).as("sessions"),
                        avg("clicks").as("clicks_per_session"),
                        max("clicks").as("most_clicks"));
    }

    /// Pairs of products in one session.
    static DataFrame together(DataFrame clicks) {
        DataFrame left =
                inSessions(clicks).select("visitor", "number", "product").distinct();
        DataFrame right = left.select(
                col("visitor").as("visitor2"),
                col("number").as("number2"),
                col("product").as("other"));
        return left.join(right, expr("visitor = visitor2 AND number = number2 AND product < other"))
                .groupBy("product", "other")
                .agg(count(lit(1)).as("sessions"));
    }

    /// Clicks such as "09:00 ann tea".
    static void clicks(Session session, String place, String... clicks) {
        List<Row> rows = new ArrayList<>();
        for (String click : clicks) {
            String[] parts = click.split(" ");
            rows.add(RowFactory.create("2026-01-01 " + parts[0] + ":00", parts[1], parts[2]));
        }
        session.createDataFrame(rows, StructType.fromDDL("time string, visitor string, product string"))
                .select(col("time").cast("timestamp").as("at"), col("visitor"), col("product"))
                .write()
                .format("delta")
                .mode("append")
                .save(place);
    }
}
