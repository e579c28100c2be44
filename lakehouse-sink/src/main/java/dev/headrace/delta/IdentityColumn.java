package dev.headrace.delta;

import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.LongType;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A column to whose rows the table gives numbers: `start`, `start + step`, and so on, each once.
///
/// @param ordinal in the table's schema
/// @param mark the last number that was given; absent before the first
/// @param explicit whether rows may bring numbers of their own (`BY DEFAULT`)
record IdentityColumn(int ordinal, String name, long start, long step, OptionalLong mark, boolean explicit) {
    static final String START = "delta.identity.start";
    private static final String STEP = "delta.identity.step";
    private static final String MARK = "delta.identity.highWaterMark";
    private static final String EXPLICIT = "delta.identity.allowExplicitInsert";

    static boolean isIdentity(StructField column) {
        return column.metadata().entries().containsKey(START);
    }

    /// The columns of a table that are such.
    static List<IdentityColumn> of(StructType schema) {
        List<IdentityColumn> columns = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            if (isIdentity(schema.field(i))) {
                columns.add(of(i, schema.field(i)));
            }
        }
        return columns;
    }

    private static IdentityColumn of(int ordinal, StructField field) {
        Map<String, Object> facts = field.metadata().entries();
        @Nullable Object mark = facts.get(MARK);
        return new IdentityColumn(
                ordinal,
                field.name(),
                number(facts.get(START)),
                number(facts.getOrDefault(STEP, 1L)),
                mark == null ? OptionalLong.empty() : OptionalLong.of(number(mark)),
                Boolean.parseBoolean(String.valueOf(facts.get(EXPLICIT))));
    }

    private static long number(@Nullable Object fact) {
        return fact instanceof Number number ? number.longValue() : Long.parseLong(String.valueOf(fact));
    }

    /// Whether a table can have the columns that a user asks for.
    ///
    /// @throws QueryException `DELTA_INVALID_IDENTITY_COLUMN`
    static void check(Path table, TableMetadata metadata) {
        for (IdentityColumn column : of(metadata.schema())) {
            StructField field = metadata.schema().field(column.ordinal());
            if (!(field.dataType() instanceof LongType)) {
                throw invalid(table, column, "is of type '" + field.dataType().simpleString() + "'. Make it a BIGINT.");
            }
            if (column.step() == 0) {
                throw invalid(
                        table, column, "counts by 0, so all numbers would be the same. Give another INCREMENT BY.");
            }
            if (metadata.partitionColumns().contains(column.name())) {
                throw invalid(
                        table,
                        column,
                        "is a partition column, so each row would be a partition. Partition by something else.");
            }
            if (RowRules.isComputed(field)) {
                throw invalid(table, column, "has a DEFAULT or an expression, too. Leave one of both out.");
            }
        }
    }

    private static QueryException invalid(Path table, IdentityColumn column, String why) {
        return new QueryException(
                "DELTA_INVALID_IDENTITY_COLUMN", table + ": the identity column '" + column.name() + "' " + why);
    }

    /// The number that comes after the mark, or the first one.
    ///
    /// @throws DataException `DELTA_IDENTITY_COLUMN_EXHAUSTED`
    long next(Path table) {
        return mark.isEmpty() ? start : plus(table, mark.getAsLong(), 1);
    }

    /// @throws DataException `DELTA_IDENTITY_COLUMN_EXHAUSTED`
    long plus(Path table, long number, long steps) {
        try {
            return Math.addExact(number, Math.multiplyExact(step, steps));
        } catch (ArithmeticException beyond) {
            throw new DataException(
                    "DELTA_IDENTITY_COLUMN_EXHAUSTED",
                    table + ": column '" + name + "' has no numbers left: it counts from " + start + " by " + step
                            + " and has come to " + number
                            + ". Nothing was written; make a new table that starts elsewhere.",
                    beyond);
        }
    }

    /// The first number from another one on, in the direction of the steps, that the column could have given.
    ///
    /// @throws DataException `DELTA_IDENTITY_COLUMN_EXHAUSTED`
    long atOrBehind(Path table, long number) {
        long distance = Math.subtractExact(number, start);
        long rest = Math.floorMod(distance, Math.abs(step));
        if (rest == 0) {
            return number;
        }
        return step > 0 ? plus(table, number - rest, 1) : number - rest;
    }

    /// Whether one mark is behind another one, in the direction of the steps.
    boolean isBehind(long mark, long other) {
        return step > 0 ? mark > other : mark < other;
    }

    /// The table's columns with another mark of this one.
    StructType withMark(StructType schema, long number) {
        return changed(schema, field -> field.name().equals(name) ? with(field, number) : field);
    }

    private static StructField with(StructField field, long mark) {
        Map<String, Object> facts = new LinkedHashMap<>(field.metadata().entries());
        facts.put(MARK, mark);
        return new StructField(field.name(), field.dataType(), field.nullable(), new Metadata(facts));
    }

    /// The columns without how far they have come: what tells whether rows fit.
    static StructType withoutMarks(StructType schema) {
        return changed(schema, field -> without(field, List.of(MARK)));
    }

    /// The columns of an earlier version, with the marks of a later one where those are further: numbers that were
    /// given once are not given again.
    static StructType withMarksOf(StructType later, StructType earlier) {
        StructType merged = earlier;
        for (IdentityColumn column : of(later)) {
            for (IdentityColumn before : of(earlier)) {
                boolean further = column.mark().isPresent()
                        && (before.mark().isEmpty()
                                || before.isBehind(
                                        column.mark().getAsLong(), before.mark().getAsLong()));
                if (before.name().equals(column.name()) && before.step() == column.step() && further) {
                    merged = before.withMark(merged, column.mark().getAsLong());
                }
            }
        }
        return merged;
    }

    private static StructField without(StructField field, List<String> keys) {
        if (!isIdentity(field)) {
            return field;
        }
        Map<String, Object> facts = new LinkedHashMap<>(field.metadata().entries());
        keys.forEach(facts::remove);
        return new StructField(field.name(), field.dataType(), field.nullable(), new Metadata(facts));
    }

    private static StructType changed(StructType schema, UnaryOperator<StructField> change) {
        return new StructType(schema.fieldList().stream().map(change).toList());
    }
}
