package dev.headrace.streaming;

import dev.headrace.Column;
import dev.headrace.errors.QueryException;
import dev.headrace.functions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the rows of a stream say about changes of a table's rows, for [DataStreamWriter#applyChanges].
///
/// ```java
/// changes.writeStream()
///         .format("delta")
///         .applyChanges(Changes.keyedBy("id")
///                 .sequencedBy(col("version"))
///                 .deletedWhere(col("op").equalTo("delete"))
///                 .without("op"))
///         .option("checkpointLocation", "/data/checkpoints/orders")
///         .start("/data/orders");
/// ```
///
/// Of one key, the change with the largest sequence counts, whenever it comes; of those with the same sequence, the one
/// that comes last. Immutable.
///
/// @param keys the columns that identify a row
/// @param sequence the order in which changes of a key happened
/// @param deletes for which rows the row of the key is gone
/// @param truncates for which rows all rows of the table that are older are gone
/// @param without columns that are not the table's
/// @param history whether the table keeps every version of a row (a slowly changing dimension of type 2)
/// @param sequenceColumn the table's column for the sequence, if it is not one of the stream's
/// @param ignoreNullUpdates whether a null means that the column stays as it was
/// @param ignoreNullColumns of which columns; of all, if empty
/// @param softDelete the table's column that says that a row is deleted, if deleted rows stay
/// @param placeholder a text that means that the column stays as it was
/// @param debezium whether the rows are Debezium's envelopes
/// @param renamed columns that have another name at the source since: the new one by the old one
public record Changes(
        List<String> keys,
        Optional<Column> sequence,
        Optional<Column> deletes,
        Optional<Column> truncates,
        List<String> without,
        boolean history,
        String sequenceColumn,
        boolean ignoreNullUpdates,
        List<String> ignoreNullColumns,
        Optional<String> softDelete,
        Optional<String> placeholder,
        boolean debezium,
        Map<String, String> renamed) {
    /// What Debezium writes for a large value that an update of PostgreSQL has not touched.
    public static final String DEBEZIUM_UNAVAILABLE = "__debezium_unavailable_value";

    private static final String SEQUENCE_COLUMN = "_sequence";

    public Changes {
        keys = List.copyOf(keys);
        without = List.copyOf(without);
        ignoreNullColumns = List.copyOf(ignoreNullColumns);
        renamed = Collections.unmodifiableMap(new LinkedHashMap<>(renamed));
    }

    /// Changes of rows that are identified by these columns. Each row of the stream is the whole new row, until
    /// [#deletedWhere] and others say otherwise.
    public static Changes keyedBy(String... keys) {
        return new Changes(
                List.of(keys),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                SEQUENCE_COLUMN,
                false,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of());
    }

    /// Changes in Debezium's envelopes: the stream has the columns `before`, `after`, `op` and `source`, as
    /// [Debezium#json] gives them. Sequence: `source.lsn`, PostgreSQL's log position; for other databases say
    /// [#sequencedBy].
    public static Changes debezium(String... keys) {
        return new Changes(
                List.of(keys),
                Optional.of(functions.col("source.lsn")),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                SEQUENCE_COLUMN,
                false,
                List.of(),
                Optional.empty(),
                Optional.of(DEBEZIUM_UNAVAILABLE),
                true,
                Map.of());
    }

    /// The order in which changes of a key happened: a number, a time or a text, never null. If it is one of the
    /// table's columns, the table needs no other for it.
    public Changes sequencedBy(Column order) {
        return with(Optional.of(order), deletes, truncates, without, history, sequenceColumn, ignoreNullUpdates);
    }

    /// For which rows the table's row of that key is to go.
    public Changes deletedWhere(Column condition) {
        return with(sequence, Optional.of(condition), truncates, without, history, sequenceColumn, ignoreNullUpdates);
    }

    /// For which rows all of the table's rows with a smaller sequence are to go.
    public Changes truncatedWhere(Column condition) {
        return with(sequence, deletes, Optional.of(condition), without, history, sequenceColumn, ignoreNullUpdates);
    }

    /// Columns of the stream that the table does not get.
    public Changes without(String... columns) {
        List<String> more = new ArrayList<>(without);
        more.addAll(List.of(columns));
        return with(sequence, deletes, truncates, more, history, sequenceColumn, ignoreNullUpdates);
    }

    /// Keeps every version of a row: the table gets the columns `valid_from`, `valid_to` (null for the version that is
    /// valid now) and `is_current`. A slowly changing dimension of type 2; without this, of type 1.
    public Changes keepingHistory() {
        return with(sequence, deletes, truncates, without, true, sequenceColumn, ignoreNullUpdates);
    }

    /// What the table's column for the sequence is called, if the sequence is not one of the stream's columns:
    /// `_sequence` if not said.
    public Changes sequenceColumn(String name) {
        return with(sequence, deletes, truncates, without, history, name, ignoreNullUpdates);
    }

    /// A null in an update leaves the column as it was.
    public Changes ignoringNullUpdates() {
        return with(sequence, deletes, truncates, without, history, sequenceColumn, true);
    }

    /// A null in an update leaves the column as it was, if it is one of these.
    public Changes ignoringNullUpdates(String... columns) {
        return new Changes(
                keys,
                sequence,
                deletes,
                truncates,
                without,
                history,
                sequenceColumn,
                true,
                List.of(columns),
                softDelete,
                placeholder,
                debezium,
                renamed);
    }

    /// Deleted rows stay as they were: a column of this name says `true` for them, and `false` for the others. A row
    /// that comes again is not deleted any more. A truncation still takes all rows out.
    public Changes markingDeletes(String column) {
        return new Changes(
                keys,
                sequence,
                deletes,
                truncates,
                without,
                history,
                sequenceColumn,
                ignoreNullUpdates,
                ignoreNullColumns,
                Optional.of(column),
                placeholder,
                debezium,
                renamed);
    }

    /// A column that is renamed at the source: what rows have under either name is the column `to` of the table. The
    /// rows of the stream have both, of one type. A table that has the column as `from` gets the new name with the
    /// first row that has it, in the commit with that row; no file is written anew for that, so the table must map its
    /// columns by name (`delta.columnMapping.mode`). Keys and other columns are named as they are called now.
    ///
    /// @throws QueryException `CHANGES_RENAMED_COLUMN` if `from` is renamed already
    public Changes renaming(String from, String to) {
        renamed.forEach((before, now) -> {
            if (before.equalsIgnoreCase(from)) {
                throw new QueryException(
                        "CHANGES_RENAMED_COLUMN",
                        "applyChanges(…): renaming(\"" + from + "\", \"" + to + "\"): '" + before + "' is renamed to '"
                                + now + "' already. A column has one name now: leave the other one out.");
            }
        });
        Map<String, String> more = new LinkedHashMap<>(renamed);
        more.put(from, to);
        return new Changes(
                keys,
                sequence,
                deletes,
                truncates,
                without,
                history,
                sequenceColumn,
                ignoreNullUpdates,
                ignoreNullColumns,
                softDelete,
                placeholder,
                debezium,
                more);
    }

    private Changes with(
            Optional<Column> newSequence,
            Optional<Column> newDeletes,
            Optional<Column> newTruncates,
            List<String> newWithout,
            boolean newHistory,
            String newSequenceColumn,
            boolean newIgnoreNullUpdates) {
        return new Changes(
                keys,
                newSequence,
                newDeletes,
                newTruncates,
                newWithout,
                newHistory,
                newSequenceColumn,
                newIgnoreNullUpdates,
                ignoreNullColumns,
                softDelete,
                placeholder,
                debezium,
                renamed);
    }
}
