import static dev.headrace.functions.*;

import dev.headrace.*;
import dev.headrace.streaming.*;
import dev.headrace.types.*;
import java.nio.file.*;
import java.util.*;

/// Alerts on payments: bursts with one card, and journeys that nobody can make; enriched with the customer's name, into
/// one table. The first argument is a folder to work in; without it, a temporary one is made.
///
/// It prints
///
/// ```text
/// +-------------------+-------+----+-------------+
/// |                 at|   rule|name|       reason|
/// +-------------------+-------+----+-------------+
/// |2026-01-01 12:03:00|  burst| Bob|3 in a minute|
/// |2026-01-01 12:05:10|journey| Cyd|     VN to PE|
/// +-------------------+-------+----+-------------+
///
/// The same rules as a batch over the day:
/// +-------------------+-------+----+-------------+
/// |                 at|   rule|name|       reason|
/// +-------------------+-------+----+-------------+
/// |2026-01-01 12:03:00|  burst| Bob|3 in a minute|
/// |2026-01-01 12:05:10|journey| Cyd|     VN to PE|
/// +-------------------+-------+----+-------------+
/// ```
public class FraudDetection {
    public static void main(String[] args) throws Exception {
        Path home = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("fraud");
        try (Session session = Session.builder()
                .appName("fraud")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate()) {
            pay(session, home, "12:00:05 c1 25.00 NO", "12:00:20 c2 9.90 PE", "12:01:10 c3 14.00 VN");
            StreamingQuery bursts = alerts(session, home, "bursts", bursts(payments(session, home)));
            StreamingQuery journeys =
                    alerts(session, home, "journeys", journeys(payments(session, home), payments(session, home)));

            pay(session, home, "12:03:01 c2 19.90 PE", "12:03:10 c2 99.90 PE", "12:03:40 c2 199.90 PE");
            pay(session, home, "12:05:10 c3 980.00 PE");
            pay(session, home, "12:08:00 c1 12.00 NO");
            pay(session, home, "12:09:00 c1 12.00 NO");
            bursts.processAllAvailable();
            journeys.processAllAvailable();
            session.read().format("delta").load(home + "/alerts").orderBy("at").show();

            DataFrame day = session.read().format("delta").load(home + "/payments");
            System.out.println("The same rules as a batch over the day:");
            named(session, bursts(day))
                    .union(named(session, journeys(day, day)))
                    .orderBy("at")
                    .show();
        }
    }

    /// Three payments within a minute.
    static DataFrame bursts(DataFrame payments) {
        return payments.groupBy(window(col("at"), "1 minute"), col("card"))
                .agg(count(lit(1)).as("payments"))
                .filter(col("payments").geq(3))
                .select(
                        col("card"),
                        lit("burst").as("rule"),
                        col("window.start").as("at"),
                        concat(col("payments").cast("string"), lit(" in a minute"))
                                .as("reason"));
    }

    /// Two countries within ten minutes.
    static DataFrame journeys(DataFrame first, DataFrame second) {
        DataFrame later = second.select(
                col("card").as("later_card"),
                col("at").as("later_at"),
                col("country").as("later_country"));
        return first.join(
                        later,
                        expr("card = later_card AND country <> later_country"
                                + " AND later_at > at AND later_at <= at + INTERVAL 10 MINUTES"))
                .select(
                        col("card"),
                        lit("journey").as("rule"),
                        col("later_at").as("at"),
                        concat(col("country"), lit(" to "), col("later_country"))
                                .as("reason"));
    }

    static DataFrame payments(Session session, Path home) {
        return session.readStream().format("delta").load(home + "/payments").withWatermark("at", "2 minutes");
    }

    static DataFrame named(Session session, DataFrame alerts) {
        DataFrame customers = session.createDataFrame(
                List.of(RowFactory.create("c1", "Ann"), RowFactory.create("c2", "Bob"), RowFactory.create("c3", "Cyd")),
                StructType.fromDDL("card string, name string"));
        return alerts.join(customers, "card").select("at", "rule", "name", "reason");
    }

    static StreamingQuery alerts(Session session, Path home, String rule, DataFrame found) throws Exception {
        return named(session, found)
                .writeStream()
                .outputMode("append")
                .format("delta")
                .option("checkpointLocation", home + "/checkpoints/" + rule)
                .start(home + "/alerts");
    }

    /// Payments such as "12:00:05 c1 25.00 NO".
    static void pay(Session session, Path home, String... payments) {
        List<Row> rows = new ArrayList<>();
        for (String payment : payments) {
            String[] parts = payment.split(" ");
            rows.add(RowFactory.create("2026-01-01 " + parts[0], parts[1], Double.valueOf(parts[2]), parts[3]));
        }
        session.createDataFrame(rows, StructType.fromDDL("time string, card string, amount double, country string"))
                .select(col("time").cast("timestamp").as("at"), col("card"), col("amount"), col("country"))
                .write()
                .format("delta")
                .mode("append")
                .save(home + "/payments");
    }
}
