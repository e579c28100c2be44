package dev.headrace.demo;

import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Debezium's connector for PostgreSQL in a process of its own. It ends with this JVM: its standard input is a pipe
/// from here.
final class DebeziumProcess implements AutoCloseable {
    private static final Path JAR = Path.of("integration-tests", "debezium", "target", "lib", "headrace-debezium.jar");

    private final Process process;
    private final Path log;

    private DebeziumProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /// The connector's jar, if the source tree is known and it was built there.
    static Optional<Path> built() {
        return Optional.ofNullable(System.getProperty("headrace.home"))
                .map(home -> Path.of(home).resolve(JAR))
                .filter(Files::isRegularFile);
    }

    /// Starts it.
    ///
    /// @param directory gets its settings, its place in the database's log, and what it says
    static DebeziumProcess start(Path jar, Path directory, int postgresPort, String bootstrapServers) {
        Path properties = directory.resolve("debezium.properties");
        Path log = directory.resolve("debezium.log");
        try {
            Files.write(
                    properties,
                    List.of(
                            "name=shop",
                            "connector.class=io.debezium.connector.postgresql.PostgresConnector",
                            "offset.storage=org.apache.kafka.connect.storage.FileOffsetBackingStore",
                            "offset.storage.file.filename=" + directory.resolve("debezium.offsets"),
                            "offset.flush.interval.ms=1000",
                            "bootstrap.servers=" + bootstrapServers,
                            "database.hostname=127.0.0.1",
                            "database.port=" + postgresPort,
                            "database.user=postgres",
                            "database.password=unused",
                            "database.dbname=postgres",
                            "topic.prefix=shop",
                            "plugin.name=pgoutput",
                            "slot.name=" + PostgresShop.SLOT,
                            "publication.autocreate.mode=filtered",
                            "table.include.list=public.orders",
                            // So that each change is one message, and they can be counted.
                            "tombstones.on.delete=false",
                            "max.batch.size=8192",
                            "max.queue.size=32768",
                            "poll.interval.ms=50",
                            "key.converter.schemas.enable=false",
                            "value.converter.schemas.enable=false",
                            "converter.schemas.enable=false"));
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx384m",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                            "-jar",
                            jar.toString(),
                            properties.toString(),
                            "attached")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new DebeziumProcess(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException("could not start Debezium from " + jar, e);
        }
    }

    long pid() {
        return process.pid();
    }

    /// @throws UnavailableException `DEMO_DEBEZIUM_FAILED` if it has ended
    void checkRuns() {
        if (!process.isAlive()) {
            throw new UnavailableException(
                    "DEMO_DEBEZIUM_FAILED",
                    "Debezium (process " + process.pid() + ") has ended by itself. The last lines of its log '" + log
                            + "' say why:\n" + LogTail.of(log));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
