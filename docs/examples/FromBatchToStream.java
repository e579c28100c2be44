import static dev.headrace.functions.*;

import dev.headrace.*;
import dev.headrace.streaming.*;
import java.nio.file.*;

/// A nightly job becomes a stream: both run side by side until they agree. The first argument is a folder to work in;
/// without it, a temporary one is made.
///
/// It prints
///
/// ```text
/// The stream knows of orders that the job has not seen:
/// +----------+------+--------+-------+
/// |       day|orders| revenue|only_in|
/// +----------+------+--------+-------+
/// |2026-01-01|   765|19415.00|   live|
/// |2026-01-01|   750|19250.00|nightly|
/// |2026-01-02|   375| 9625.00|   live|
/// +----------+------+--------+-------+
///
/// After tonight's job: 0 differences
/// verify: 2 rows expected, 2 found, equal: true
/// ```
public class FromBatchToStream {
    public static void main(String[] args) throws Exception {
        Path home = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("revenue");
        try (Session session = Session.builder().appName("from batch to stream").getOrCreate()) {
            orders(session, home, 0, 1000, "2026-01-01");
            nightly(session, home);
            StreamingQuery live = revenue(session.readStream().format("delta").load(home + "/orders"))
                    .writeStream()
                    .outputMode("complete")
                    .format("delta")
                    .option("checkpointLocation", home + "/checkpoint")
                    .start(home + "/live");
            orders(session, home, 1000, 1500, "2026-01-02");
            orders(session, home, 1500, 1520, "2026-01-01");
            live.processAllAvailable();

            System.out.println("The stream knows of orders that the job has not seen:");
            differences(session, home).orderBy("day", "only_in").show();
            nightly(session, home);
            System.out.println(
                    "After tonight's job: " + differences(session, home).count() + " differences");
            VerifyReport report = live.verify();
            System.out.println("verify: " + report.expectedRows() + " rows expected, " + report.actualRows()
                    + " found, equal: " + report.matches());
        }
    }

    /// The job's logic, for batch and stream.
    static DataFrame revenue(DataFrame orders) {
        return orders.filter(col("status").equalTo("paid"))
                .groupBy("day")
                .agg(count(lit(1)).as("orders"), sum("amount").as("revenue"));
    }

    static void nightly(Session session, Path home) {
        revenue(session.read().format("delta").load(home + "/orders"))
                .write()
                .format("delta")
                .mode("overwrite")
                .save(home + "/nightly");
    }

    static DataFrame differences(Session session, Path home) {
        DataFrame nightly = session.read().format("delta").load(home + "/nightly");
        DataFrame live = session.read().format("delta").load(home + "/live");
        return nightly.exceptAll(live)
                .withColumn("only_in", lit("nightly"))
                .union(live.exceptAll(nightly).withColumn("only_in", lit("live")));
    }

    static void orders(Session session, Path home, long from, long to, String day) {
        session.range(from, to)
                .select(
                        col("id"),
                        lit(day).cast("date").as("day"),
                        when(col("id").mod(4).equalTo(0), lit("open"))
                                .otherwise(lit("paid"))
                                .as("status"),
                        col("id").mod(50).plus(1).cast("decimal(10,2)").as("amount"))
                .write()
                .format("delta")
                .mode("append")
                .save(home + "/orders");
    }
}
