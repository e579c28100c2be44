package dev.headrace.benchmarks.delta;

import dev.headrace.sparkdelta.SparkProcess;
import java.nio.file.Path;
import java.util.List;

/// Spark with Delta, in a process of its own, as one would tune it for two cores.
final class SparkTables implements DeltaEngine {
    private final SparkProcess spark = SparkProcess.start("-Xmx8g", "spark.sql.shuffle.partitions=8");

    @Override
    public String name() {
        return "Spark";
    }

    @Override
    public long millis(String sql) {
        spark.sql(sql);
        return spark.millis();
    }

    /// As Delta's documentation has it: a change is there twice, to end the version that is valid, and without a key
    /// that could match, to come as a new one.
    @Override
    public long keepHistory(Path table, Path changes) {
        return millis("merge into delta.`" + table + "` t using (select id as key, * from parquet.`" + changes
                + "` union all select null as key, * from parquet.`" + changes + "` where op <> 'd') s"
                + " on t.id = s.key and t.is_current"
                + " when matched then update set valid_to = s.version, is_current = false"
                + " when not matched and s.key is null then insert"
                + " (id, name, amount, status, valid_from, valid_to, is_current)"
                + " values (s.id, s.name, s.amount, s.status, s.version, null, true)");
    }

    @Override
    public List<Long> land(Path table, Path changes) {
        return spark.forEachBatch(
                changes,
                table.resolveSibling(table.getFileName() + "-checkpoint"),
                "merge into delta.`" + table + "` t using (select id, last.* from (select id,"
                        + " max_by(struct(seq, op, customer, amount, status), seq) as last from batch group by id)) s"
                        + " on t.id = s.id when matched and s.op = 'd' then delete"
                        + " when matched then update set *"
                        + " when not matched and s.op <> 'd' then insert *");
    }

    @Override
    public long processorMillis() {
        return spark.processorMillis();
    }

    @Override
    public void close() {
        spark.close();
    }
}
