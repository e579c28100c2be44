package dev.headrace.delta;

import static dev.headrace.functions.col;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.connector.ScanRequest;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.CharColumns;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// An update or delete of the rows that satisfy a condition.
///
/// @param target the table's rows under the user's names
record RowUpdate(DeltaTable table, DataFrame target, Clause clause) {
    /// Runs it as one commit.
    ///
    /// @return the metrics of the commit
    Map<String, Long> execute() {
        boolean deletes = clause.kind() == Clause.Kind.DELETE;
        Map<String, String> parameters = Map.of(
                "predicate",
                clause.condition().map(condition -> "[\"" + condition + "\"]").orElse("[]"));
        try (TableTarget writes = table.openForChange()) {
            return new RowChange(writes, deletes ? "DELETE" : "UPDATE", parameters, Optional.empty())
                    .run(Frames.runtime(table.session()).runs(), this::attempt);
        }
    }

    RowChange.Attempt attempt(TableTarget base) {
        SessionRuntime runtime = Frames.runtime(table.session());
        Rewrite rewrite =
                new Rewrite(base, filter(base, runtime), runtime.settings().zone(), table.footers());
        try (BufferAllocator memory = runtime.allocator().newChildAllocator("change", 0, Long.MAX_VALUE)) {
            Map<String, Long> metrics = new LinkedHashMap<>();
            if (clause.isUnconditionalDelete()) {
                metrics.put("numDeletedRows", rewrite.removeEverything());
                return new RowChange.Attempt(rewrite, metrics);
            }
            ChangedRows changed = new ChangedRows(rewrite, List.of(clause), false);
            DataFrame rows = rows(base, rewrite);
            if (rewrite.candidates().length > 0) {
                Frames.query(rows).write(changed);
            }
            rewrite.copyKept(runtime.tasks(), memory);
            if (clause.kind() == Clause.Kind.DELETE) {
                metrics.put("numDeletedRows", changed.deleted());
            } else {
                metrics.put("numUpdatedRows", changed.updated());
            }
            boolean apart = TableVersion.isRead(
                    Frames.plan(rows), base.table(), base.base().version());
            return new RowChange.Attempt(rewrite, metrics, false, apart);
        } catch (Throwable failed) {
            rewrite.close();
            throw failed;
        }
    }

    private FileFilter filter(TableTarget base, SessionRuntime runtime) {
        TargetFilter filter =
                new TargetFilter(base.base().metadata(), runtime.settings().zone());
        return clause.condition()
                .flatMap(condition ->
                        TargetFilter.first(Frames.plan(target.filter(condition)), LogicalPlan.Filter.class))
                .map(filter::of)
                .orElseGet(filter::everything);
    }

    private DataFrame rows(TableTarget base, Rewrite rewrite) {
        StructType columns = base.base().metadata().schema();
        TableVersion version = rewrite.version();
        DataFrame placed = Frames.over(
                target, CharColumns.padded(new LogicalPlan.Scan(version, ScanRequest.all(version.schema()))));
        DataFrame chosen = clause.condition().map(placed::filter).orElse(placed);
        Clause always = new Clause(clause.kind(), Optional.empty(), clause.values());
        ClauseColumns of = new ClauseColumns(
                base.table().toString(), chosen, Optional.of(chosen), Optional.empty(), columns, false);
        List<Column> selected = new ArrayList<>(
                List.of(col(TableVersion.FILE.name()), col(TableVersion.ROW.name()), of.action(List.of(always))));
        selected.addAll(of.values(List.of(always)));
        return chosen.select(selected.toArray(Column[]::new));
    }
}
