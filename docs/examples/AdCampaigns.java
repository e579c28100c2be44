import static dev.headrace.functions.*;

import dev.headrace.*;
import dev.headrace.streaming.*;
import dev.headrace.types.*;
import java.nio.file.*;
import java.util.*;

/// Views and clicks per campaign in windows of 30 seconds; a click that comes late corrects its window, and only that
/// is sent on. The first argument is a folder to work in; without it, a temporary one is made.
///
/// It prints
///
/// ```text
/// 12:00:00 blue: 1 views, 0 clicks
/// 12:00:00 red: 2 views, 1 clicks
/// 12:00:30 blue: 1 views, 0 clicks
/// 12:00:30 red: 1 views, 0 clicks
/// then 12:00:44 click blue, 12:01:02 view red:
/// 12:00:30 blue: 1 views, 1 clicks
/// 12:01:00 red: 1 views, 0 clicks
/// then 12:00:12 click blue:
/// 12:00:00 blue: 1 views, 1 clicks
/// +--------+--------+-----+------+----+
/// |   start|campaign|views|clicks|rate|
/// +--------+--------+-----+------+----+
/// |12:00:00|    blue|    1|     1| 1.0|
/// |12:00:00|     red|    2|     1| 0.5|
/// |12:00:30|    blue|    1|     1| 1.0|
/// |12:00:30|     red|    1|     0| 0.0|
/// |12:01:00|     red|    1|     0| 0.0|
/// +--------+--------+-----+------+----+
/// ```
public class AdCampaigns {
    public static void main(String[] args) throws Exception {
        Path home = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("ads");
        try (Session session = Session.builder()
                .appName("ads")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate()) {
            String place = home + "/events";
            events(
                    session,
                    place,
                    "12:00:01 view red",
                    "12:00:05 view red",
                    "12:00:09 view blue",
                    "12:00:14 click red",
                    "12:00:31 view blue",
                    "12:00:40 view red");
            List<String> sent = Collections.synchronizedList(new ArrayList<>());
            StreamingQuery updates = metrics(
                            session.readStream().format("delta").load(place))
                    .writeStream()
                    .outputMode("update")
                    .foreachBatch((batch, id) -> batch.orderBy("start", "campaign")
                            .collectAsList()
                            .forEach(row -> sent.add(row.get(0) + " " + row.get(1) + ": " + row.get(2) + " views, "
                                    + row.get(3) + " clicks")))
                    .start();
            updates.processAllAvailable();
            sent.forEach(System.out::println);

            for (String[] later :
                    new String[][] {{"12:00:44 click blue", "12:01:02 view red"}, {"12:00:12 click blue"}}) {
                sent.clear();
                events(session, place, later);
                updates.processAllAvailable();
                System.out.println("then " + String.join(", ", later) + ":");
                sent.forEach(System.out::println);
            }
            metrics(session.read().format("delta").load(place))
                    .orderBy("start", "campaign")
                    .show();
        }
    }

    static DataFrame metrics(DataFrame events) {
        return events.groupBy(window(col("at"), "30 seconds"), col("campaign"))
                .agg(
                        sum(when(col("kind").equalTo("view"), 1).otherwise(0)).as("views"),
                        sum(when(col("kind").equalTo("click"), 1).otherwise(0)).as("clicks"))
                .select(
                        date_format(col("window.start"), "HH:mm:ss").as("start"),
                        col("campaign"),
                        col("views"),
                        col("clicks"),
                        round(col("clicks").cast("double").divide(col("views")), 2)
                                .as("rate"));
    }

    /// Events such as "12:00:05 view red".
    static void events(Session session, String place, String... events) {
        List<Row> rows = new ArrayList<>();
        for (String event : events) {
            String[] parts = event.split(" ");
            rows.add(RowFactory.create("2026-01-01 " + parts[0], parts[1], parts[2]));
        }
        session.createDataFrame(rows, StructType.fromDDL("time string, kind string, campaign string"))
                .select(col("time").cast("timestamp").as("at"), col("kind"), col("campaign"))
                .write()
                .format("delta")
                .mode("append")
                .save(place);
    }
}
