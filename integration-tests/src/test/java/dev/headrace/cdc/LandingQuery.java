package dev.headrace.cdc;

import static dev.headrace.functions.col;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.errors.UnavailableException;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Debezium;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The process that is killed: lands a topic of Debezium's messages in a table of what rows are, and in one of what
/// they were.
///
/// Arguments: the brokers, the topic, the columns of the rows, the directory of tables and checkpoints.
public final class LandingQuery {
    private LandingQuery() {}

    /// The exit status when the brokers can't be reached: it may be started again.
    static final int TRY_AGAIN = 75;

    public static void main(String[] args) throws Exception {
        try {
            Session session = Session.builder().appName("landing").getOrCreate();
            Changes changes = Changes.debezium("id").renaming("note", "remark");
            start(session, args, changes, "latest");
            start(session, args, changes.keepingHistory(), "history");
            session.streams().awaitAnyTermination();
        } catch (StreamingQueryException failed) {
            end(failed, failed.getCause());
        } catch (UnavailableException failed) {
            end(failed, failed);
        }
        System.exit(1);
    }

    private static void end(Exception failed, @Nullable Throwable cause) {
        failed.printStackTrace();
        System.exit(cause instanceof UnavailableException ? TRY_AGAIN : 1);
    }

    private static void start(Session session, String[] args, Changes changes, String name) throws Exception {
        DataFrame messages = session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", args[0])
                .option("subscribe", args[1])
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", 2_000)
                .load();
        Path directory = Path.of(args[3]);
        Debezium.json(messages, col("value"), args[2])
                .writeStream()
                .queryName(name)
                .format("delta")
                .applyChanges(changes)
                .option("mergeSchema", true)
                .option("delta.columnMapping.mode", "name")
                .option(
                        "checkpointLocation",
                        directory.resolve("checkpoint-" + name).toString())
                .trigger(Trigger.ProcessingTime("300 milliseconds"))
                .start(directory.resolve(name).toString());
    }
}
