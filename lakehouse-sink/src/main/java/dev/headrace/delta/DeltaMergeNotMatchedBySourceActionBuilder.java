package dev.headrace.delta;

import dev.headrace.Column;
import java.util.Map;
import java.util.Optional;

/// Says what becomes of a row of the table that has no partner in the source.
public final class DeltaMergeNotMatchedBySourceActionBuilder {
    private final DeltaMergeBuilder merge;
    private final Optional<Column> condition;

    DeltaMergeNotMatchedBySourceActionBuilder(DeltaMergeBuilder merge, Optional<Column> condition) {
        this.merge = merge;
        this.condition = condition;
    }

    /// Sets columns.
    ///
    /// @param set for names of the table's columns, what they become: expressions over the row as it was
    public DeltaMergeBuilder update(Map<String, Column> set) {
        return merge.bySource(new Clause(Clause.Kind.UPDATE, condition, new Clause.Values.Some(set)));
    }

    /// Sets columns to expressions in SQL.
    public DeltaMergeBuilder updateExpr(Map<String, String> set) {
        return update(Clause.expressions(set));
    }

    /// Removes the row.
    public DeltaMergeBuilder delete() {
        return merge.bySource(Clause.delete(condition));
    }
}
