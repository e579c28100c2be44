package dev.headrace.delta;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.RowFactory;
import dev.headrace.errors.QueryException;
import dev.headrace.functions;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A merge in the making: clauses are added with `when…`, then it runs with [#execute].
///
/// For each row the first clause of its kind whose condition is true applies; a row to which none applies stays as it
/// is, or is not inserted. Immutable: each method returns a new builder.
public final class DeltaMergeBuilder {
    private final Merge merge;

    DeltaMergeBuilder(Merge merge) {
        this.merge = merge;
    }

    /// What becomes of a row of the table that has a partner in the source.
    public DeltaMergeMatchedActionBuilder whenMatched() {
        return new DeltaMergeMatchedActionBuilder(this, Optional.empty());
    }

    /// What becomes of a row of the table that has a partner in the source.
    ///
    /// @param condition over both
    public DeltaMergeMatchedActionBuilder whenMatched(Column condition) {
        return new DeltaMergeMatchedActionBuilder(this, Optional.of(condition));
    }

    /// What is inserted for a row of the source that has no partner.
    public DeltaMergeNotMatchedActionBuilder whenNotMatched() {
        return new DeltaMergeNotMatchedActionBuilder(this, Optional.empty());
    }

    /// What is inserted for a row of the source that has no partner.
    ///
    /// @param condition over the source
    public DeltaMergeNotMatchedActionBuilder whenNotMatched(Column condition) {
        return new DeltaMergeNotMatchedActionBuilder(this, Optional.of(condition));
    }

    /// What becomes of a row of the table that has no partner in the source.
    public DeltaMergeNotMatchedBySourceActionBuilder whenNotMatchedBySource() {
        return new DeltaMergeNotMatchedBySourceActionBuilder(this, Optional.empty());
    }

    /// What becomes of a row of the table that has no partner in the source.
    ///
    /// @param condition over the table
    public DeltaMergeNotMatchedBySourceActionBuilder whenNotMatchedBySource(Column condition) {
        return new DeltaMergeNotMatchedBySourceActionBuilder(this, Optional.of(condition));
    }

    /// What becomes of a row of the table that has a partner in the source.
    ///
    /// @param condition in SQL, over both
    public DeltaMergeMatchedActionBuilder whenMatched(String condition) {
        return whenMatched(functions.expr(condition));
    }

    /// What is inserted for a row of the source that has no partner.
    ///
    /// @param condition in SQL, over the source
    public DeltaMergeNotMatchedActionBuilder whenNotMatched(String condition) {
        return whenNotMatched(functions.expr(condition));
    }

    /// What becomes of a row of the table that has no partner in the source.
    ///
    /// @param condition in SQL, over the table
    public DeltaMergeNotMatchedBySourceActionBuilder whenNotMatchedBySource(String condition) {
        return whenNotMatchedBySource(functions.expr(condition));
    }

    /// Lets the merge give the table what it lacks of the source: columns that `updateAll` and `insertAll` would set,
    /// or that a clause sets under the name they have in the source; and where the table allows it (the property
    /// `delta.enableTypeWidening`) wider types. Columns that the source lacks stay as they are, or are null in a row
    /// that is inserted.
    public DeltaMergeBuilder withSchemaEvolution() {
        return with(merge.matched(), merge.notMatched(), merge.bySource(), true);
    }

    DeltaMergeBuilder matched(Clause clause) {
        return with(with(merge.matched(), clause), merge.notMatched(), merge.bySource(), merge.evolves());
    }

    DeltaMergeBuilder notMatched(Clause clause) {
        return with(merge.matched(), with(merge.notMatched(), clause), merge.bySource(), merge.evolves());
    }

    DeltaMergeBuilder bySource(Clause clause) {
        return with(merge.matched(), merge.notMatched(), with(merge.bySource(), clause), merge.evolves());
    }

    private DeltaMergeBuilder with(
            List<Clause> matched, List<Clause> notMatched, List<Clause> bySource, boolean evolves) {
        return new DeltaMergeBuilder(new Merge(
                merge.table(),
                merge.target(),
                merge.source(),
                merge.condition(),
                matched,
                notMatched,
                bySource,
                evolves));
    }

    private static List<Clause> with(List<Clause> clauses, Clause clause) {
        List<Clause> longer = new ArrayList<>(clauses);
        longer.add(clause);
        return Clause.reachable(longer);
    }

    /// Runs the merge as one commit.
    ///
    /// @return one row: `num_affected_rows`, `num_updated_rows`, `num_deleted_rows`, `num_inserted_rows`
    /// @throws dev.headrace.errors.DataException `DELTA_MERGE_MULTIPLE_MATCHES` if several rows of the source match one
    ///     row of the table
    /// @throws dev.headrace.errors.UnavailableException `DELTA_CONCURRENT_CHANGE`
    public DataFrame execute() {
        if (merge.matched().isEmpty()
                && merge.notMatched().isEmpty()
                && merge.bySource().isEmpty()) {
            throw new QueryException(
                    "DELTA_MERGE_WITHOUT_CLAUSES",
                    "merge: there is nothing to do. Add whenMatched(), whenNotMatched() or whenNotMatchedBySource().");
        }
        Map<String, Long> metrics = merge.execute();
        long updated = metrics.getOrDefault("numTargetRowsUpdated", 0L);
        long deleted = metrics.getOrDefault("numTargetRowsDeleted", 0L);
        long inserted = metrics.getOrDefault("numTargetRowsInserted", 0L);
        return merge.table()
                .session()
                .createDataFrame(
                        List.of(RowFactory.create(updated + deleted + inserted, updated, deleted, inserted)),
                        StructType.fromDDL("num_affected_rows bigint, num_updated_rows bigint, "
                                + "num_deleted_rows bigint, num_inserted_rows bigint"));
    }
}
