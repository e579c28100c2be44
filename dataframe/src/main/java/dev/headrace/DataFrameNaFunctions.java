package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.Scalar;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

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
        return drop(how, all());
    }

    /// The rows without a null or NaN in these columns.
    public DataFrame drop(String[] columns) {
        return drop("any", columns);
    }

    public DataFrame drop(String how, String[] columns) {
        return drop(how, ordinals(columns));
    }

    private DataFrame drop(String how, List<Integer> columns) {
        List<Column> present = columns.stream().map(this::isPresent).toList();
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
        return drop(minNonNulls, all());
    }

    public DataFrame drop(int minNonNulls, String[] columns) {
        return drop(minNonNulls, ordinals(columns));
    }

    private DataFrame drop(int minNonNulls, List<Integer> columns) {
        Optional<Column> count = columns.stream()
                .map(ordinal -> functions.when(isPresent(ordinal), 1).otherwise(0))
                .reduce(Column::plus);
        return count.map(present -> frame.filter(present.geq(minNonNulls))).orElse(frame);
    }

    /// Values of a column replaced by others. Numbers replace numbers, texts texts, booleans booleans; a value may be
    /// replaced by null.
    ///
    /// @param col the column's name; `*` for all columns of the replacement's kind
    /// @throws QueryException `DATATYPE_MISMATCH` if the values don't go with the column
    public <T> DataFrame replace(String col, Map<T, T> replacement) {
        return col.equals("*") ? replace(replacement, all(), true) : replace(new String[] {col}, replacement);
    }

    public <T> DataFrame replace(String[] cols, Map<T, T> replacement) {
        return replace(replacement, ordinals(cols), false);
    }

    private <T> DataFrame replace(Map<T, T> replacement, List<Integer> columns, boolean whereItFits) {
        Map<Integer, Column> replaced = new HashMap<>();
        for (int ordinal : columns) {
            StructField field = field(ordinal);
            Optional<T> misfit = replacement.keySet().stream()
                    .filter(value -> !fits(java.util.Objects.requireNonNull(value), field.dataType()))
                    .findFirst();
            if (misfit.isEmpty()) {
                replaced.put(ordinal, replaced(frame.columnAt(ordinal), field.dataType(), replacement));
            } else if (!whereItFits) {
                throw new QueryException(
                        "DATATYPE_MISMATCH",
                        "na().replace(…) of the column '" + field.name() + "' of type "
                                + field.dataType().simpleString() + " with " + Scalar.ofJava(misfit.get())
                                + ": give numbers for a number, texts for a text, booleans for a boolean.");
            }
        }
        return with(replaced);
    }

    private static <T> Column replaced(Column column, DataType type, Map<T, T> replacement) {
        Column result = column;
        for (Map.Entry<T, T> entry : replacement.entrySet()) {
            Column value = functions.lit(entry.getValue()).cast(type);
            result = functions
                    .when(column.equalTo(functions.lit(entry.getKey())), value)
                    .otherwise(result);
        }
        return result.cast(type);
    }

    private Column isPresent(int ordinal) {
        Column column = frame.columnAt(ordinal);
        DataType type = field(ordinal).dataType();
        boolean floating =
                type instanceof dev.headrace.types.DoubleType || type instanceof dev.headrace.types.FloatType;
        return floating ? column.isNotNull().and(functions.not(column.isNaN())) : column.isNotNull();
    }

    /// Nulls and NaN in columns of numbers replaced.
    public DataFrame fill(double value) {
        return fill(value, all());
    }

    public DataFrame fill(double value, String[] columns) {
        return fill((Object) value, ordinals(columns));
    }

    /// Nulls in columns of numbers replaced.
    public DataFrame fill(long value) {
        return fill(value, all());
    }

    public DataFrame fill(long value, String[] columns) {
        return fill((Object) value, ordinals(columns));
    }

    /// Nulls in columns of texts replaced.
    public DataFrame fill(String value) {
        return fill(value, all());
    }

    public DataFrame fill(String value, String[] columns) {
        return fill((Object) value, ordinals(columns));
    }

    /// Nulls in columns of booleans replaced.
    public DataFrame fill(boolean value) {
        return fill(value, all());
    }

    public DataFrame fill(boolean value, String[] columns) {
        return fill((Object) value, ordinals(columns));
    }

    /// Nulls replaced, with a value for each column: a number, a text or a boolean, which is cast to the column's type.
    ///
    /// @throws QueryException `DATATYPE_MISMATCH` for another value, and for one that can't be cast to the type
    public DataFrame fill(Map<String, Object> valueByColumn) {
        Map<Integer, Column> filled = new HashMap<>();
        valueByColumn.forEach((name, value) -> {
            int ordinal = ordinal(name);
            if (!(value instanceof Number || value instanceof String || value instanceof Boolean)) {
                throw new QueryException(
                        "DATATYPE_MISMATCH",
                        "na().fill(…) of the column '" + name + "' of type "
                                + field(ordinal).dataType().simpleString() + " with " + value
                                + ": give a number, a text or a boolean.");
            }
            filled.put(ordinal, filled(ordinal, value));
        });
        return with(filled);
    }

    private DataFrame fill(Object value, List<Integer> columns) {
        Map<Integer, Column> filled = new HashMap<>();
        for (int ordinal : columns) {
            if (fits(value, field(ordinal).dataType())) {
                filled.put(ordinal, filled(ordinal, value));
            }
        }
        return with(filled);
    }

    private static boolean fits(Object value, DataType type) {
        return switch (value) {
            case Number _ -> type instanceof NumericType;
            case Boolean _ -> type instanceof BooleanType;
            case String _ -> type instanceof StringType;
            default -> false;
        };
    }

    private Column filled(int ordinal, Object value) {
        DataType type = field(ordinal).dataType();
        Column column = frame.columnAt(ordinal);
        boolean floating =
                type instanceof dev.headrace.types.DoubleType || type instanceof dev.headrace.types.FloatType;
        Column present = floating ? functions.when(functions.not(column.isNaN()), column) : column;
        return functions.coalesce(present, functions.lit(value).cast(type)).cast(type);
    }

    /// All columns, these changed: by their places, since several may have one name.
    private DataFrame with(Map<Integer, Column> changed) {
        if (changed.isEmpty()) {
            return frame;
        }
        Column[] columns = frame.allColumns();
        changed.forEach(
                (ordinal, column) -> columns[ordinal] = column.as(field(ordinal).name()));
        return frame.select(columns);
    }

    private List<Integer> all() {
        return IntStream.range(0, frame.schema().size()).boxed().toList();
    }

    private List<Integer> ordinals(String[] names) {
        return Arrays.stream(names).map(this::ordinal).toList();
    }

    private int ordinal(String name) {
        return frame.resolved().ordinal(name);
    }

    private StructField field(int ordinal) {
        return frame.schema().field(ordinal);
    }
}
