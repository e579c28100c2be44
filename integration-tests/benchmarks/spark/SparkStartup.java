import org.apache.spark.sql.SparkSession;

/// Spark's part of [dev.headrace.benchmarks.Startup]: a trivial query in a process of its own. Compiled and run by Java
/// 17. Argument: the query.
public final class SparkStartup {
    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
        spark.sql(args[0]).show();
        spark.stop();
    }
}
