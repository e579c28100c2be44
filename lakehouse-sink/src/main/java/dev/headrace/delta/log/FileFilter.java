package dev.headrace.delta.log;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.NumericType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Leaves out data files in which no row can satisfy some predicates, by their partition values and statistics.
///
/// A file is left out only if that is certain. The predicates are evaluated over what is known of a file instead of
/// over its rows: a column is a [ValueRange], a predicate's result the set of truth values it may have ([Truth]). What
/// isn't understood may be anything.
public final class FileFilter {
    private final List<BoundExpr> predicates;
    private final StructType schema;
    private final Set<String> partitionColumns;
    private final ZoneId zone;

    /// @param predicates over `schema`, all of which must be true
    /// @param schema of the table
    /// @param zone the session's time zone
    public FileFilter(List<BoundExpr> predicates, StructType schema, List<String> partitionColumns, ZoneId zone) {
        this.predicates = List.copyOf(predicates);
        this.schema = schema;
        this.partitionColumns = Set.copyOf(partitionColumns);
        this.zone = zone;
    }

    /// Lets every file pass.
    public static FileFilter everything() {
        return new FileFilter(List.of(), new StructType(), List.of(), ZoneOffset.UTC);
    }

    /// Whether a predicate may leave out files at all.
    public static boolean canUse(BoundExpr predicate) {
        return switch (predicate) {
            case BoundExpr.And(BoundExpr left, BoundExpr right) -> canUse(left) || canUse(right);
            case BoundExpr.Or(BoundExpr left, BoundExpr right) -> canUse(left) && canUse(right);
            case BoundExpr.Not(BoundExpr input) -> canUse(input);
            case BoundExpr.Compare(CompareOp _, BoundExpr left, BoundExpr right) -> isKnown(left) && isKnown(right);
            case BoundExpr.IsNull(BoundExpr input) -> isKnown(input);
            case BoundExpr.In(BoundExpr value, List<Scalar> _) -> isKnown(value);
            case BoundExpr.Column _, BoundExpr.Literal _ -> true;
            case BoundExpr _ -> false;
        };
    }

    private static boolean isKnown(BoundExpr value) {
        return switch (value) {
            case BoundExpr.Column _, BoundExpr.Literal _ -> !value.type().isNested();
            case BoundExpr.GetField(BoundExpr struct, int _) -> struct instanceof BoundExpr.Column || isKnown(struct);
            case BoundExpr.Cast cast -> increasing(cast).isPresent() && isKnown(cast.input());
            case BoundExpr _ -> false;
        };
    }

    /// Whether a file may hold a row that satisfies all predicates.
    public boolean mayMatch(AddFile file) {
        if (predicates.isEmpty()) {
            return true;
        }
        Facts facts = new Facts(file.partitionValues(), Optional.of(file));
        return predicates.stream().allMatch(predicate -> truth(predicate, facts).mayBeTrue());
    }

    /// Whether a file of which only the partition is known may hold a row that satisfies all predicates.
    public boolean mayMatchPartition(Map<String, @Nullable String> partitionValues) {
        Facts facts = new Facts(partitionValues, Optional.empty());
        return predicates.stream().allMatch(predicate -> truth(predicate, facts).mayBeTrue());
    }

    private static Truth truth(BoundExpr predicate, Facts facts) {
        return switch (predicate) {
            case BoundExpr.And(BoundExpr left, BoundExpr right) ->
                truth(left, facts).and(truth(right, facts));
            case BoundExpr.Or(BoundExpr left, BoundExpr right) ->
                truth(left, facts).or(truth(right, facts));
            case BoundExpr.Not(BoundExpr input) -> truth(input, facts).not();
            case BoundExpr.Compare(CompareOp op, BoundExpr left, BoundExpr right)
                    when !left.type().isNested() -> range(left, facts).compare(op, range(right, facts));
            case BoundExpr.IsNull(BoundExpr input) when !input.type().isNested() -> range(input, facts).isNull();
            case BoundExpr.In(BoundExpr value, List<Scalar> constants)
                    when !value.type().isNested() -> in(range(value, facts), constants);
            case BoundExpr.Column _, BoundExpr.Literal _ ->
                range(predicate, facts).compare(CompareOp.EQUAL, ValueRange.constant(true));
            case BoundExpr _ -> Truth.ANYTHING;
        };
    }

    private static Truth in(ValueRange value, List<Scalar> constants) {
        Truth any = Truth.FALSE;
        for (Scalar constant : constants) {
            any = any.or(value.compare(CompareOp.EQUAL, ValueRange.constant(constant.value())));
        }
        return any;
    }

    private static ValueRange range(BoundExpr value, Facts facts) {
        return switch (value) {
            case BoundExpr.Literal(Scalar constant) -> ValueRange.constant(constant.value());
            case BoundExpr.Column column -> facts.column(column.ordinal());
            case BoundExpr.GetField field -> facts.field(field);
            case BoundExpr.Cast cast ->
                increasing(cast)
                        .map(function -> range(cast.input(), facts).mapped(function))
                        .orElse(ValueRange.UNKNOWN);
            case BoundExpr _ -> ValueRange.UNKNOWN;
        };
    }

    /// The cast as a function that keeps the order, if it is one that can't fail: numbers to a type that holds them
    /// all.
    private static Optional<UnaryOperator<Object>> increasing(BoundExpr.Cast cast) {
        if (!(cast.input().type() instanceof NumericType from)
                || from instanceof FloatType
                || from instanceof DoubleType) {
            return cast.input().type() instanceof FloatType && cast.type() instanceof DoubleType
                    ? Optional.of(value -> ((Float) value).doubleValue())
                    : Optional.empty();
        }
        DataType to = cast.type();
        if (to instanceof DecimalType decimal) {
            DecimalType needed = DecimalType.forType(from);
            boolean wide = decimal.scale() >= needed.scale()
                    && decimal.precision() - decimal.scale() >= needed.precision() - needed.scale();
            return wide ? Optional.of(value -> decimal(value).setScale(decimal.scale())) : Optional.empty();
        }
        return switch (to) {
            case DoubleType _ -> Optional.of(value -> ((Number) value).doubleValue());
            case LongType _ when !(from instanceof DecimalType) -> Optional.of(value -> ((Number) value).longValue());
            case IntegerType _ when !(from instanceof DecimalType || from instanceof LongType) ->
                Optional.of(value -> ((Number) value).intValue());
            case ShortType _ when from instanceof ByteType -> Optional.of(value -> ((Number) value).shortValue());
            default -> Optional.empty();
        };
    }

    private static BigDecimal decimal(Object value) {
        return value instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(((Number) value).longValue());
    }

    /// What is known of one file; the statistics are read when they are first needed.
    private final class Facts {
        private final Map<String, @Nullable String> partitionValues;
        private final Optional<AddFile> file;
        private @Nullable FileStatistics statistics;

        Facts(Map<String, @Nullable String> partitionValues, Optional<AddFile> file) {
            this.partitionValues = partitionValues;
            this.file = file;
        }

        ValueRange column(int ordinal) {
            StructField field = schema.field(ordinal);
            if (partitionColumns.contains(field.name())) {
                String text = partitionValues.get(field.name());
                // Those who take files out need not say of which partition.
                return partitionValues.containsKey(field.name()) && PartitionValue.supports(field.dataType())
                        ? ValueRange.constant(PartitionValue.read(text, field.dataType(), field.name(), zone))
                        : ValueRange.UNKNOWN;
            }
            return range(field.dataType(), statisticsOf(field));
        }

        /// A struct may itself be null, which the statistics of its fields count as null too.
        ValueRange field(BoundExpr.GetField field) {
            return statisticsOf(field)
                    .map(statistics -> range(field.type(), Optional.of(statistics)))
                    .orElse(ValueRange.UNKNOWN);
        }

        private Optional<ColumnStatistics> statisticsOf(BoundExpr struct) {
            return switch (struct) {
                case BoundExpr.Column column -> statisticsOf(schema.field(column.ordinal()));
                case BoundExpr.GetField(BoundExpr parent, int ordinal) ->
                    statisticsOf(parent)
                            .flatMap(statistics ->
                                    statistics instanceof ColumnStatistics.Struct(Map<String, ColumnStatistics> fields)
                                            ? Optional.ofNullable(fields.get(((StructType) parent.type())
                                                    .field(ordinal)
                                                    .name()))
                                            : Optional.empty());
                case BoundExpr _ -> Optional.empty();
            };
        }

        private Optional<ColumnStatistics> statisticsOf(StructField field) {
            return Optional.ofNullable(statistics().columns().get(field.name()));
        }

        private ValueRange range(DataType type, Optional<ColumnStatistics> statistics) {
            if (!(statistics.orElse(null) instanceof ColumnStatistics.Leaf leaf)) {
                return ValueRange.UNKNOWN;
            }
            boolean mayBeNull = leaf.nullCount().isEmpty() || leaf.nullCount().getAsLong() > 0;
            boolean allNull = leaf.nullCount().isPresent()
                    && leaf.nullCount().equals(statistics().rowCount());
            return new ValueRange(
                    leaf.min().orElse(null),
                    leaf.max().orElse(null),
                    mayBeNull,
                    !allNull,
                    type instanceof FloatType || type instanceof DoubleType);
        }

        private FileStatistics statistics() {
            if (statistics == null) {
                statistics = file.map(add -> FileStatistics.read(add.stats(), schema))
                        .orElse(FileStatistics.UNKNOWN);
            }
            return statistics;
        }
    }
}
