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
import java.util.function.Function;
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
        checkRenamed(frame.schema(), changes);
        List<String> names = current(kept(frame.schema().names(), changes), changes);
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
            Column value = underEitherName(name, changes, either -> frame.col(ColumnName.quoted(either)));
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
        checkRenamed(row, changes);
        List<String> names = current(envelopeColumns(known, changes, rescued), changes);
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
            columns.add(
                    when(op.equalTo("u"), field(frame, "before", key, changes)).as(OLD_KEY + key));
        }
        for (String name : names) {
            boolean stays =
                    changes.softDelete().isPresent() && changes.keys().stream().noneMatch(name::equalsIgnoreCase);
            Column after = field(frame, "after", name, changes);
            columns.add((stays
                            ? when(op.notEqual("d"), after)
                            : when(op.equalTo("d"), field(frame, "before", name, changes))
                                    .otherwise(after))
                    .as(name));
        }
        changes.softDelete().ifPresent(flag -> columns.add(op.equalTo("d").as(flag)));
        if (rescued) {
            columns.add(when(op.isin("c", "r", "u"), frame.col("after").getField(Debezium.RESCUED))
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

    private static Column field(DataFrame frame, String struct, String name, Changes changes) {
        return underEitherName(name, changes, either -> frame.col(struct).getField(either));
    }

    /// A column of the rows, or what they have under a name that it had before.
    private static Column underEitherName(String name, Changes changes, Function<String, Column> column) {
        List<Column> values = new ArrayList<>();
        values.add(column.apply(name));
        changes.renamed().forEach((from, to) -> {
            if (to.equalsIgnoreCase(name)) {
                values.add(column.apply(from));
            }
        });
        return values.size() == 1
                ? values.getFirst()
                : coalesce(values.toArray(Column[]::new)).as(name);
    }

    /// Without the names that columns had before.
    private static List<String> current(List<String> names, Changes changes) {
        return names.stream()
                .filter(name -> changes.renamed().keySet().stream().noneMatch(name::equalsIgnoreCase))
                .toList();
    }

    private static void checkRenamed(StructType row, Changes changes) {
        changes.renamed().forEach((from, to) -> {
            String call = "applyChanges(…): renaming(\"" + from + "\", \"" + to + "\")";
            DataType before = renamedType(row, from, call);
            DataType now = renamedType(row, to, call);
            if (!before.equals(now)) {
                throw new QueryException(
                        "CHANGES_RENAMED_COLUMN",
                        call + ": the rows have '" + from + "' as '" + before.simpleString() + "' and '" + to + "' as '"
                                + now.simpleString() + "'. Give both the same type.");
            }
            if (changes.renamed().keySet().stream().anyMatch(to::equalsIgnoreCase)) {
                throw new QueryException(
                        "CHANGES_RENAMED_COLUMN",
                        call + ": '" + to + "' is renamed, too. Rename '" + from + "' to the last of its names.");
            }
            if (Stream.concat(changes.keys().stream(), changes.ignoreNullColumns().stream())
                    .anyMatch(from::equalsIgnoreCase)) {
                throw new QueryException(
                        "CHANGES_RENAMED_COLUMN",
                        call + ": the changes speak of the column as '" + from + "'. Say '" + to
                                + "' among the keys and other columns.");
            }
        });
    }

    private static DataType renamedType(StructType row, String name, String call) {
        return row.fieldList().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new QueryException(
                        "CHANGES_RENAMED_COLUMN",
                        call + ": '" + name + "' is not a column of the rows (" + String.join(", ", columns(row))
                                + "). Let them have both names: messages from before have the old one."))
                .dataType();
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
                known,
                changes.renamed());
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
