package dev.headrace.flink;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/// Flink as `HeadraceNexmark` of the benchmarks runs Headrace. Arguments: the broker, the number of passes, how many
/// seconds a query may take, a directory for checkpoints, the queries.
///
/// State lies on the heap, which is Flink's fastest; a checkpoint is made every second; sources with the same table are
/// read once.
public final class FlinkNexmark {
    private FlinkNexmark() {}

    public static void main(String[] args) throws Exception {
        Set<String> queries = new LinkedHashSet<>(List.of(args).subList(4, args.length));
        long limit = Long.parseLong(args[2]);
        for (int pass = 0; pass < Integer.parseInt(args[1]); pass++) {
            for (String query : List.copyOf(queries)) {
                StreamTableEnvironment tables = tables(args[0], args[3] + "/flink-" + query + "-" + pass);
                String sql = NexmarkTables.sql(query);
                long start = System.nanoTime();
                // The sink's columns are those of the query.
                tables.createTemporaryView("answer", tables.sqlQuery(sql));
                tables.executeSql("CREATE TABLE nowhere (" + columns(tables) + ") WITH ('connector' = 'blackhole')");
                TableResult result = tables.executeSql("INSERT INTO nowhere SELECT * FROM answer");
                try {
                    result.await(limit, TimeUnit.SECONDS);
                    System.out.println(query + " " + (System.nanoTime() - start) / 1e6);
                } catch (TimeoutException tooLong) {
                    result.getJobClient().orElseThrow().cancel().get();
                    queries.remove(query);
                    System.out.println(query + " not finished in " + limit + " s");
                }
            }
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                System.out.println("peak " + line.replaceAll("[^0-9]", ""));
            }
        }
        System.exit(0);
    }

    private static String columns(StreamTableEnvironment tables) {
        StringBuilder columns = new StringBuilder();
        tables.from("answer")
                .getResolvedSchema()
                .getColumns()
                .forEach(column -> columns.append(columns.isEmpty() ? "" : ", ")
                        .append('`')
                        .append(column.getName())
                        .append("` ")
                        .append(column.getDataType()
                                .getLogicalType()
                                .copy(true)
                                .asSerializableString()
                                .replaceAll(" \\*(ROWTIME|PROCTIME)\\*", "")));
        return columns.toString();
    }

    private static StreamTableEnvironment tables(String broker, String checkpoints) {
        Configuration conf = new Configuration();
        conf.setString("parallelism.default", "2");
        conf.setString("taskmanager.numberOfTaskSlots", "2");
        conf.setString("taskmanager.memory.network.max", "256mb");
        conf.setString("taskmanager.memory.managed.size", "512mb");
        conf.setString("execution.checkpointing.interval", "1s");
        conf.setString("execution.checkpointing.mode", "EXACTLY_ONCE");
        conf.setString("execution.checkpointing.checkpoints-after-tasks-finish", "false");
        conf.setString("execution.checkpointing.storage", "filesystem");
        conf.setString(
                "execution.checkpointing.dir", Path.of(checkpoints).toUri().toString());
        conf.setString("state.backend.type", "hashmap");
        conf.setString("pipeline.object-reuse", "true");
        conf.setString("table.exec.mini-batch.enabled", "true");
        conf.setString("table.exec.mini-batch.allow-latency", "2s");
        conf.setString("table.exec.mini-batch.size", "50000");
        return NexmarkTables.of(
                StreamExecutionEnvironment.getExecutionEnvironment(conf),
                "'connector' = 'kafka', 'topic' = 'nexmark', 'properties.bootstrap.servers' = '" + broker
                        + "', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset'");
    }
}
