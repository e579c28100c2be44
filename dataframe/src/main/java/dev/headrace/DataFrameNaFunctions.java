package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.Scalar;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Methods for nulls, from [DataFrame#na].
public final class DataFrameNaFunctions {
    private final DataFrame frame;

    DataFrameNaFunctions(DataFrame frame) {
        this.frame = frame;
    }

    /// The rows without a null or NaN.
    public DataFrame drop() {
        return drop("any");
    }

    /// @param how `any`: rows with a null or NaN are left out; `all`: rows with nothing else
    public DataFrame drop(String how) {
        return drop(how, frame.columns());
    }

    /// The rows without a null or NaN in these columns.
    public DataFrame drop(String[] columns) {
        return drop("any", columns);
    }

    public DataFrame drop(String how, String[] columns) {
        List<Column> present = Arrays.stream(columns).map(this::isPresent).toList();
        Optional<Column> condition = switch (how.toLowerCase(Locale.ROOT)) {
            case "any" -> present.stream().reduce(Column::and);
            case "all" -> present.stream().reduce(Column::or);
            default ->
                throw new QueryException("INVALID_OPTION", "na().drop(\"" + how + "\"): expected 'any' or 'all'.");
        };
        return condition.map(frame::filter).orElse(frame);
    }

    /// The rows with at least so many values that are neither null nor NaN.
    public DataFrame drop(int minNonNulls) {
        return drop(minNonNulls, frame.columns());
    }

    public DataFrame drop(int minNonNulls, String[] columns) {
        Optional<Column> count = Arrays.stream(columns)
                .map(name -> functions.when(isPresent(name), 1).otherwise(0))
                .reduce(Column::plus);
        return count.map(present -> frame.filter(present.geq(minNonNulls))).orElse(frame);
    }

    /// Values of a column replaced by others. Numbers replace numbers, texts texts, booleans booleans; a value may be
    /// replaced by null.
    ///
    /// @param col the column's name; `*` for all columns of the replacement's kind
    /// @throws QueryException `DATATYPE_MISMATCH` if the values don't go with the column
    public <T> DataFrame replace(String col, Map<T, T> replacement) {
        return col.equals("*") ? replace(replacement, frame.columns(), true) : replace(new String[] {col}, replacement);
    }

    public <T> DataFrame replace(String[] cols, Map<T, T> replacement) {
        return replace(replacement, cols, false);
    }

    private <T> DataFrame replace(Map<T, T> replacement, String[] columns, boolean whereItFits) {
        Map<String, Column> replaced = new HashMap<>();
        for (String name : columns) {
            StructField field = field(name);
            Optional<T> misfit = replacement.keySet().stream()
                    .filter(value -> !fits(java.util.Objects.requireNonNull(value), field.dataType()))
                    .findFirst();
            if (misfit.isEmpty()) {
                replaced.put(field.name(), replaced(field, replacement));
            } else if (!whereItFits) {
                throw new QueryException(
                        "DATATYPE_MISMATCH",
                        "na().replace(…) of the column '" + name + "' of type "
                                + field.dataType().simpleString() + " with " + Scalar.ofJava(misfit.get())
                                + ": give numbers for a number, texts for a text, booleans for a boolean.");
            }
        }
        return replaced.isEmpty() ? frame : frame.withColumns(replaced);
    }

    private static <T> Column replaced(StructField field, Map<T, T> replacement) {
        Column column = functions.col(ColumnName.quoted(field.name()));
        Column result = column;
        for (Map.Entry<T, T> entry : replacement.entrySet()) {
            Column value = functions.lit(entry.getValue()).cast(field.dataType());
            result = functions
                    .when(column.equalTo(functions.lit(entry.getKey())), value)
                    .otherwise(result);
        }
        return result.cast(field.dataType());
    }

    private Column isPresent(String name) {
        Column column = functions.col(ColumnName.quoted(name));
        DataType type = field(name).dataType();
        boolean floating =
                type instanceof dev.headrace.types.DoubleType || type instanceof dev.headrace.types.FloatType;
        return floating ? column.isNotNull().and(functions.not(column.isNaN())) : column.isNotNull();
    }

    /// Nulls and NaN in columns of numbers replaced.
    public DataFrame fill(double value) {
        return fill(value, frame.columns());
    }

    public DataFrame fill(double value, String[] columns) {
        return fill((Object) value, columns);
    }

    /// Nulls in columns of numbers replaced.
    public DataFrame fill(long value) {
        return fill(value, frame.columns());
    }

    public DataFrame fill(long value, String[] columns) {
        return fill((Object) value, columns);
    }

    /// Nulls in columns of texts replaced.
    public DataFrame fill(String value) {
        return fill(value, frame.columns());
    }

    public DataFrame fill(String value, String[] columns) {
        return fill((Object) value, columns);
    }

    /// Nulls in columns of booleans replaced.
    public DataFrame fill(boolean value) {
        return fill(value, frame.columns());
    }

    public DataFrame fill(boolean value, String[] columns) {
        return fill((Object) value, columns);
    }

    /// Nulls replaced, with a value for each column.
    ///
    /// @throws QueryException `DATATYPE_MISMATCH` for a value that doesn't go with its column
    public DataFrame fill(Map<String, Object> valueByColumn) {
        Map<String, Column> filled = new HashMap<>();
        valueByColumn.forEach((name, value) -> {
            if (!fits(value, field(name).dataType())) {
                throw new QueryException(
                        "DATATYPE_MISMATCH",
                        "na().fill(…) of the column '" + name + "' of type "
                                + field(name).dataType().simpleString() + " with " + Scalar.ofJava(value)
                                + ": give a number for a number, a text for a text, a boolean for a boolean.");
            }
            filled.put(name, filled(name, value));
        });
        return frame.withColumns(filled);
    }

    private DataFrame fill(Object value, String[] columns) {
        Map<String, Column> filled = new HashMap<>();
        for (String name : columns) {
            if (fits(value, field(name).dataType())) {
                filled.put(field(name).name(), filled(name, value));
            }
        }
        return filled.isEmpty() ? frame : frame.withColumns(filled);
    }

    private static boolean fits(Object value, DataType type) {
        return switch (value) {
            case Number _ -> type instanceof NumericType;
            case Boolean _ -> type instanceof BooleanType;
            case String _ -> type instanceof StringType;
            default -> false;
        };
    }

    private Column filled(String name, Object value) {
        DataType type = field(name).dataType();
        Column column = functions.col(ColumnName.quoted(name));
        boolean floating =
                type instanceof dev.headrace.types.DoubleType || type instanceof dev.headrace.types.FloatType;
        Column present = floating ? functions.when(functions.not(column.isNaN()), column) : column;
        return functions.coalesce(present, functions.lit(value).cast(type)).cast(type);
    }

    private StructField field(String name) {
        List<StructField> found = new ArrayList<>();
        frame.schema().fieldList().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .forEach(found::add);
        if (found.isEmpty()) {
            frame.col(ColumnName.quoted(name));
        }
        return found.getFirst();
    }
}
