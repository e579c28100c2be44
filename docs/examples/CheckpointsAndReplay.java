import static dev.headrace.functions.*;

import dev.headrace.*;
import dev.headrace.streaming.*;
import java.nio.file.*;
import java.util.*;
import java.util.stream.Stream;

/// What is in a checkpoint, going on after a stop, and running a batch again. The first argument is a folder to work
/// in; without it, a temporary one is made.
///
/// It prints
///
/// ```text
/// offsets [0, 1, 2], commits [0, 1, 2]
/// +------+--------+-------+
/// |sensor|measures|largest|
/// +------+--------+-------+
/// |     0|      14|     13|
/// |     1|      13|     19|
/// |     2|      13|     19|
/// +------+--------+-------+
///
/// batch 1 again: 3 rows, the same: true
/// with another filter: 4 rows are different
/// the table is what a batch over all input gives: true
/// ```
public class CheckpointsAndReplay {
    public static void main(String[] args) throws Exception {
        Path home = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("checkpoint");
        try (Session session = Session.builder().appName("checkpoints").getOrCreate()) {
            StreamingQuery query = null;
            for (int i = 0; i < 3; i++) {
                measure(session, home, 10 * i, 10 * i + 10);
                query = query == null ? start(session, home) : query;
                query.processAllAvailable();
            }
            query.stop();
            measure(session, home, 30, 40);
            System.out.println("offsets " + entries(home, "offsets") + ", commits " + entries(home, "commits"));

            query = start(session, home);
            query.processAllAvailable();
            session.read()
                    .format("delta")
                    .load(home + "/table")
                    .orderBy("sensor")
                    .show();

            ReplayReport again = query.replay(1);
            System.out.println("batch 1 again: " + again.rows() + " rows, the same: " + again.matches());
            ReplayReport changed = query.replay(1, perSensor(session, home, 15));
            System.out.println("with another filter: " + changed.changedRows() + " rows are different");
            VerifyReport report = query.verify();
            System.out.println("the table is what a batch over all input gives: " + report.matches());
        }
    }

    static DataFrame perSensor(Session session, Path home, int least) {
        return session.readStream()
                .format("delta")
                .load(home + "/measures")
                .filter(col("value").geq(least))
                .groupBy("sensor")
                .agg(count(lit(1)).as("measures"), max("value").as("largest"));
    }

    static StreamingQuery start(Session session, Path home) throws Exception {
        return perSensor(session, home, 0)
                .writeStream()
                .outputMode("complete")
                .format("delta")
                .option("checkpointLocation", home + "/checkpoint")
                .start(home + "/table");
    }

    static void measure(Session session, Path home, long from, long to) {
        session.range(from, to)
                .select(
                        col("id").mod(3).as("sensor"),
                        col("id").multiply(7).mod(20).as("value"))
                .write()
                .format("delta")
                .mode("append")
                .save(home + "/measures");
    }

    static List<String> entries(Path home, String folder) throws Exception {
        try (Stream<Path> files = Files.list(home.resolve("checkpoint").resolve(folder))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .sorted()
                    .toList();
        }
    }
}
