import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/// Spark as [dev.headrace.benchmarks.tpch.EngineProcess] runs the other engines. Compiled and run by Java 17.
/// Arguments: the directory of the tables, the number of timed passes, the directory of the queries, their names.
public final class SparkTpch {
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        int passes = Integer.parseInt(args[1]);
        List<String> queries = List.of(args).subList(3, args.length);
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config(
                        "spark.sql.warehouse.dir",
                        Files.createTempDirectory("spark").toString())
                .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        for (String table :
                List.of("customer", "orders", "lineitem", "part", "partsupp", "supplier", "nation", "region")) {
            spark.read().parquet(directory.resolve(table).toString()).createOrReplaceTempView(table);
        }
        var schema = spark.table("lineitem").schema();
        if (Files.exists(directory.resolve("lineitem.csv"))) {
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
        for (int pass = 0; pass <= passes; pass++) {
            for (String query : queries) {
                if (pass == 0 && passes > 0 && !query.startsWith("q")) {
                    // The queries of TPC-H warm the code up for the others too, which take long.
                    continue;
                }
                String sql = Files.readString(Path.of(args[2], query + ".sql"));
                long cpu = cpuNanos();
                long start = System.nanoTime();
                spark.sql(sql).collectAsList();
                double millis = (System.nanoTime() - start) / 1e6;
                System.out.println((pass == 0 ? "first-" : "") + query + " " + millis);
                if (pass > 0) {
                    System.out.println("cpu-" + query + " " + (cpuNanos() - cpu) / 1e6);
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

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
