package dev.headrace.delta;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.RowFactory;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.exec.BatchRuns;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// Says which files of a table to put together, and does it. Immutable.
public final class DeltaOptimizeBuilder {
    private final DeltaTable table;
    private final Optional<Column> condition;

    DeltaOptimizeBuilder(DeltaTable table, Optional<Column> condition) {
        this.table = table;
        this.condition = condition;
    }

    /// Looks at some partitions only.
    ///
    /// @param partitions a condition over partition columns
    public DeltaOptimizeBuilder where(Column partitions) {
        return new DeltaOptimizeBuilder(table, Optional.of(partitions));
    }

    /// Puts small files of a partition together into files of about the size that the property `delta.targetFileSize`
    /// says (256 MB). No row changes, so readers and other writers are not disturbed; streams pass over it.
    ///
    /// @return one row: `numFilesAdded`, `numFilesRemoved`, `numRowsCopied`
    /// @throws dev.headrace.errors.UnavailableException `DELTA_CONCURRENT_CHANGE` if others changed the files each time
    public DataFrame executeCompaction() {
        Map<String, Long> metrics;
        try (TableTarget writes = table.open(WriteKind.COMPACT)) {
            metrics = new RowChange(writes, "OPTIMIZE", Map.of("auto", "false"), Optional.empty())
                    .run(runs(), this::attempt);
        }
        return result(metrics);
    }

    /// Writes all files of the partitions anew, so that rows with similar values in some columns lie in the same files:
    /// queries that filter by any of these columns read fewer files. Rows lie along a Z-order curve through the
    /// columns' ranks. No row changes, so readers and other writers are not disturbed; streams pass over it.
    ///
    /// @param columns those that queries filter by; not partition columns
    /// @return as [#executeCompaction]
    /// @throws dev.headrace.errors.QueryException `DELTA_ZORDER_COLUMN`
    public DataFrame executeZOrderBy(String... columns) {
        List<String> by = List.of(columns);
        ZOrder.check(table.path(), table.toDF().schema(), table.partitionColumns(), by);
        Map<String, Long> metrics;
        Map<String, String> parameters = Map.of("auto", "false", "zOrderBy", by.toString());
        try (TableTarget writes = table.open(WriteKind.COMPACT)) {
            metrics = new RowChange(writes, "OPTIMIZE", parameters, Optional.empty())
                    .run(runs(), base -> inZOrder(base, by));
        }
        return result(metrics);
    }

    private BatchRuns runs() {
        return Frames.runtime(table.session()).runs();
    }

    private DataFrame result(Map<String, Long> metrics) {
        return table.session()
                .createDataFrame(
                        List.of(RowFactory.create(
                                metrics.get("numTargetFilesAdded"),
                                metrics.get("numTargetFilesRemoved"),
                                metrics.get("numTargetRowsCopied"))),
                        StructType.fromDDL("numFilesAdded bigint, numFilesRemoved bigint, numRowsCopied bigint"));
    }

    private RowChange.Attempt inZOrder(TableTarget base, List<String> by) {
        SessionRuntime runtime = Frames.runtime(table.session());
        Rewrite rewrite = Rewrite.compaction(
                base, filter(base, runtime), runtime.settings().zone(), table.footers());
        try {
            if (rewrite.candidates().length > 0) {
                rewrite.moveEverything();
                new ZOrder(table.toDF(), rewrite, by).move();
            }
            return new RowChange.Attempt(rewrite, new LinkedHashMap<>());
        } catch (Throwable failed) {
            rewrite.close();
            throw failed;
        }
    }

    private RowChange.Attempt attempt(TableTarget base) {
        SessionRuntime runtime = Frames.runtime(table.session());
        Rewrite rewrite = Rewrite.compaction(
                base, filter(base, runtime), runtime.settings().zone(), table.footers());
        try (BufferAllocator memory = runtime.allocator().newChildAllocator("optimize", 0, Long.MAX_VALUE)) {
            rewrite.packSmallFiles();
            rewrite.copyKept(runtime.tasks(), memory);
            return new RowChange.Attempt(rewrite, new LinkedHashMap<>());
        } catch (Throwable failed) {
            rewrite.close();
            throw failed;
        }
    }

    private FileFilter filter(TableTarget base, SessionRuntime runtime) {
        TargetFilter filter =
                new TargetFilter(base.base().metadata(), runtime.settings().zone());
        return condition
                .flatMap(chosen ->
                        TargetFilter.first(Frames.plan(table.toDF().filter(chosen)), LogicalPlan.Filter.class))
                .map(filter::of)
                .orElseGet(filter::everything);
    }
}
