package dev.headrace.sparkdelta;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/// Runs SQL statements on Spark with Delta and says what came of them.
///
/// Each line of standard input is a statement in base 64, or three texts in base 64 with blanks between: a directory of
/// Parquet files, a checkpoint, and a statement that is run for each of the files, as a batch, over the view `batch`;
/// or two: `answer` and a statement of one column, whose answer is one line, also if it fails.
/// The answer on standard output is `ok MILLIS ROWS` and as many lines, each a row as JSON or how many milliseconds a
/// batch took, or `error` and a text in base 64. The process ends when standard input does, which the
/// operating system closes however the process that started it ends.
public final class SparkMain {
    private SparkMain() {}

    /// @param args settings of the session, as `key=value`
    public static void main(String[] args) throws IOException {
        PrintStream answers = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(System.err);
        SparkSession spark = start(args);
        answers.print("ready " + spark.version() + "\n");
        answers.flush();
        BufferedReader statements = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = statements.readLine(); line != null; line = statements.readLine()) {
            List<String> texts = Stream.of(line.split(" "))
                    .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8))
                    .toList();
            answers.print(answer(spark, texts));
            answers.flush();
        }
        // Nothing is worth waiting for: what was committed is on disk.
        Runtime.getRuntime().halt(0);
    }

    private static SparkSession start(String[] settings) {
        SparkSession.Builder builder = SparkSession.builder()
                .master("local[2]")
                .appName("spark-delta")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.hadoop.fs.file.impl", PlainFileSystem.class.getName())
                .config("spark.hadoop.fs.AbstractFileSystem.file.impl", PlainFileContext.class.getName())
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.databricks.delta.snapshotPartitions", "2");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            builder = builder.config(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return builder.getOrCreate();
    }

    private static String answer(SparkSession spark, List<String> texts) {
        long start = System.nanoTime();
        try {
            List<String> rows = switch (texts.size()) {
                case 1 -> spark.sql(texts.get(0)).toJSON().collectAsList();
                case 2 -> List.of(OneColumn.of(spark, texts.get(1)));
                default -> forEachBatch(spark, texts.get(0), texts.get(1), texts.get(2));
            };
            StringBuilder answer = new StringBuilder("ok ");
            answer.append((System.nanoTime() - start) / 1_000_000);
            answer.append(' ').append(rows.size()).append('\n');
            rows.forEach(row -> answer.append(row).append('\n'));
            return answer.toString();
        } catch (Exception failed) {
            byte[] text = String.valueOf(failed).getBytes(StandardCharsets.UTF_8);
            return "error " + Base64.getEncoder().encodeToString(text) + "\n";
        }
    }

    private static List<String> forEachBatch(SparkSession spark, String files, String checkpoint, String statement)
            throws Exception {
        StreamingQuery query = spark.readStream()
                .schema(spark.read().parquet(files).schema())
                .option("maxFilesPerTrigger", 1)
                .parquet(files)
                .writeStream()
                .foreachBatch((VoidFunction2<Dataset<Row>, Long>) (batch, id) -> run(batch, statement))
                .option("checkpointLocation", checkpoint)
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();
        return Stream.of(query.recentProgress())
                .filter(progress -> progress.numInputRows() > 0)
                .map(progress -> Long.toString(progress.batchDuration()))
                .toList();
    }

    /// A merge reads its source twice, so it is kept.
    private static void run(Dataset<Row> batch, String statement) {
        batch.persist();
        batch.createOrReplaceTempView("batch");
        batch.sparkSession().sql(statement).collectAsList();
        batch.unpersist();
    }
}
