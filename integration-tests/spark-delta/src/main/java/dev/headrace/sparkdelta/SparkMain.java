package dev.headrace.sparkdelta;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/// Runs SQL statements on Spark with Delta and says what came of them.
///
/// Each line of standard input is a statement in base 64. The answer on standard output is `ok MILLIS ROWS` and as many
/// lines, each a row as JSON, or `error` and a text in base 64. The process ends when standard input does, which the
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
            answers.print(answer(spark, new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8)));
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

    private static String answer(SparkSession spark, String sql) {
        long start = System.nanoTime();
        try {
            Dataset<Row> result = spark.sql(sql);
            List<String> rows = result.toJSON().collectAsList();
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
}
