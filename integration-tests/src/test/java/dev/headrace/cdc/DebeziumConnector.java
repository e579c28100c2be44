package dev.headrace.cdc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Debezium's connector for PostgreSQL, from the module `integration-tests/debezium`, in a process of its own.
final class DebeziumConnector implements AutoCloseable {
    private static final Path JAR = Path.of("debezium", "target", "lib", "headrace-debezium.jar");

    private final Path properties;
    private final Path log;
    private WatchedProcess process;

    DebeziumConnector(Path directory, int postgresPort, String bootstrapServers) throws IOException {
        this(directory, postgresPort, bootstrapServers, "public.orders", List.of());
    }

    /// @param tables those that it watches, with commas between them
    /// @param more lines of its properties
    DebeziumConnector(Path directory, int postgresPort, String bootstrapServers, String tables, List<String> more)
            throws IOException {
        properties = directory.resolve("connector.properties");
        log = directory.resolve("connector.txt");
        List<String> lines = new ArrayList<>(more);
        lines.addAll(List.of(
                "name=shop",
                "connector.class=io.debezium.connector.postgresql.PostgresConnector",
                "offset.storage=org.apache.kafka.connect.storage.FileOffsetBackingStore",
                "offset.storage.file.filename=" + directory.resolve("connector.offsets"),
                "offset.flush.interval.ms=200",
                "bootstrap.servers=" + bootstrapServers,
                "database.hostname=127.0.0.1",
                "database.port=" + postgresPort,
                "database.user=postgres",
                "database.password=unused",
                "database.dbname=postgres",
                "topic.prefix=shop",
                "plugin.name=pgoutput",
                "slot.name=headrace",
                "slot.max.retries=60",
                "slot.retry.delay.ms=500",
                "publication.autocreate.mode=filtered",
                "table.include.list=" + tables,
                "skipped.operations=none",
                "decimal.handling.mode=string",
                "poll.interval.ms=50",
                "heartbeat.interval.ms=0",
                "retriable.restart.connector.wait.ms=500",
                "value.converter.schemas.enable=false",
                "converter.schemas.enable=false",
                "key.converter.schemas.enable=false"));
        Files.write(properties, lines);
        process = launch();
    }

    private WatchedProcess launch() throws IOException {
        Path home = Path.of(System.getProperty("user.dir"));
        Path jar = Files.exists(home.resolve(JAR))
                ? home.resolve(JAR)
                : home.resolve("integration-tests").resolve(JAR);
        return WatchedProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-jar",
                        jar.toString(),
                        properties.toString()),
                log);
    }

    /// Starts it again if it has ended, as Kafka Connect does.
    void keepRunning() throws IOException {
        if (!process.isAlive()) {
            process.kill();
            process = launch();
        }
    }

    void killAndRestart() throws IOException {
        process.kill();
        process = launch();
    }

    String output() {
        return process.output();
    }

    @Override
    public void close() {
        process.kill();
    }
}
