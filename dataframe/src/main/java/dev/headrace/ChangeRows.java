package dev.headrace;

import static dev.headrace.functions.coalesce;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.not;
import static dev.headrace.functions.when;

import dev.headrace.connector.ChangeLayout;
import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.plan.NamedExpr;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Debezium;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A stream of changes in the form that sinks apply: its rows as [ChangeLayout] has them.
record ChangeRows(DataFrame rows, ChangeLayout layout) {
    private static final String KIND = "_change_kind";
    private static final String SEQUENCE = "_change_sequence";
    private static final String OLD_KEY = "_change_old_key_";
    private static final int UNKNOWN = -1;

    /// @throws QueryException `CHANGES_WITHOUT_SEQUENCE`, `CHANGES_WITHOUT_KEY`, `UNRESOLVED_COLUMN`,
    ///     `CHANGES_NOT_DEBEZIUM`, `CHANGES_COLUMN_TAKEN`
    static ChangeRows of(DataFrame frame, Changes changes) {
        Column sequence = changes.sequence()
                .orElseThrow(() -> new QueryException(
                        "CHANGES_WITHOUT_SEQUENCE",
                        "applyChanges(…): it is not said in which order changes of one key happened. Add"
                                + " sequencedBy(col(\"…\")): a version, a log position or a time of change."));
        if (changes.keys().isEmpty()) {
            throw new QueryException(
                    "CHANGES_WITHOUT_KEY",
                    "applyChanges(…): no key columns. Name the columns that identify a row: keyedBy(\"id\").");
        }
        return changes.debezium() ? ofEnvelopes(frame, changes, sequence) : ofRows(frame, changes, sequence);
    }

    private static ChangeRows ofRows(DataFrame frame, Changes changes, Column sequence) {
        List<String> names = kept(frame.schema().names(), changes);
        List<Column> columns = new ArrayList<>();
        Column kind = lit(ChangeLayout.UPSERT);
        if (changes.deletes().isPresent()) {
            kind = when(changes.deletes().get(), lit(deletion(changes))).otherwise(kind);
        }
        if (changes.truncates().isPresent()) {
            kind = when(changes.truncates().get(), lit(ChangeLayout.TRUNCATE)).otherwise(kind);
        }
        columns.add(kind.as(KIND));
        columns.add(sequence.as(SEQUENCE));
        StructType keys = keyType(frame.schema(), changes.keys());
        for (String key : keys.names()) {
            columns.add(lit(null).cast(keys.apply(key).dataType()).as(OLD_KEY + key));
        }
        Optional<Column> gone = changes.softDelete().flatMap(_ -> changes.deletes());
        for (String name : names) {
            Column value = frame.col(ColumnName.quoted(name));
            boolean stays = gone.isPresent() && changes.keys().stream().noneMatch(name::equalsIgnoreCase);
            columns.add(
                    stays ? when(not(coalesce(gone.get(), lit(false))), value).as(name) : value);
        }
        changes.softDelete()
                .ifPresent(flag -> columns.add(coalesce(changes.deletes().orElse(lit(false)), lit(false))
                        .as(flag)));
        return new ChangeRows(
                frame.select(columns.toArray(Column[]::new)),
                layout(changes, nameOf(sequence, names), names, false, List.of()));
    }

    private static ChangeRows ofEnvelopes(DataFrame frame, Changes changes, Column sequence) {
        StructType row = rowType(frame);
        boolean rescued = row.indexOf(Debezium.RESCUED).isPresent();
        List<String> known = columns(row);
        List<String> names = envelopeColumns(known, changes, rescued);
        Column op = frame.col("op");
        Column kind = when(op.equalTo("u"), lit(ChangeLayout.UPSERT))
                .when(op.isin("c", "r"), lit(ChangeLayout.INSERT))
                .when(op.equalTo("d"), lit(deletion(changes)))
                .when(op.equalTo("t"), lit(ChangeLayout.TRUNCATE))
                .otherwise(lit(UNKNOWN));
        List<Column> columns = new ArrayList<>();
        columns.add(kind.as(KIND));
        columns.add(sequence.as(SEQUENCE));
        for (String key : changes.keys()) {
            columns.add(when(op.equalTo("u"), field(frame, "before", key)).as(OLD_KEY + key));
        }
        for (String name : names) {
            boolean stays =
                    changes.softDelete().isPresent() && changes.keys().stream().noneMatch(name::equalsIgnoreCase);
            Column after = field(frame, "after", name);
            columns.add((stays
                            ? when(op.notEqual("d"), after)
                            : when(op.equalTo("d"), field(frame, "before", name))
                                    .otherwise(after))
                    .as(name));
        }
        changes.softDelete().ifPresent(flag -> columns.add(op.equalTo("d").as(flag)));
        if (rescued) {
            columns.add(when(op.isin("c", "r", "u"), field(frame, "after", Debezium.RESCUED))
                    .as(Debezium.RESCUED));
        }
        // A tombstone has no operation, and a message of the database ('m') changes no row.
        DataFrame rows = frame.filter(op.isNotNull().and(op.notEqual("m"))).select(columns.toArray(Column[]::new));
        keyType(row, changes.keys());
        List<String> leftOut = new ArrayList<>(known);
        leftOut.addAll(changes.without());
        return new ChangeRows(rows, layout(changes, null, names, rescued, leftOut));
    }

    private static int deletion(Changes changes) {
        return changes.softDelete().isPresent() ? ChangeLayout.PATCH : ChangeLayout.DELETE;
    }

    private static StructType rowType(DataFrame frame) {
        for (String column : List.of("before", "after", "op", "source")) {
            if (frame.schema().indexOf(column).isEmpty()) {
                throw new QueryException(
                        "CHANGES_NOT_DEBEZIUM",
                        "applyChanges(Changes.debezium(…)): the stream has no column '" + column + "' (it has "
                                + String.join(", ", frame.columns())
                                + "). Read the messages with Debezium.json(stream, col(\"value\"), \"<columns of the row>\").");
            }
        }
        DataType after = frame.schema().apply("after").dataType();
        if (!(after instanceof StructType row)) {
            throw new QueryException(
                    "CHANGES_NOT_DEBEZIUM",
                    "applyChanges(Changes.debezium(…)): the column 'after' is '" + after.simpleString()
                            + "', expected a struct with the columns of the row. Read the messages with"
                            + " Debezium.json(stream, col(\"value\"), \"<columns of the row>\").");
        }
        return row;
    }

    private static List<String> columns(StructType row) {
        return row.names().stream()
                .filter(name -> !name.equals(Debezium.RESCUED))
                .toList();
    }

    private static Column field(DataFrame frame, String struct, String name) {
        return frame.col(struct).getField(name);
    }

    private static List<String> kept(List<String> names, Changes changes) {
        Set<String> without = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        without.addAll(changes.without());
        for (String name : without) {
            if (names.stream().noneMatch(name::equalsIgnoreCase)) {
                throw new QueryException(
                        "UNRESOLVED_COLUMN",
                        "applyChanges(…): without(\"" + name + "\") names no column of the rows ("
                                + String.join(", ", names) + "). " + Suggestion.didYouMean(name, names));
            }
        }
        return names.stream().filter(name -> !without.contains(name)).toList();
    }

    /// The columns of the rows beside these.
    ///
    /// @param envelopes whether the rows are in Debezium's messages
    static String[] others(DataFrame frame, List<String> columns, boolean envelopes) {
        List<String> names =
                envelopes ? columns(rowType(frame)) : frame.schema().names();
        for (String column : columns) {
            if (names.stream().noneMatch(column::equalsIgnoreCase)) {
                throw new QueryException(
                        "UNRESOLVED_COLUMN",
                        "COLUMNS (…): '" + column + "' is not a column of the rows (" + String.join(", ", names) + "). "
                                + Suggestion.didYouMean(column, names));
            }
        }
        return names.stream()
                .filter(name -> columns.stream().noneMatch(name::equalsIgnoreCase))
                .toArray(String[]::new);
    }

    private static StructType keyType(StructType row, List<String> keys) {
        StructType type = new StructType();
        for (String key : keys) {
            String column = row.names().stream()
                    .filter(key::equalsIgnoreCase)
                    .findFirst()
                    .orElseThrow(() -> new QueryException(
                            "UNRESOLVED_COLUMN",
                            "applyChanges(…): the key column '" + key + "' is not a column of the rows ("
                                    + String.join(", ", row.names()) + "). "
                                    + Suggestion.didYouMean(key, row.names())));
            DataType ofKey = row.apply(column).dataType();
            if (ofKey.isNested() || ofKey.equals(DataTypes.DoubleType) || ofKey.equals(DataTypes.FloatType)) {
                throw new QueryException(
                        "CHANGES_KEY_TYPE",
                        "applyChanges(…): the key column '" + key + "' is '" + ofKey.simpleString()
                                + "', by which rows can't be found again. Choose a number, text, date or timestamp.");
            }
            type = type.add(column, ofKey);
        }
        return type;
    }

    /// The row's column that the sequence is, if it is nothing but one.
    private static @Nullable String nameOf(Column sequence, List<String> names) {
        return sequence.expr() instanceof NamedExpr.Name(List<String> parts, var _) && parts.size() == 1
                ? names.stream()
                        .filter(parts.getFirst()::equalsIgnoreCase)
                        .findFirst()
                        .orElse(null)
                : null;
    }

    private static List<String> ignoredNulls(Changes changes, List<String> names) {
        if (!changes.ignoreNullUpdates()) {
            return List.of();
        }
        for (String column : changes.ignoreNullColumns()) {
            if (names.stream().noneMatch(column::equalsIgnoreCase)) {
                throw new QueryException(
                        "UNRESOLVED_COLUMN",
                        "applyChanges(…): ignoringNullUpdates(\"" + column + "\") names no column of the rows ("
                                + String.join(", ", names) + "). " + Suggestion.didYouMean(column, names));
            }
        }
        return changes.ignoreNullColumns().isEmpty()
                ? names
                : names.stream()
                        .filter(name -> changes.ignoreNullColumns().stream().anyMatch(name::equalsIgnoreCase))
                        .toList();
    }

    /// With columns that come later, a column that is left out may be one that is not known yet.
    private static List<String> envelopeColumns(List<String> names, Changes changes, boolean rescued) {
        return rescued
                ? names.stream()
                        .filter(name -> changes.without().stream().noneMatch(name::equalsIgnoreCase))
                        .toList()
                : kept(names, changes);
    }

    private static ChangeLayout layout(
            Changes changes, @Nullable String sequence, List<String> names, boolean rescued, List<String> known) {
        List<String> added = changes.history()
                ? List.of("valid_from", "valid_to", "is_current")
                : sequence == null ? List.of(changes.sequenceColumn()) : List.of();
        added = Stream.concat(added.stream(), changes.softDelete().stream()).toList();
        for (String column : added) {
            if (names.stream().anyMatch(column::equalsIgnoreCase)) {
                throw new QueryException(
                        "CHANGES_COLUMN_TAKEN",
                        "applyChanges(…): the table gets a column '" + column
                                + "', but the rows have one of that name. Rename it or leave it out with without(\""
                                + column
                                + "\")"
                                + (changes.history() ? "." : ", or choose another name with sequenceColumn(…)."));
            }
        }
        return new ChangeLayout(
                changes.keys().stream()
                        .map(key -> names.stream()
                                .filter(key::equalsIgnoreCase)
                                .findFirst()
                                .orElseThrow(() -> new QueryException(
                                        "UNRESOLVED_COLUMN",
                                        "applyChanges(…): the key column '" + key
                                                + "' is left out of the rows. Take it out of without(…).")))
                        .toList(),
                changes.history(),
                sequence == null ? changes.sequenceColumn() : sequence,
                ignoredNulls(changes, names),
                changes.placeholder(),
                rescued,
                known);
    }

    /// The connector as one whose sink applies these changes.
    Connector.StreamWritable writtenBy(Connector.ChangeWritable connector) {
        return new Connector.StreamWritable() {
            @Override
            public String format() {
                return connector.format();
            }

            @Override
            public StreamingSink openSink(ConnectorOptions options, StreamWriteRequest request) {
                return connector.openChangeSink(options, request, layout);
            }
        };
    }
}
