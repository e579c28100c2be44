package dev.headrace.cli;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.StreamingQueryProgress;
import dev.headrace.streaming.Trigger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `headrace dead-letters replay PATH`: a query that copies the letters to where they are read again. Its checkpoint
/// knows which it has copied, so each is replayed once.
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        header = "Writes dead letters to where a corrected query reads them.",
        description = {
            "To kafka: the records' bytes, to the topic that they are from, or to --topic.",
            "To text: the rows as JSON, a line each. To any other format: the letters as they are.",
            "Letters that were replayed with the same --checkpoint are not replayed again.",
        })
final class DeadLettersReplayCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private LetterTable table = new LetterTable();

    @Option(names = "--to", paramLabel = "FORMAT", required = true, description = "Where to: kafka, text, delta ...")
    private String to = "";

    @Option(names = "--topic", paramLabel = "TOPIC", description = "With --to kafka, the topic.")
    private @Nullable String topic;

    @Option(
            names = "--option",
            paramLabel = "NAME=VALUE",
            description = "Of the format, such as kafka.bootstrap.servers=localhost:9092 or path=/data/again.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Option(
            names = "--checkpoint",
            paramLabel = "FOLDER",
            required = true,
            description = "Where is kept which letters were replayed; one for each --to and --where.")
    private String checkpoint = "";

    @Override
    public Integer call() {
        if (topic != null && !to.equals("kafka")) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--topic goes with --to kafka, not with --to " + to + ": leave it out.");
        }
        // The rows of all batches are added up at the end.
        try (Session session = Session.builder()
                .appName("headrace dead-letters")
                .config("spark.sql.streaming.numRecentProgressUpdates", Integer.toString(Integer.MAX_VALUE))
                .create()) {
            if (to.equals("kafka")) {
                checkRecords(session);
            }
            long replayed = replay(rows(table.stream(session)));
            Objects.requireNonNull(spec)
                    .commandLine()
                    .getOut()
                    .println("Replayed " + replayed + (replayed == 1 ? " dead letter." : " dead letters."));
        }
        return 0;
    }

    private DataFrame rows(DataFrame letters) {
        return switch (to) {
            case "kafka" ->
                letters.select(topic == null ? col("topic") : lit(topic).as("topic"), col("value"));
            case "text" -> letters.select(col("row").as("value"));
            default -> letters;
        };
    }

    /// A row's own columns say what its record was; of one that lacks them nothing can be sent.
    private void checkRecords(Session session) {
        String missing = topic == null ? "value IS NULL OR topic IS NULL" : "value IS NULL";
        long without = table.now(session).where(missing).count();
        if (without > 0) {
            throw new QueryException(
                    "DEAD_LETTERS_WITHOUT_RECORD",
                    without + " of the dead letters do not say their record: " + missing
                            + ". A query must keep the columns topic, partition, offset and value up to what fails. Leave "
                            + "these letters out with --where \"NOT (" + missing
                            + ")\", and replay their rows with --to text.");
        }
    }

    private long replay(DataFrame rows) {
        try {
            StreamingQuery query = rows.writeStream()
                    .format(to)
                    .options(options)
                    .option("checkpointLocation", checkpoint)
                    .trigger(Trigger.AvailableNow())
                    .start();
            query.awaitTermination();
            return Arrays.stream(query.recentProgress())
                    .map(StreamingQueryProgress::sink)
                    .mapToLong(sink -> sink.numOutputRows())
                    .sum();
        } catch (StreamingQueryException failed) {
            throw failed.getCause() instanceof HeadraceException cause ? cause : failed;
        } catch (TimeoutException starting) {
            throw new IllegalStateException("the query did not start", starting);
        }
    }
}
