package dev.headrace.benchmarks.landing;

import dev.headrace.sparkdelta.SparkProcess;
import dev.headrace.streaming.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Spark with Delta in a process of its own. Its connector for Kafka can't be had, so it reads the messages from
/// Parquet files, one for each batch, and starts the next one as soon as one has ended; a trigger a second apart would
/// add nothing to a batch's time.
final class SparkLanding implements LandingEngine {
    private static final String MERGE = "merge into delta.`%s` t using (select id, last.* from (select id,"
            + " max_by(struct(op, customer, amount, status), lsn) as last from (select"
            + " coalesce(m.after.id, m.before.id) as id, m.op, m.after.customer, m.after.amount, m.after.status,"
            + " m.source.lsn from (select from_json(value, 'before struct<id: bigint>, after struct<id: bigint,"
            + " customer: string, amount: double, status: string>, source struct<lsn: bigint>, op string') as m"
            + " from batch)) group by id)) s on t.id = s.id when matched and s.op = 'd' then delete"
            + " when matched then update set customer = s.customer, amount = s.amount, status = s.status"
            + " when not matched and s.op <> 'd' then insert (id, customer, amount, status)"
            + " values (s.id, s.customer, s.amount, s.status)";

    private final int smallBatches;
    private final SparkProcess spark = SparkProcess.start(
            "-Xmx8g", "spark.sql.shuffle.partitions=8", "spark.sql.streaming.numRecentProgressUpdates=2000");
    private int given;

    /// @param smallBatches how many small batches it is given
    SparkLanding(int smallBatches) {
        this.smallBatches = smallBatches;
    }

    @Override
    public String name() {
        return "Spark";
    }

    @Override
    public int largeBatches() {
        return 6;
    }

    @Override
    public int smallBatches() {
        return smallBatches;
    }

    @Override
    public void fill(Path table, long from, long to) {
        create(table);
        spark.sql("insert into delta.`" + table + "` select id, concat('customer-', id % 10007),"
                + " cast(id % 997 as double), concat('status-', id % 7) from range(" + from + ", " + to + ")");
    }

    private void create(Path table) {
        spark.sql("create table if not exists delta.`" + table + "` (" + ChangeFeed.COLUMNS + ") using delta");
    }

    private Path messages(Path table) {
        return table.resolveSibling(table.getFileName() + "-messages-" + given);
    }

    @Override
    public void give(Path table, List<ChangeFeed.Message> messages, int batch) throws IOException {
        given++;
        for (int from = 0; from < messages.size(); from += batch) {
            List<String> texts = messages.subList(from, Math.min(messages.size(), from + batch)).stream()
                    .map(ChangeFeed.Message::json)
                    .toList();
            Path text = Files.write(table.resolveSibling("messages.txt"), texts);
            spark.sql("insert overwrite directory '" + messages(table).resolve("batch-" + from)
                    + "' using parquet select /*+ coalesce(1) */ value from text.`" + text + "`");
        }
    }

    @Override
    public List<Long> land(Path table, int batch, Trigger trigger) throws Exception {
        create(table);
        Path checkpoint = Files.createTempDirectory(table.getParent(), "checkpoint-");
        return spark.forEachBatch(messages(table).resolve("*"), checkpoint, MERGE.formatted(table));
    }

    @Override
    public void close() {
        spark.close();
    }
}
