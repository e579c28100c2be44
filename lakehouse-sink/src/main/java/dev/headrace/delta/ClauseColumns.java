package dev.headrace.delta;

import static dev.headrace.functions.lit;
import static dev.headrace.functions.when;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.delta.Clause.Values;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.functions;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.DataType;
import dev.headrace.types.NullType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The columns that say which clause applies to a row, and what the row becomes.
///
/// @param table for messages
/// @param rows what the clauses' expressions are over
/// @param target the table's columns in `rows`; absent where there is no row of the table
/// @param source the source's columns in `rows`; absent if there is no source
/// @param columns the table's columns, also those that it gets with this change
/// @param evolves whether the source may lack columns of the table
record ClauseColumns(
        String table,
        DataFrame rows,
        Optional<DataFrame> target,
        Optional<DataFrame> source,
        StructType columns,
        boolean evolves) {
    /// The number of the clause that applies to a row; null if none does.
    static final String ACTION = "__headrace_action";

    Column action(List<Clause> clauses) {
        @Nullable Column action = null;
        for (int i = 0; i < clauses.size(); i++) {
            action = branch(action, clauses.get(i), lit(i));
        }
        return java.util.Objects.requireNonNull(action).as(ACTION);
    }

    /// The table's columns as the clause that applies to a row makes them.
    List<Column> values(List<Clause> clauses) {
        List<Column> values = new ArrayList<>();
        List<List<SetColumn>> set = clauses.stream().map(this::set).toList();
        for (StructField field : columns) {
            @Nullable Column value = null;
            for (int i = 0; i < clauses.size(); i++) {
                value = branch(value, clauses.get(i), valueOf(field, clauses.get(i), set.get(i)));
            }
            values.add(java.util.Objects.requireNonNull(value).as(field.name()));
        }
        return values;
    }

    private static Column branch(@Nullable Column before, Clause clause, Column value) {
        Column condition = clause.condition().orElse(lit(true));
        return before == null ? when(condition, value) : before.when(condition, value);
    }

    private Column valueOf(StructField field, Clause clause, List<SetColumn> set) {
        if (clause.kind() == Clause.Kind.DELETE) {
            return lit(null).cast(field.dataType());
        }
        return switch (clause.values()) {
            case Values.All() when keepsNumber(field, clause) -> target.orElseThrow().col(quoted(field.name()));
            case Values.All() when evolves && !isIn(source.orElseThrow(), field) -> unset(field, clause);
            case Values.All() -> fitted(field, ofSource(field), clause);
            case Values.Some _ -> {
                List<SetColumn> own =
                        set.stream().filter(one -> one.isOf(field.name())).toList();
                if (own.isEmpty()) {
                    yield unset(field, clause);
                }
                checkNotNumber(field, clause);
                yield within(field, Optional.empty(), own, 0, clause);
            }
        };
    }

    /// What becomes of a column, or of a field in it, if it is set or some of its fields are.
    ///
    /// @param around the struct that the field is in; absent for a column
    /// @param depth how many structs are around it
    private Column within(StructField field, Optional<Column> around, List<SetColumn> set, int depth, Clause clause) {
        if (!set.isEmpty() && set.getFirst().fields().size() == depth) {
            Column value = set.getFirst().value();
            return isDefault(value) ? byDefault(field) : fitted(field, value, clause);
        }
        Column now = around.map(struct -> struct.getField(field.name()))
                .orElseGet(() -> target.orElseThrow().col(quoted(field.name())));
        if (set.isEmpty()) {
            return now;
        }
        return functions.struct(((StructType) field.dataType())
                .fieldList().stream()
                        .map(inner -> within(
                                        inner,
                                        Optional.of(now),
                                        set.stream()
                                                .filter(one ->
                                                        one.fields().get(depth).equalsIgnoreCase(inner.name()))
                                                .toList(),
                                        depth + 1,
                                        clause)
                                .as(inner.name()))
                        .toArray(Column[]::new));
    }

    /// What becomes of a column of which a clause says nothing.
    private Column unset(StructField field, Clause clause) {
        if (RowRules.isGenerated(field)) {
            // The writer puts in what follows from the row as it is now.
            return lit(null).cast(field.dataType());
        }
        return target.filter(frame -> clause.kind() == Clause.Kind.UPDATE && isIn(frame, field))
                .map(frame -> frame.col(quoted(field.name())))
                .orElseGet(() -> byDefault(field));
    }

    /// Whether a clause says DEFAULT, and no column is called so.
    private boolean isDefault(Column value) {
        return Frames.isDefault(value) && rows.schema().names().stream().noneMatch("default"::equalsIgnoreCase);
    }

    /// What a column has where nothing is given.
    private static Column byDefault(StructField field) {
        return RowRules.isGenerated(field)
                ? lit(null).cast(field.dataType())
                : RowRules.defaultOf(field).orElseGet(() -> lit(null)).cast(field.dataType());
    }

    private static boolean isIn(DataFrame frame, StructField field) {
        return frame.schema().names().stream().anyMatch(field.name()::equalsIgnoreCase);
    }

    /// Whether the column is one whose numbers rows keep for good.
    private boolean keepsNumber(StructField field, Clause clause) {
        boolean keeps = clause.kind() == Clause.Kind.UPDATE && IdentityColumn.isIdentity(field);
        if (keeps && isIn(source.orElseThrow(), field)) {
            checkNotNumber(field, clause);
        }
        return keeps;
    }

    private void checkNotNumber(StructField field, Clause clause) {
        if (clause.kind() == Clause.Kind.UPDATE && IdentityColumn.isIdentity(field)) {
            throw new QueryException(
                    "DELTA_IDENTITY_COLUMN_UPDATE",
                    table + ": an update can't set '" + field.name()
                            + "', an identity column: rows keep the number that they got. Name the columns to set, without it.");
        }
    }

    private Column ofSource(StructField field) {
        DataFrame frame = source.orElseThrow();
        for (String name : frame.columns()) {
            if (name.equalsIgnoreCase(field.name())) {
                return frame.col(quoted(name));
            }
        }
        List<String> known = new ArrayList<>(frame.schema().names());
        known.remove(SourceRows.NUMBER.name());
        if (RowRules.isGenerated(field) || IdentityColumn.isIdentity(field)) {
            return lit(null).cast(field.dataType());
        }
        throw new QueryException(
                "DELTA_MERGE_UNRESOLVED_COLUMN",
                table + ": updateAll() and insertAll() take each of the table's columns from the source, which has no '"
                        + field.name() + "' (it has " + String.join(", ", known)
                        + "). Add it to the source, or name the columns to set with update(…) and insert(…).");
    }

    private static String suggestion(String name, List<String> known) {
        String suggestion = Suggestion.didYouMean(name, known);
        return suggestion.isEmpty() ? "" : " " + suggestion;
    }

    /// The value as the column's type.
    private Column fitted(StructField field, Column value, Clause clause) {
        DataType type = rows.select(value.as("value")).schema().field(0).dataType();
        if (TableSchema.sameShape(type, field.dataType())) {
            return value;
        }
        if (!(type instanceof NullType) && (type.isNested() || field.dataType().isNested())) {
            throw new QueryException(
                    "DELTA_SCHEMA_MISMATCH",
                    table + ": column '" + field.name() + "' is '"
                            + field.dataType().simpleString() + "' in the table, but the "
                            + clause.kind().name().toLowerCase(java.util.Locale.ROOT) + " gives it a '"
                            + type.simpleString() + "'. Make it the same type, field by field.");
        }
        return value.cast(field.dataType());
    }

    /// @throws QueryException `DELTA_MERGE_UNRESOLVED_COLUMN`, `DUPLICATE_ASSIGNMENT`
    private List<SetColumn> set(Clause clause) {
        if (!(clause.values() instanceof Values.Some(Map<String, Column> byName))) {
            return List.of();
        }
        List<SetColumn> all = new ArrayList<>();
        byName.forEach((key, value) -> all.add(named(key, value, clause)));
        SetColumn.checkOnce(table, all);
        return all;
    }

    /// The column that a key of `set` means: `name`, `alias.name`, or in an update `struct.field`.
    private SetColumn named(String key, Column value, Clause clause) {
        String behindAlias = key.substring(key.indexOf('.') + 1);
        boolean update = clause.kind() == Clause.Kind.UPDATE;
        return column(key, key, value)
                .or(() -> target.filter(_ -> update).flatMap(frame -> bound(frame, key, value)))
                .or(() -> column(key, behindAlias, value).filter(one -> update ? isNew(one) : !isInStruct(key)))
                .orElseThrow(() -> new QueryException(
                        "DELTA_MERGE_UNRESOLVED_COLUMN",
                        table + ": there is no column '" + key + "' to set; the table has "
                                + String.join(", ", columns.names()) + "."
                                + suggestion(behindAlias, columns.names())));
    }

    private Optional<SetColumn> column(String key, String name, Column value) {
        return columns.names().stream()
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .map(column -> new SetColumn(key, column, List.of(), value));
    }

    private static Optional<SetColumn> bound(DataFrame frame, String key, Column value) {
        try {
            return Frames.plan(frame.select(functions.col(key))) instanceof LogicalPlan.Project(var _, var outputs)
                    ? SetColumn.of(key, outputs.getFirst().expr(), value)
                    : Optional.empty();
        } catch (QueryException noColumn) {
            return Optional.empty();
        }
    }

    /// Whether the table gets the column with this change.
    private boolean isNew(SetColumn one) {
        return target.orElseThrow().schema().names().stream().noneMatch(one::isOf);
    }

    /// Rows that are put in have whole columns.
    private boolean isInStruct(String key) {
        String first = key.substring(0, key.indexOf('.'));
        return columns.fieldList().stream()
                .anyMatch(column -> column.name().equalsIgnoreCase(first) && column.dataType() instanceof StructType);
    }

    static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
