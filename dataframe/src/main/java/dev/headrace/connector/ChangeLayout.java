package dev.headrace.connector;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What the columns of a stream of changes mean to a sink that applies them to a table.
///
/// The rows have the columns [#KIND] and [#SEQUENCE], then those of the key before the change, then the columns of the
/// changed row. A truncation has no row, a deletion at least the key columns.
///
/// @param keys the names of the columns that identify a row
/// @param history whether the table keeps what rows were, or only what they are
/// @param sequenceColumn the table's column that holds a row's [#SEQUENCE]; one of the row's columns, or another one
/// @param ignoreNulls the columns in which a null in a changed row means that the column stays as it was
/// @param placeholder a text that means that the column stays as it was
/// @param rescued whether the last column is no column of the row, but a JSON object of fields that the changed row has
///     beyond its columns: those that have come at the source since the query was written, and under [#ABSENT] a list of
///     the columns that it lacks; null for none
/// @param known names of fields in there that are not new: they are left out on purpose
/// @param renamed names that columns of the rows had at the source before, with what they are called in the rows. In
///     [#ABSENT] each name is listed that a row lacks: one that lacks all of a column's has not got the column
public record ChangeLayout(
        List<String> keys,
        boolean history,
        String sequenceColumn,
        List<String> ignoreNulls,
        Optional<String> placeholder,
        boolean rescued,
        List<String> known,
        Map<String, String> renamed) {
    /// The ordinal of the column that says what happened: an int, [#UPSERT] and so on, not null.
    public static final int KIND = 0;

    /// The ordinal of the column by whose order changes of one key happened; not null.
    public static final int SEQUENCE = 1;

    /// The ordinal of the first of the columns with the key before the change, in the order of the keys; null if not
    /// known.
    public static final int OLD_KEY = 2;

    /// The key of the list of columns that a changed row lacks.
    public static final String ABSENT = "_absent_columns";

    /// The row is there now, and as it says.
    public static final int UPSERT = 0;

    /// The row of this key is gone.
    public static final int DELETE = 1;

    /// All rows are gone.
    public static final int TRUNCATE = 2;

    /// What is not null in this row is so now; the rest stays as it was.
    public static final int PATCH = 3;

    /// As [#UPSERT], and there was no row before whose columns could stay as they were.
    public static final int INSERT = 4;

    public ChangeLayout {
        ignoreNulls = List.copyOf(ignoreNulls);
        keys = List.copyOf(keys);
        known = List.copyOf(known);
        renamed = Collections.unmodifiableMap(new LinkedHashMap<>(renamed));
    }

    /// The same changes with other names for columns of the rows.
    public ChangeLayout named(UnaryOperator<String> name) {
        return new ChangeLayout(
                keys.stream().map(name).toList(),
                history,
                name.apply(sequenceColumn),
                ignoreNulls.stream().map(name).toList(),
                placeholder,
                rescued,
                known,
                renamed);
    }

    /// The ordinal of the first column of the changed row.
    public int row() {
        return OLD_KEY + keys.size();
    }
}
