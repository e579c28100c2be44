package dev.headrace.delta;

import dev.headrace.Column;
import java.util.Map;
import java.util.Optional;

/// Says what is inserted for a row of the source that has no partner in the table.
public final class DeltaMergeNotMatchedActionBuilder {
    private final DeltaMergeBuilder merge;
    private final Optional<Column> condition;

    DeltaMergeNotMatchedActionBuilder(DeltaMergeBuilder merge, Optional<Column> condition) {
        this.merge = merge;
        this.condition = condition;
    }

    /// Inserts a row with these columns, and nulls in the others.
    ///
    /// @param values for names of the table's columns, expressions over the source's row
    public DeltaMergeBuilder insert(Map<String, Column> values) {
        return merge.notMatched(new Clause(Clause.Kind.INSERT, condition, new Clause.Values.Some(values)));
    }

    /// Inserts a row with these columns, expressions in SQL, and nulls in the others.
    public DeltaMergeBuilder insertExpr(Map<String, String> values) {
        return insert(Clause.expressions(values));
    }

    /// Inserts the source's row, column by column of the same name.
    public DeltaMergeBuilder insertAll() {
        return merge.notMatched(new Clause(Clause.Kind.INSERT, condition, new Clause.Values.All()));
    }
}
