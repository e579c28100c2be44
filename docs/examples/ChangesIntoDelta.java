import static dev.headrace.functions.*;

import dev.headrace.*;
import dev.headrace.streaming.*;
import dev.headrace.types.*;
import java.nio.file.*;
import java.util.*;

/// Changes of a database, as Debezium tells them, become a Delta table of what is there now, and one of every version
/// of each row. They come late, twice and out of order. The first argument is a folder to work in; without it, a
/// temporary one is made.
///
/// It prints
///
/// ```text
/// +---+----+-----+---------+
/// | id|name| city|_sequence|
/// +---+----+-----+---------+
/// |  1| Ann|Cairo|        6|
/// |  3| Cyd|Hanoi|        3|
/// +---+----+-----+---------+
///
/// +---+----+-----+----------+--------+----------+
/// | id|name| city|valid_from|valid_to|is_current|
/// +---+----+-----+----------+--------+----------+
/// |  1| Ann| Oslo|         1|       5|     false|
/// |  1| Ann| Rome|         5|       6|     false|
/// |  1| Ann|Cairo|         6|    NULL|      true|
/// |  2| Bob| Lima|         2|       4|     false|
/// |  3| Cyd|Hanoi|         3|    NULL|      true|
/// +---+----+-----+----------+--------+----------+
///
/// Where did Ann live at change 5?
/// +----+----+
/// |name|city|
/// +----+----+
/// | Ann|Rome|
/// +----+----+
/// ```
public class ChangesIntoDelta {
    public static void main(String[] args) throws Exception {
        Path home = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("changes");
        try (Session session = Session.builder().appName("changes").getOrCreate()) {
            send(
                    session,
                    home,
                    change(1, "r", "null", customer(1, "Ann", "Oslo")),
                    change(2, "r", "null", customer(2, "Bob", "Lima")),
                    change(3, "c", "null", customer(3, "Cyd", "Hanoi")));
            StreamingQuery now = changes(session, home)
                    .writeStream()
                    .format("delta")
                    .applyChanges(Changes.debezium("id"))
                    .option("checkpointLocation", home + "/checkpoints/customers")
                    .start(home + "/customers");
            StreamingQuery versions = changes(session, home)
                    .writeStream()
                    .format("delta")
                    .applyChanges(Changes.debezium("id").keepingHistory())
                    .option("checkpointLocation", home + "/checkpoints/history")
                    .start(home + "/history");
            now.processAllAvailable();
            versions.processAllAvailable();

            // Ann moves twice and Bob leaves; change 6 comes before 5, and then once more.
            send(session, home, change(4, "d", customer(2, "Bob", "Lima"), "null"));
            send(session, home, change(6, "u", customer(1, "Ann", "Rome"), customer(1, "Ann", "Cairo")));
            now.processAllAvailable();
            send(
                    session,
                    home,
                    change(5, "u", customer(1, "Ann", "Oslo"), customer(1, "Ann", "Rome")),
                    change(6, "u", customer(1, "Ann", "Rome"), customer(1, "Ann", "Cairo")));
            now.processAllAvailable();
            versions.processAllAvailable();

            session.read()
                    .format("delta")
                    .load(home + "/customers")
                    .orderBy("id")
                    .show();
            DataFrame history = session.read().format("delta").load(home + "/history");
            history.orderBy("id", "valid_from").show();
            System.out.println("Where did Ann live at change 5?");
            history.filter("id = 1 AND valid_from <= 5 AND (valid_to IS NULL OR valid_to > 5)")
                    .select("name", "city")
                    .show();
        }
    }

    static DataFrame changes(Session session, Path home) {
        DataFrame messages = session.readStream().format("delta").load(home + "/messages");
        return Debezium.json(messages, col("value"), "id bigint, name string, city string");
    }

    /// What Debezium says of a change; lsn is the place in the database's log.
    static String change(long lsn, String op, String before, String after) {
        return "{\"op\": \"%s\", \"before\": %s, \"after\": %s, \"source\": {\"lsn\": %d}}"
                .formatted(op, before, after, lsn);
    }

    static String customer(long id, String name, String city) {
        return "{\"id\": %d, \"name\": \"%s\", \"city\": \"%s\"}".formatted(id, name, city);
    }

    static void send(Session session, Path home, String... messages) {
        List<Row> rows = new ArrayList<>();
        for (String message : messages) {
            rows.add(RowFactory.create(message));
        }
        session.createDataFrame(rows, StructType.fromDDL("value string"))
                .write()
                .format("delta")
                .mode("append")
                .save(home + "/messages");
    }
}
