package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.sql.TableStatement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A merge of a DataFrame's rows into a table in the making, from [DataFrame#mergeInto]: actions are added with
/// `when…`, then it runs with [#merge].
///
/// For each row the first action of its kind whose condition is true applies; a row to which none applies stays as it
/// is, or is not inserted.
public final class MergeIntoWriter {
    private final DataFrame source;
    private final String table;
    private final Column condition;
    private final List<TableStatement.Clause> matched = new ArrayList<>();
    private final List<TableStatement.Clause> notMatched = new ArrayList<>();
    private final List<TableStatement.Clause> notMatchedBySource = new ArrayList<>();
    private boolean evolves;

    MergeIntoWriter(DataFrame source, String table, Column condition) {
        this.source = source;
        this.table = table;
        this.condition = condition;
    }

    /// What becomes of a row of the table that has a partner in the source.
    public WhenMatched whenMatched() {
        return new WhenMatched(Optional.empty());
    }

    /// What becomes of a row of the table that has a partner in the source.
    ///
    /// @param condition over both
    public WhenMatched whenMatched(Column condition) {
        return new WhenMatched(Optional.of(condition.expr()));
    }

    /// What is inserted for a row of the source that has no partner.
    public WhenNotMatched whenNotMatched() {
        return new WhenNotMatched(Optional.empty());
    }

    /// What is inserted for a row of the source that has no partner.
    ///
    /// @param condition over the source
    public WhenNotMatched whenNotMatched(Column condition) {
        return new WhenNotMatched(Optional.of(condition.expr()));
    }

    /// What becomes of a row of the table that has no partner in the source.
    public WhenNotMatchedBySource whenNotMatchedBySource() {
        return new WhenNotMatchedBySource(Optional.empty());
    }

    /// What becomes of a row of the table that has no partner in the source.
    ///
    /// @param condition over the table
    public WhenNotMatchedBySource whenNotMatchedBySource(Column condition) {
        return new WhenNotMatchedBySource(Optional.of(condition.expr()));
    }

    /// Lets the merge give the table columns of the source that it lacks and that an action sets, and, where the table
    /// allows it, wider types.
    public MergeIntoWriter withSchemaEvolution() {
        evolves = true;
        return this;
    }

    /// Runs the merge as one commit.
    ///
    /// @throws QueryException `NO_MERGE_ACTION_SPECIFIED`, `TABLE_OR_VIEW_NOT_FOUND`; `UNSUPPORTED_OPERATION` for a
    ///     table whose format keeps no versions; `STREAMING_QUERY_NOT_STARTED` for a stream
    public void merge() {
        new Execution(source, "mergeInto()").checkBatch();
        if (matched.isEmpty() && notMatched.isEmpty() && notMatchedBySource.isEmpty()) {
            throw new QueryException(
                    "NO_MERGE_ACTION_SPECIFIED",
                    "mergeInto(\"" + table + "\") has nothing to do. Add whenMatched(), whenNotMatched() or"
                            + " whenNotMatchedBySource(), each with what becomes of the row.");
        }
        new SqlTableStatements(source.session())
                .run(new TableStatement.Merge(
                        ColumnName.parts(table),
                        Optional.empty(),
                        source.identified(),
                        condition.expr(),
                        matched,
                        notMatched,
                        notMatchedBySource,
                        evolves));
    }

    private MergeIntoWriter with(
            List<TableStatement.Clause> clauses,
            TableStatement.Does does,
            Optional<NamedExpr> when,
            Optional<Map<String, Column>> values) {
        clauses.add(new TableStatement.Clause(does, when, values.map(MergeIntoWriter::expressions)));
        return this;
    }

    private static Map<String, NamedExpr> expressions(Map<String, Column> values) {
        Map<String, NamedExpr> expressions = new LinkedHashMap<>();
        values.forEach((name, value) -> expressions.put(name, value.expr()));
        return expressions;
    }

    /// Says what becomes of a row of the table that has a partner in the source.
    public final class WhenMatched {
        private final Optional<NamedExpr> when;

        private WhenMatched(Optional<NamedExpr> when) {
            this.when = when;
        }

        /// Sets each column to the source's column of its name.
        public MergeIntoWriter updateAll() {
            return with(matched, TableStatement.Does.UPDATE, when, Optional.empty());
        }

        /// Sets columns.
        ///
        /// @param assignments for names of the table's columns, what they become: expressions over both rows
        public MergeIntoWriter update(Map<String, Column> assignments) {
            return with(matched, TableStatement.Does.UPDATE, when, Optional.of(assignments));
        }

        /// Removes the row.
        public MergeIntoWriter delete() {
            return with(matched, TableStatement.Does.DELETE, when, Optional.empty());
        }
    }

    /// Says what is inserted for a row of the source that has no partner.
    public final class WhenNotMatched {
        private final Optional<NamedExpr> when;

        private WhenNotMatched(Optional<NamedExpr> when) {
            this.when = when;
        }

        /// The source's row: each column from that of its name.
        public MergeIntoWriter insertAll() {
            return with(notMatched, TableStatement.Does.INSERT, when, Optional.empty());
        }

        /// A row of these values; columns that are not named are null.
        ///
        /// @param assignments for names of the table's columns, expressions over the source's row
        public MergeIntoWriter insert(Map<String, Column> assignments) {
            return with(notMatched, TableStatement.Does.INSERT, when, Optional.of(assignments));
        }
    }

    /// Says what becomes of a row of the table that has no partner in the source.
    public final class WhenNotMatchedBySource {
        private final Optional<NamedExpr> when;

        private WhenNotMatchedBySource(Optional<NamedExpr> when) {
            this.when = when;
        }

        /// Sets columns.
        ///
        /// @param assignments for names of the table's columns, what they become: expressions over the table's row
        public MergeIntoWriter update(Map<String, Column> assignments) {
            return with(notMatchedBySource, TableStatement.Does.UPDATE, when, Optional.of(assignments));
        }

        /// Removes the row.
        public MergeIntoWriter delete() {
            return with(notMatchedBySource, TableStatement.Does.DELETE, when, Optional.empty());
        }
    }
}
