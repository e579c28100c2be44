package dev.headrace.delta;

import static dev.headrace.functions.col;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.SinkBatch;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.CharColumns;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// A merge as the user described it.
///
/// @param target the table's rows under the user's names
/// @param matched clauses for rows with a partner in the source
/// @param notMatched clauses for rows of the source without a partner
/// @param bySource clauses for rows of the table without a partner
/// @param evolves whether the table gets the columns and the wider types that the source has
record Merge(
        DeltaTable table,
        DataFrame target,
        DataFrame source,
        Column condition,
        List<Clause> matched,
        List<Clause> notMatched,
        List<Clause> bySource,
        boolean evolves) {
    /// Runs it as one commit.
    ///
    /// @return the metrics of the commit
    Map<String, Long> execute() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("matchedPredicates", kinds(matched));
        parameters.put("notMatchedPredicates", kinds(notMatched));
        parameters.put("notMatchedBySourcePredicates", kinds(bySource));
        // First the table: what comes into it while the source is read is not overlooked.
        try (TableTarget writes = table.openForChange(evolving());
                SourceRows rows = SourceRows.of(source)) {
            RowChange change = new RowChange(writes, "MERGE", parameters, Optional.empty());
            return change.run(Frames.runtime(table.session()).runs(), base -> new Run(base, rows).attempt());
        }
    }

    /// The columns of the source that become columns of the table: those that clauses set under their own names.
    private StructType evolving() {
        StructType columns = new StructType();
        if (!evolves) {
            return columns;
        }
        List<Clause> clauses = new ArrayList<>(matched);
        clauses.addAll(notMatched);
        for (StructField column : source.schema()) {
            if (clauses.stream().anyMatch(clause -> clause.sets(column.name()))) {
                columns = columns.add(column);
            }
        }
        return columns;
    }

    private static String kinds(List<Clause> clauses) {
        List<String> texts = new ArrayList<>();
        for (Clause clause : clauses) {
            String action = clause.kind().name().toLowerCase(java.util.Locale.ROOT);
            texts.add("{\"actionType\":\"" + action + "\"}");
        }
        return texts.toString();
    }

    /// One attempt on one version of the table.
    private final class Run {
        private final TableTarget base;
        private final SourceRows rows;
        private final SessionRuntime runtime;
        private final StructType before;
        private final StructType columns;
        private final DataFrame numberedSource;
        private final List<LogicalPlan> read = new ArrayList<>();

        Run(TableTarget base, SourceRows rows) {
            this.base = base;
            this.rows = rows;
            runtime = Frames.runtime(table.session());
            before = base.base().metadata().schema();
            columns = base.metadataToWrite().schema();
            numberedSource = Frames.over(source, scan(rows));
            read.add(Frames.plan(source));
        }

        RowChange.Attempt attempt() {
            Rewrite rewrite = new Rewrite(base, filter(), runtime.settings().zone(), table.footers());
            try (BufferAllocator memory = runtime.allocator().newChildAllocator("merge", 0, Long.MAX_VALUE)) {
                DataFrame placed = Frames.over(target, placed(rewrite.version()));
                BitSet partners = new BitSet();
                long updated = 0;
                long deleted = 0;
                if (rewrite.candidates().length > 0) {
                    ChangedRows changed = changeMatched(rewrite, placed);
                    partners = changed.matchedSource();
                    ChangedRows unmatched = changeUnmatched(rewrite, placed);
                    updated = changed.updated() + unmatched.updated();
                    deleted = changed.deleted() + unmatched.deleted();
                }
                long inserted = insert(rewrite, partners);
                rewrite.copyKept(runtime.tasks(), memory);
                Map<String, Long> metrics = new LinkedHashMap<>();
                metrics.put("numSourceRows", rows.count());
                metrics.put("numTargetRowsInserted", inserted);
                metrics.put("numTargetRowsUpdated", updated);
                metrics.put("numTargetRowsDeleted", deleted);
                return new RowChange.Attempt(rewrite, metrics, false, readsTableApart());
            } catch (Throwable failed) {
                rewrite.close();
                throw failed;
            }
        }

        /// Whether the source, or a subquery of a condition or of a value, is of the table.
        private boolean readsTableApart() {
            return read.stream()
                    .anyMatch(plan ->
                            TableVersion.isRead(plan, base.table(), base.base().version()));
        }

        private void write(DataFrame rows, SinkBatch into) {
            read.add(Frames.plan(rows));
            Frames.query(rows).write(into);
        }

        /// The rows with their places, without columns that the table does not have yet: they would only be in the way
        /// of the source's columns of the same names.
        private LogicalPlan placed(TableVersion version) {
            ScanRequest all = ScanRequest.all(version.schema());
            List<ScanColumn> known = new ArrayList<>(all.columns().subList(0, before.size()));
            known.addAll(all.columns().subList(columns.size(), all.columns().size()));
            return CharColumns.padded(
                    new LogicalPlan.Scan(version, new ScanRequest(known, all.filters(), all.limit())));
        }

        private static LogicalPlan scan(BatchTable table) {
            return new LogicalPlan.Scan(table, ScanRequest.all(table.schema()));
        }

        private FileFilter filter() {
            TargetFilter filter =
                    new TargetFilter(base.base().metadata(), runtime.settings().zone());
            if (!bySource.isEmpty()) {
                return filter.everything();
            }
            LogicalPlan joined = Frames.plan(target.join(numberedSource, condition));
            return TargetFilter.first(joined, LogicalPlan.Join.class)
                    .filter(join -> join.left().schema().size() == before.size())
                    .map(join -> filter.of(join, rows.chunks()))
                    .orElseGet(filter::everything);
        }

        private ChangedRows changeMatched(Rewrite rewrite, DataFrame placed) {
            DataFrame pairs = placed.join(numberedSource, condition);
            List<Clause> clauses = matched.isEmpty()
                    ? List.of(Clause.delete(Optional.of(dev.headrace.functions.lit(false))))
                    : matched;
            ClauseColumns of = new ClauseColumns(
                    base.table().toString(), pairs, Optional.of(placed), Optional.of(numberedSource), columns, evolves);
            List<Column> selected = new ArrayList<>(List.of(
                    col(TableVersion.FILE.name()),
                    col(TableVersion.ROW.name()),
                    col(SourceRows.NUMBER.name()),
                    of.action(clauses)));
            selected.addAll(of.values(clauses));
            ChangedRows changed = new ChangedRows(rewrite, clauses, true);
            try {
                write(pairs.select(selected.toArray(Column[]::new)), changed);
            } catch (ChangedRows.Ambiguous twice) {
                throw twice.explained(base.table().toString(), textOf(placed, twice));
            }
            return changed;
        }

        private String textOf(DataFrame placed, ChangedRows.Ambiguous row) {
            DataFrame one = placed.filter(col(TableVersion.FILE.name())
                    .equalTo(row.file())
                    .and(col(TableVersion.ROW.name()).equalTo(row.row())));
            List<Row> found = one.collectAsList();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < Math.min(4, before.size()); i++) {
                texts.add(before.field(i).name() + "=" + found.getFirst().get(i));
            }
            return String.join(", ", texts) + (before.size() > 4 ? ", …" : "");
        }

        private ChangedRows changeUnmatched(Rewrite rewrite, DataFrame placed) {
            ChangedRows changed = new ChangedRows(rewrite, bySource, false);
            if (bySource.isEmpty()) {
                return changed;
            }
            DataFrame alone = placed.join(numberedSource, condition, "left_anti");
            ClauseColumns of = new ClauseColumns(
                    base.table().toString(), alone, Optional.of(alone), Optional.empty(), columns, evolves);
            List<Column> selected = new ArrayList<>(
                    List.of(col(TableVersion.FILE.name()), col(TableVersion.ROW.name()), of.action(bySource)));
            selected.addAll(of.values(bySource));
            write(alone.select(selected.toArray(Column[]::new)), changed);
            return changed;
        }

        private long insert(Rewrite rewrite, BitSet partners) {
            if (notMatched.isEmpty()) {
                return 0;
            }
            DataFrame alone = Frames.over(source, scan(rows.without(partners)));
            ClauseColumns of = new ClauseColumns(
                    base.table().toString(), alone, Optional.empty(), Optional.of(alone), columns, evolves);
            List<Column> selected = new ArrayList<>(of.values(notMatched));
            selected.add(of.action(notMatched));
            DataFrame chosen = alone.select(selected.toArray(Column[]::new))
                    .filter(col(ClauseColumns.ACTION).isNotNull())
                    .drop(ClauseColumns.ACTION);
            InsertedRows inserted = new InsertedRows(rewrite);
            write(chosen, inserted);
            return inserted.count();
        }
    }
}
