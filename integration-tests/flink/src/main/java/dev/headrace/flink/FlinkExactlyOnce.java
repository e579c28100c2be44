package dev.headrace.flink;

import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/// Flink's part of `ExactlyOnce` of the benchmarks. Arguments: the broker, the topics to read and to write, a
/// directory. A checkpoint every 100 ms; started again, it goes on from the newest checkpoint.
public final class FlinkExactlyOnce {
    private FlinkExactlyOnce() {}

    public static void main(String[] args) throws Exception {
        Path checkpoints = Path.of(args[3], "flink");
        Configuration conf = new Configuration();
        conf.setString("parallelism.default", "2");
        conf.setString("taskmanager.numberOfTaskSlots", "2");
        conf.setString("taskmanager.memory.network.max", "256mb");
        conf.setString("taskmanager.memory.managed.size", "512mb");
        conf.setString("execution.checkpointing.interval", "100ms");
        conf.setString("execution.checkpointing.mode", "EXACTLY_ONCE");
        conf.setString("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        conf.setString("execution.checkpointing.storage", "filesystem");
        conf.setString("execution.checkpointing.dir", checkpoints.toUri().toString());
        conf.setString("state.backend.type", "hashmap");
        newest(checkpoints).ifPresent(path -> conf.setString("execution.state-recovery.path", path));
        StreamTableEnvironment tables =
                StreamTableEnvironment.create(StreamExecutionEnvironment.getExecutionEnvironment(conf));
        tables.executeSql(
                "CREATE TABLE events (`user` STRING, price DOUBLE, sent BIGINT) WITH ('connector' = 'kafka', 'topic' = '"
                        + args[1] + "', 'properties.bootstrap.servers' = '" + args[0]
                        + "', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json')");
        tables.executeSql("CREATE TABLE counts (`user` STRING, text STRING, PRIMARY KEY (`user`) NOT ENFORCED)"
                + " WITH ('connector' = 'upsert-kafka', 'topic' = '" + args[2] + "', 'properties.bootstrap.servers' = '"
                + args[0] + "', 'key.format' = 'raw', 'value.format' = 'raw', 'value.fields-include' = 'EXCEPT_KEY',"
                + " 'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'flink',"
                + " 'properties.transaction.timeout.ms' = '600000')");
        tables.executeSql(
                        "INSERT INTO counts SELECT `user`, CAST(count(*) AS STRING) || ' ' || CAST(max(sent) AS STRING)"
                                + " FROM events WHERE price > 100 GROUP BY `user`")
                .await();
    }

    private static java.util.Optional<String> newest(Path checkpoints) throws java.io.IOException {
        if (!java.nio.file.Files.isDirectory(checkpoints)) {
            return java.util.Optional.empty();
        }
        try (java.util.stream.Stream<Path> files = java.nio.file.Files.walk(checkpoints, 3)) {
            return files.filter(file -> file.getFileName().toString().equals("_metadata"))
                    .max(java.util.Comparator.comparing(
                            (Path file) -> file.toFile().lastModified()))
                    .map(file -> file.getParent().toUri().toString());
        }
    }
}
