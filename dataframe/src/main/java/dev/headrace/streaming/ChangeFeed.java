package dev.headrace.streaming;

import static dev.headrace.functions.array_repeat;
import static dev.headrace.functions.coalesce;
import static dev.headrace.functions.col;
import static dev.headrace.functions.concat;
import static dev.headrace.functions.explode;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.raise_error;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.when;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads feeds of changes: rows with a `_change_type` of `insert`, `update_preimage`, `update_postimage` or `delete`,
/// as Delta's change data feed, `table_changes` and `outputMode("changelog")` give them.
public final class ChangeFeed {
    private static final String CHANGE_TYPE = "_change_type";
    /// What Delta's feed says of the commit, which differs between the row that comes and the same row that goes.
    private static final Set<String> OF_THE_CHANGE = Set.of(CHANGE_TYPE, "_commit_version", "_commit_timestamp");

    private static final String ROWS = "_headrace_rows";
    private static final String EACH = "_headrace_row";

    private ChangeFeed() {}

    /// The table that a feed describes: its rows come and go with the changes. What is computed from a stream of it
    /// follows: sums go down again, results of joins go.
    ///
    /// A row is there as often as it has come more often than it has gone, so the order of changes does not matter; one
    /// that only goes is not there. `_commit_version` and `_commit_timestamp` are left out. The state of a streaming
    /// query has an entry for each different row.
    ///
    /// @param feed rows with `_change_type`; another value, or null, fails the query. Columns can't be maps, which do
    ///     not compare
    public static DataFrame table(DataFrame feed) {
        List<Column> columns = new ArrayList<>();
        for (String name : feed.columns()) {
            if (!OF_THE_CHANGE.contains(name)) {
                columns.add(quoted(name));
            }
        }
        Column[] row = columns.toArray(Column[]::new);
        Column type = col(CHANGE_TYPE);
        Column change = when(type.isin("insert", "update_postimage"), 1)
                .when(type.isin("delete", "update_preimage"), -1)
                .otherwise(raise_error(concat(
                        lit("A row of a change feed has the _change_type '"),
                        coalesce(type, lit("null")),
                        lit("': expected insert, update_preimage, update_postimage or delete."))));
        columns.add(explode(array_repeat(lit(true), col(ROWS).cast("int"))).as(EACH));
        return feed.groupBy(row)
                .agg(sum(change).as(ROWS))
                .filter(col(ROWS).gt(0))
                .select(columns.toArray(Column[]::new))
                .select(row);
    }

    static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}
