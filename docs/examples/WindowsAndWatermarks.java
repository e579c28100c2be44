import static dev.headrace.functions.*;

import dev.headrace.*;
import dev.headrace.streaming.*;
import dev.headrace.types.*;
import java.nio.file.*;
import java.util.*;

/// Events that come late: a window is told once, when the watermark has passed its end. The first argument is a folder
/// to work in; without it, a temporary one is made.
///
/// It prints
///
/// ```text
/// watermark at 12:00:02: 0 windows are final
/// watermark at 12:00:15:
/// +-------------------+-------------------+------+
/// |              start|                end|events|
/// +-------------------+-------------------+------+
/// |2026-01-01 12:00:00|2026-01-01 12:00:10|     3|
/// +-------------------+-------------------+------+
///
/// at the end of the day:
/// +-------------------+-------------------+------+
/// |              start|                end|events|
/// +-------------------+-------------------+------+
/// |2026-01-01 12:00:00|2026-01-01 12:00:10|     3|
/// |2026-01-01 12:00:10|2026-01-01 12:00:20|     2|
/// |2026-01-01 12:00:20|2026-01-01 12:00:30|     1|
/// +-------------------+-------------------+------+
///
/// too late: 1
/// ```
public class WindowsAndWatermarks {
    public static void main(String[] args) throws Exception {
        Path home = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("windows");
        try (Session session = Session.builder()
                .appName("windows")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate()) {
            String place = home + "/events";
            events(session, place, 1, 3, 8, 12);
            StreamingQuery query = perWindow(
                            session.readStream().format("delta").load(place))
                    .writeStream()
                    .outputMode("append")
                    .format("memory")
                    .queryName("final_windows")
                    .start();
            query.processAllAvailable();
            System.out.println(
                    "watermark at 12:00:02: " + session.table("final_windows").count() + " windows are final");

            events(session, place, 25);
            query.processAllAvailable();
            System.out.println("watermark at 12:00:15:");
            session.table("final_windows").orderBy("start").show();

            // 12:00:05 is too late for its window, 12:00:17 is in time.
            events(session, place, 5, 17);
            query.processAllAvailable();
            events(session, place, 59);
            query.processAllAvailable();
            System.out.println("at the end of the day:");
            session.table("final_windows").orderBy("start").show();

            long late = 0;
            for (StreamingQueryProgress progress : query.recentProgress()) {
                for (StateOperatorProgress state : progress.stateOperators()) {
                    late += state.numRowsDroppedByWatermark();
                }
            }
            System.out.println("too late: " + late);
        }
    }

    static DataFrame perWindow(DataFrame events) {
        return events.withWatermark("time", "10 seconds")
                .groupBy(window(col("time"), "10 seconds"))
                .agg(count(lit(1)).as("events"))
                .select(col("window.start").as("start"), col("window.end").as("end"), col("events"));
    }

    /// Events at these seconds after 12:00.
    static void events(Session session, String place, int... seconds) {
        List<Row> rows = new ArrayList<>();
        for (int second : seconds) {
            rows.add(RowFactory.create("2026-01-01 12:00:%02d".formatted(second)));
        }
        session.createDataFrame(rows, StructType.fromDDL("at string"))
                .select(col("at").cast("timestamp").as("time"))
                .write()
                .format("delta")
                .mode("append")
                .save(place);
    }
}
