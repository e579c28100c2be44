import static dev.headrace.functions.*;

import dev.headrace.*;
import dev.headrace.streaming.*;
import dev.headrace.types.*;
import java.nio.file.*;
import java.util.*;

/// Alerts on payments, by patterns: bursts with one card, and journeys that nobody can make; enriched with the
/// customer's name, into one table. The first argument is a folder to work in; without it, a temporary one is made.
///
/// It prints
///
/// ```text
/// +-------------------+-------+----+------------------+
/// |                 at|   rule|name|            reason|
/// +-------------------+-------+----+------------------+
/// |2026-01-01 12:03:40|  burst| Bob|319.70 in a minute|
/// |2026-01-01 12:05:10|journey| Cyd|          VN to PE|
/// +-------------------+-------+----+------------------+
///
/// The same rules as a batch over the day:
/// +-------------------+-------+----+------------------+
/// |                 at|   rule|name|            reason|
/// +-------------------+-------+----+------------------+
/// |2026-01-01 12:03:40|  burst| Bob|319.70 in a minute|
/// |2026-01-01 12:05:10|journey| Cyd|          VN to PE|
/// +-------------------+-------+----+------------------+
/// ```
public class FraudDetection {
    public static void main(String[] args) throws Exception {
        Path home = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("fraud");
        try (Session session = Session.builder()
                .appName("fraud")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate()) {
            pay(session, home, "12:00:05 c1 25.00 NO", "12:00:20 c2 9.90 PE", "12:01:10 c3 14.00 VN");
            StreamingQuery alerts = alerts(session, payments(session, home))
                    .writeStream()
                    .outputMode("append")
                    .format("delta")
                    .option("checkpointLocation", home + "/checkpoints/alerts")
                    .start(home + "/alerts");

            pay(session, home, "12:03:01 c2 19.90 PE", "12:03:40 c2 199.90 PE");
            pay(session, home, "12:05:10 c3 980.00 PE");
            pay(session, home, "12:03:10 c2 99.90 PE");
            pay(session, home, "12:08:00 c1 12.00 NO");
            pay(session, home, "12:09:00 c1 12.00 NO");
            alerts.processAllAvailable();
            session.read().format("delta").load(home + "/alerts").orderBy("at").show();

            System.out.println("The same rules as a batch over the day:");
            alerts(session, session.read().format("delta").load(home + "/payments"))
                    .orderBy("at")
                    .show();
        }
    }

    /// Three payments within a minute.
    static DataFrame bursts(DataFrame payments) {
        Pattern burst = Pattern.begin("payment", AfterMatchSkipStrategy.skipPastLastEvent())
                .times(3)
                .within("1 minute");
        return payments.groupBy("card")
                .matchPattern(burst, col("at"))
                .select(
                        lit("burst").as("rule"),
                        concat(format_number(sum("payment.amount"), 2), lit(" in a minute"))
                                .as("reason"));
    }

    /// Two countries, one after the other, within ten minutes.
    static DataFrame journeys(DataFrame payments) {
        Pattern journey = Pattern.begin("here")
                .next("there")
                .where(col("country").notEqual(col("here.country")))
                .within("10 minutes");
        return payments.groupBy("card")
                .matchPattern(journey, col("at"))
                .select(
                        lit("journey").as("rule"),
                        concat(col("here.country"), lit(" to "), col("there.country"))
                                .as("reason"));
    }

    static DataFrame alerts(Session session, DataFrame payments) {
        DataFrame customers = session.createDataFrame(
                List.of(RowFactory.create("c1", "Ann"), RowFactory.create("c2", "Bob"), RowFactory.create("c3", "Cyd")),
                StructType.fromDDL("card string, name string"));
        return bursts(payments)
                .union(journeys(payments))
                .join(customers, "card")
                .select(col("match_end").as("at"), col("rule"), col("name"), col("reason"));
    }

    static DataFrame payments(Session session, Path home) {
        return session.readStream().format("delta").load(home + "/payments").withWatermark("at", "2 minutes");
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
