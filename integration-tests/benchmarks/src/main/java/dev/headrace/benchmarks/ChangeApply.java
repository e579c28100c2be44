package dev.headrace.benchmarks;

import static dev.headrace.functions.col;
import static dev.headrace.functions.concat;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.when;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How long it takes to apply 100,000 changes, evenly spread over the keys, a tenth of them deletions, to a table of a
/// million rows: one batch from the start of the query to its end. With history (a slowly changing dimension of type
/// 2) and without, by copy on write and by deletion vectors.
final class ChangeApply {
    private static final int ROWS = 1_000_000;
    private static final int CHANGES = 100_000;
    private static final int RUNS = 6;

    private ChangeApply() {}

    static void run() throws Exception {
        for (boolean history : List.of(true, false)) {
            for (boolean vectors : List.of(false, true)) {
                run(history, vectors);
            }
        }
    }

    private static void run(boolean history, boolean vectors) throws Exception {
        Path directory = WorkDirectory.create();
        Session session = Session.builder().appName("changes").getOrCreate();
        Path source = directory.resolve("source");
        changes(session, 0, 1, ROWS, false).write().format("delta").save(source.toString());
        apply(session, directory, history);
        if (vectors) {
            allowDeletionVectors(directory.resolve("table"));
        }
        List<Double> seconds = new ArrayList<>();
        for (int run = 1; run <= RUNS; run++) {
            changes(session, run, ROWS / CHANGES, CHANGES, true)
                    .write()
                    .format("delta")
                    .mode("append")
                    .save(source.toString());
            seconds.add(apply(session, directory, history));
        }
        session.stop();
        System.out.printf(
                Locale.ROOT,
                "changes: %,d into %,d rows%s, %s: median %.2f s of %s%n",
                CHANGES,
                ROWS,
                history ? " with history" : "",
                vectors ? "deletion vectors" : "copy on write",
                seconds.stream().sorted().toList().get(seconds.size() / 2),
                seconds.stream()
                        .map(each -> String.format(Locale.ROOT, "%.2f", each))
                        .toList());
    }

    private static void allowDeletionVectors(Path table) throws IOException {
        Path commit = table.resolve("_delta_log/00000000000000000000.json");
        Files.writeString(
                commit,
                Files.readString(commit)
                        .replace("\"configuration\":{}", "\"configuration\":{\"delta.enableDeletionVectors\":\"true\"}")
                        .replace(
                                "{\"minReaderVersion\":1,\"minWriterVersion\":2}",
                                "{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"deletionVectors\"],"
                                        + "\"writerFeatures\":[\"deletionVectors\"]}"));
    }

    private static DataFrame changes(Session session, int run, int step, int count, boolean deletes) {
        return session.range(count)
                .select(
                        col("id").multiply(lit(step)).plus(lit(run)).as("id"),
                        expr("bigint(" + run + ")").as("version"),
                        when(expr(deletes + " and id % 10 = 3"), lit("d"))
                                .otherwise(lit("u"))
                                .as("op"),
                        concat(lit("customer-"), col("id").cast("string")).as("name"),
                        expr("id * 0.25d").as("amount"),
                        expr("'status-' || string((id + " + run + ") % 7)").as("status"));
    }

    private static double apply(Session session, Path directory, boolean history) throws Exception {
        Changes changes = Changes.keyedBy("id")
                .sequencedBy(col("version"))
                .deletedWhere(col("op").equalTo("d"))
                .without("op");
        long start = System.nanoTime();
        StreamingQuery query = session.readStream()
                .format("delta")
                .load(directory.resolve("source").toString())
                .writeStream()
                .format("delta")
                .applyChanges(history ? changes.without("version").keepingHistory() : changes)
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start(directory.resolve("table").toString());
        query.awaitTermination();
        return (System.nanoTime() - start) / 1e9;
    }
}
