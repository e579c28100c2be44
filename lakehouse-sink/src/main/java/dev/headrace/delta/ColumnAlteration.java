package dev.headrace.delta;

import dev.headrace.Row;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.functions;
import dev.headrace.sql.TableStatement;
import dev.headrace.sql.TableStatement.ColumnChange;
import dev.headrace.sql.TableStatement.Place;
import dev.headrace.types.DataType;
import dev.headrace.types.DeclaredText;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What becomes of a table when one of its columns is altered. No file changes by it.
///
/// @param metadata before it
record ColumnAlteration(DeltaTable table, TableMetadata metadata) {
    /// @throws QueryException `UNRESOLVED_COLUMN`, `DELTA_TYPE_NOT_WIDER`, `DELTA_TYPE_WIDENING_NEEDED`,
    ///     `DELTA_PARTITION_COLUMN`, `DELTA_COLUMN_IN_USE`, `DELTA_INVALID_RULE`, `DELTA_INVALID_IDENTITY_COLUMN`
    /// @throws DataException `DELTA_NULL_IN_NOT_NULL_COLUMN` if a column that is to be `NOT NULL` has a null
    TableMetadata altered(String name, ColumnChange change) {
        StructType columns = metadata.schema();
        StructField column = existing(columns, name);
        TableMetadata altered = switch (change) {
            case ColumnChange.Type(DataType type, DeclaredText texts) ->
                with(column, texts.noted(widened(column, type, texts)));
            case ColumnChange.Comment(String text) -> with(column, fact(column, "comment", Optional.of(text)));
            case ColumnChange.Default(Optional<String> value) ->
                with(column, fact(column, TableStatement.DEFAULT, value));
            case ColumnChange.Nullability(boolean nullable) -> with(column, mayBeNull(column, nullable));
            case ColumnChange.Move(Place place) -> metadata.withSchema(placed(without(column), column, place));
        };
        if (change instanceof ColumnChange.Default) {
            RowRules.of(table.path(), altered, ZoneOffset.UTC);
        }
        if (IdentityColumn.isIdentity(column)) {
            IdentityColumn.check(table.path(), altered);
        }
        return altered;
    }

    private StructField existing(StructType columns, String name) {
        int ordinal = TableSchema.find(columns, name);
        if (ordinal < 0) {
            throw new QueryException(
                    "UNRESOLVED_COLUMN",
                    table.path() + ": there is no column '" + name + "'. "
                            + Suggestion.didYouMean(name, columns.names()));
        }
        return columns.field(ordinal);
    }

    private TableMetadata with(StructField before, StructField after) {
        return metadata.withSchema(new StructType(metadata.schema().fieldList().stream()
                .map(column -> column.equals(before) ? after : column)
                .toList()));
    }

    private StructType without(StructField column) {
        return new StructType(metadata.schema().fieldList().stream()
                .filter(other -> !other.equals(column))
                .toList());
    }

    /// The columns with one more.
    StructType placed(StructType others, StructField column, Place place) {
        int at = switch (place) {
            case Place.First _ -> 0;
            case Place.After(String name) -> others.fieldList().indexOf(existing(others, name)) + 1;
        };
        List<StructField> columns = new ArrayList<>(others.fieldList());
        columns.add(at, column);
        return new StructType(columns);
    }

    private StructField widened(StructField column, DataType type, DeclaredText texts) {
        DataType before = column.dataType();
        DeclaredText declared = DeclaredText.of(column);
        String asked = table.path() + ": column '" + column.name() + "' can't become '" + texts.text(type) + "' from '"
                + declared.text(before) + "'";
        if (before.equals(type)) {
            if (!declared.mayBecome(texts)) {
                throw new QueryException(
                        "DELTA_TYPE_NOT_WIDER",
                        asked
                                + ": the texts of the files may be too long for it, or are read with other blanks at their"
                                + " ends. A char or varchar may become a longer varchar, or a string.");
            }
            return column;
        }
        if (!TypeWidening.widens(before, type)) {
            throw new QueryException(
                    "DELTA_TYPE_NOT_WIDER",
                    asked
                            + ": only a type that holds all values of the old one, as Delta's type widening has it, leaves the"
                            + " files as they are. Write the table anew: read it, cast the column, and save with"
                            + " mode(\"overwrite\") and option(\"overwriteSchema\", true).");
        }
        if (!TypeWidening.isAllowed(metadata)) {
            throw new QueryException(
                    "DELTA_TYPE_WIDENING_NEEDED",
                    asked + ", as the table does not allow it. Write ALTER TABLE … SET TBLPROPERTIES ('"
                            + TypeWidening.PROPERTY
                            + "' = 'true') first; older readers don't understand the table then.");
        }
        if (metadata.partitionColumns().contains(column.name())) {
            throw new QueryException(
                    "DELTA_PARTITION_COLUMN",
                    asked + ": it is a partition column, whose values are in the log as text.");
        }
        TableAlteration.checkNotUsed(table.path(), metadata, column.name(), "given another type");
        return TypeWidening.widened(column, type);
    }

    private static StructField fact(StructField column, String fact, Optional<String> value) {
        Map<String, Object> facts = new HashMap<>(column.metadata().entries());
        value.ifPresentOrElse(text -> facts.put(fact, text), () -> facts.remove(fact));
        return new StructField(column.name(), column.dataType(), column.nullable(), new Metadata(facts));
    }

    private StructField mayBeNull(StructField column, boolean nullable) {
        if (!nullable && column.nullable()) {
            List<Row> nulls = table.toDF()
                    .filter(functions.col(ClauseColumns.quoted(column.name())).isNull())
                    .limit(1)
                    .collectAsList();
            if (!nulls.isEmpty()) {
                throw new DataException(
                        "DELTA_NULL_IN_NOT_NULL_COLUMN",
                        table.path() + ": column '" + column.name()
                                + "' can't be 'not null', because it is null in the row " + nulls.getFirst()
                                + ", which the table has. Change or delete such rows first.");
            }
        }
        return new StructField(column.name(), column.dataType(), nullable, column.metadata());
    }

    /// A change as it is written in SQL, for the history.
    static String text(ColumnChange change) {
        return switch (change) {
            case ColumnChange.Type(DataType type, DeclaredText texts) -> "TYPE " + texts.sql(type);
            case ColumnChange.Comment(String text) -> "COMMENT '" + text + "'";
            case ColumnChange.Move(Place.First _) -> "FIRST";
            case ColumnChange.Move(Place.After(String other)) -> "AFTER " + other;
            case ColumnChange.Nullability(boolean nullable) -> nullable ? "DROP NOT NULL" : "SET NOT NULL";
            case ColumnChange.Default(Optional<String> value) ->
                value.map(text -> "SET DEFAULT " + text).orElse("DROP DEFAULT");
        };
    }
}
