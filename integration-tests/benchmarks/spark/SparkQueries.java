import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/// Spark as [dev.headrace.benchmarks.EngineProcess] runs the other engines. Compiled and run by Java 17.
/// Arguments: the directory of the tables, the number of passes to warm up (0 or 1), the number of timed passes, the
/// directory of the queries, their names.
public final class SparkQueries {
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        int warmUps = Integer.parseInt(args[1]);
        int passes = Integer.parseInt(args[2]);
        Path texts = Path.of(args[3]);
        List<String> queries = List.of(args).subList(4, args.length);
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config(
                        "spark.sql.warehouse.dir",
                        Files.createTempDirectory("spark").toString())
                .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        try (Stream<Path> files = Files.list(directory)) {
            for (Path table : files.toList()) {
                String name = table.getFileName().toString();
                if (Files.isDirectory(table) && !name.contains(".")) {
                    spark.read().parquet(table.toString()).createOrReplaceTempView(name);
                }
            }
        }
        if (Files.exists(directory.resolve("lineitem.csv"))) {
            var schema = spark.table("lineitem").schema();
            spark.read()
                    .schema(schema)
                    .option("sep", "|")
                    .csv(directory.resolve("lineitem.csv").toString())
                    .createOrReplaceTempView("lineitem_csv");
            spark.read()
                    .schema(schema)
                    .json(directory.resolve("lineitem.json").toString())
                    .createOrReplaceTempView("lineitem_json");
        }
        for (int pass = 1 - warmUps; pass <= passes; pass++) {
            for (String query : queries) {
                if (pass == 0 && passes > 0 && !query.startsWith("q")) {
                    // The queries of TPC-H warm the code up for the others too, which take long.
                    continue;
                }
                String sql = Files.readString(texts.resolve(query + ".sql"));
                long cpu = cpuNanos();
                long start = System.nanoTime();
                List<Row> rows;
                try {
                    rows = spark.sql(sql).collectAsList();
                } catch (Exception failed) {
                    System.err.println(query + " failed with Spark: " + failed.getMessage());
                    continue;
                }
                double millis = (System.nanoTime() - start) / 1e6;
                System.out.println((pass == 0 ? "first-" : "") + query + " " + millis);
                if (pass > 0) {
                    System.out.println("cpu-" + query + " " + (cpuNanos() - cpu) / 1e6);
                    printFingerprint(query, rows);
                }
            }
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                System.out.println("peak " + line.replaceAll("[^0-9]", ""));
            }
        }
        spark.stop();
    }

    /// As [dev.headrace.benchmarks.Fingerprint] does.
    private static void printFingerprint(String query, List<Row> rows) {
        System.out.println("rows-" + query + " " + rows.size());
        for (int column = 0; !rows.isEmpty() && column < rows.get(0).length(); column++) {
            double sum = 0;
            for (Row row : rows) {
                sum += number(row.get(column));
            }
            System.out.println("sum-" + query + "-" + column + " " + sum);
        }
    }

    private static double number(Object value) {
        if (value == null || value instanceof Double number && number.isNaN()) {
            return 0;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof String text) {
            return text.hashCode() & 0xffff;
        }
        if (value instanceof Date date) {
            return date.toLocalDate().toEpochDay();
        }
        throw new IllegalArgumentException("no sum of " + value.getClass());
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
