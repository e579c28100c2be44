package dev.headrace.benchmarks.delta;

import static dev.headrace.functions.col;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryProgress;
import dev.headrace.streaming.Trigger;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Headrace, in this process.
final class HeadraceTables implements DeltaEngine {
    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @Override
    public String name() {
        return "Headrace";
    }

    @Override
    public long millis(String sql) {
        long start = System.nanoTime();
        session.sql(sql).collectAsList();
        return (System.nanoTime() - start) / 1_000_000;
    }

    List<Row> rows(String sql) {
        return session.sql(sql).collectAsList();
    }

    /// From before the query is started until it has ended.
    @Override
    public long keepHistory(Path table, Path changes) throws Exception {
        Path source = Files.createDirectories(beside(table, "changes"));
        Files.createLink(source.resolve(changes.getFileName()), changes);
        long start = System.nanoTime();
        apply(
                table,
                source,
                Changes.keyedBy("id")
                        .sequencedBy(col("version"))
                        .deletedWhere(col("op").equalTo("d"))
                        .without("op", "version")
                        .keepingHistory());
        return (System.nanoTime() - start) / 1_000_000;
    }

    @Override
    public List<Long> land(Path table, Path changes) throws Exception {
        StreamingQuery query = apply(
                table,
                changes,
                Changes.keyedBy("id")
                        .sequencedBy(col("seq"))
                        .deletedWhere(col("op").equalTo("d"))
                        .without("op"));
        return Stream.of(query.recentProgress())
                .filter(batch -> batch.numInputRows() > 0)
                .map(StreamingQueryProgress::batchDuration)
                .toList();
    }

    private StreamingQuery apply(Path table, Path files, Changes changes) throws Exception {
        StreamingQuery query = session.readStream()
                .format("parquet")
                .schema(session.read().parquet(files.toString()).schema())
                .option("maxFilesPerTrigger", 1)
                .load(files.toString())
                .writeStream()
                .format("delta")
                .applyChanges(changes)
                .option("checkpointLocation", beside(table, "checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start(table.toString());
        query.awaitTermination();
        return query;
    }

    private static Path beside(Path table, String what) {
        return table.resolveSibling(table.getFileName() + "-" + what);
    }

    @Override
    public long processorMillis() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1_000_000;
    }

    @Override
    public void close() {
        session.stop();
    }
}
