package dev.headrace.orc;

import dev.headrace.chunk.Slice;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.common.type.HiveDecimal;
import org.apache.orc.storage.ql.io.sarg.PredicateLeaf.Type;
import org.apache.orc.storage.ql.io.sarg.SearchArgument;
import org.apache.orc.storage.ql.io.sarg.SearchArgument.Builder;
import org.apache.orc.storage.ql.io.sarg.SearchArgumentFactory;
import org.apache.orc.storage.serde2.io.HiveDecimalWritable;

/// A query's filter as far as the statistics of a file can decide it, in the library's terms: true for at least the
/// rows for which the filter is. Only of columns that are read as they are in the file, and not within structs, whose
/// nulls the statistics don't count.
///
/// @param columns of the table's files, to which the filter's ordinals lead
/// @param path of the file
/// @param file what is in it
/// @param zone in which timestamps are told
record OrcFilter(StructType columns, Path path, TypeDescription file, ZoneId zone) {
    /// Each of so many constants of an `IN` becomes a range where no single value is compared.
    private static final int MOST_RANGES = 16;
    /// Names that mean nothing else in the library's paths.
    private static final Pattern PLAIN_NAME = Pattern.compile("\\w+");
    /// The library orders texts by units of UTF-16, the statistics by bytes: both agree about these.
    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");
    /// Calendars agree about days from then on.
    private static final long FIRST_DAY = LocalDate.of(1900, 1, 1).toEpochDay();

    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
    private static final long MICROS_PER_MILLI = 1000;
    private static final long DAY_MICROS = Duration.ofDays(1).toNanos() / 1000;
    /// By more than that no clock was ever set back or forth.
    private static final long CLOCK_MICROS = 2 * DAY_MICROS;

    /// A part of the filter in the library's terms.
    @FunctionalInterface
    private interface Test {
        void addTo(Builder builder);
    }

    /// A column of the file.
    private record Found(String name, TypeDescription held, DataType type) {}

    /// Values from `low` to `high` of a column; the same one, unless the file may have any of them for a constant.
    private record Range(Type type, Object low, Object high) {
        static Range exact(Type type, Object value) {
            return new Range(type, value, value);
        }

        boolean isExact() {
            return low.equals(high);
        }
    }

    /// Whether files that are as this table are might be read less for a filter.
    static boolean isUsed(BoundExpr filter, StructType columns, ZoneId zone) {
        TypeDescription file = TypeDescription.createStruct();
        for (StructField field : columns) {
            switch (field.dataType()) {
                case StructType _, ArrayType _, MapType _, VariantType _ -> {}
                default -> file.addField(field.name(), OrcSchema.writing(field.dataType()));
            }
        }
        return new OrcFilter(columns, Path.of(""), file, zone)
                .translate(filter, true)
                .isPresent();
    }

    /// The conjunction of filters; empty if nothing is known.
    Optional<SearchArgument> of(List<BoundExpr> filters) {
        List<Test> tests = filters.stream()
                .flatMap(filter -> translate(filter, true).stream())
                .toList();
        if (tests.isEmpty()) {
            return Optional.empty();
        }
        Builder builder = SearchArgumentFactory.newBuilder();
        all(tests).addTo(builder);
        return Optional.of(builder.build());
    }

    /// @param wanted the value, true or false, that the expression shall have
    private Optional<Test> translate(BoundExpr filter, boolean wanted) {
        return switch (filter) {
            case BoundExpr.And(BoundExpr left, BoundExpr right) ->
                wanted
                        ? both(translate(left, true), translate(right, true))
                        : either(translate(left, false), translate(right, false));
            case BoundExpr.Or(BoundExpr left, BoundExpr right) ->
                wanted
                        ? either(translate(left, true), translate(right, true))
                        : both(translate(left, false), translate(right, false));
            case BoundExpr.Not(BoundExpr input) -> translate(input, !wanted);
            case BoundExpr.Compare(CompareOp op, BoundExpr left, BoundExpr.Literal(Scalar right)) ->
                compare(wanted ? op : negated(op), left, right);
            case BoundExpr.Compare(CompareOp op, BoundExpr.Literal(Scalar left), BoundExpr right) ->
                compare(wanted ? op.flipped() : negated(op.flipped()), right, left);
            case BoundExpr.In(BoundExpr value, List<Scalar> constants) ->
                wanted ? oneOf(value, constants) : Optional.empty();
            case BoundExpr.IsNull(BoundExpr input) -> isNull(input, wanted);
            default -> Optional.empty();
        };
    }

    private static Optional<Test> both(Optional<Test> left, Optional<Test> right) {
        return left.isPresent() && right.isPresent()
                ? Optional.of(all(List.of(left.get(), right.get())))
                : left.or(() -> right);
    }

    private static Optional<Test> either(Optional<Test> left, Optional<Test> right) {
        return left.isPresent() && right.isPresent()
                ? Optional.of(any(List.of(left.get(), right.get())))
                : Optional.empty();
    }

    private static Test all(List<Test> tests) {
        return builder -> {
            builder.startAnd();
            tests.forEach(test -> test.addTo(builder));
            builder.end();
        };
    }

    private static Test any(List<Test> tests) {
        return builder -> {
            builder.startOr();
            tests.forEach(test -> test.addTo(builder));
            builder.end();
        };
    }

    private static Test not(Test test) {
        return builder -> {
            builder.startNot();
            test.addTo(builder);
            builder.end();
        };
    }

    private Optional<Found> find(BoundExpr operand) {
        if (!(operand instanceof BoundExpr.Column column) || column.ordinal() >= columns.size()) {
            return Optional.empty();
        }
        StructField field = columns.field(column.ordinal());
        int place = OrcSchema.place(file.getFieldNames(), field.name());
        if (place < 0 || !PLAIN_NAME.matcher(file.getFieldNames().get(place)).matches()) {
            return Optional.empty();
        }
        TypeDescription held = file.getChildren().get(place);
        return type(held).isPresent()
                        && OrcSchema.type(path, held, field.name()).equals(field.dataType())
                ? Optional.of(new Found(file.getFieldNames().get(place), held, field.dataType()))
                : Optional.empty();
    }

    private Optional<Test> isNull(BoundExpr operand, boolean wanted) {
        Optional<Found> found = find(operand);
        Optional<Type> type = found.flatMap(column -> type(column.held()));
        // A decimal that its type is too narrow for is read as null.
        if (type.isEmpty() || wanted && type.get() == Type.DECIMAL) {
            return Optional.empty();
        }
        Test isNull = builder -> builder.isNull(found.get().name(), type.get());
        return Optional.of(wanted ? isNull : not(isNull));
    }

    private Optional<Test> compare(CompareOp op, BoundExpr operand, Scalar constant) {
        return find(operand)
                .flatMap(found -> range(found, constant).flatMap(range -> compare(op, found.name(), range)));
    }

    private static Optional<Test> compare(CompareOp op, String column, Range range) {
        Type type = range.type();
        Test less = builder -> builder.lessThan(column, type, range.low());
        Test lessOrEqual = builder -> builder.lessThanEquals(column, type, range.high());
        // NaN is greater than all others, and statistics don't always tell of it.
        boolean above = type != Type.FLOAT && type != Type.BOOLEAN;
        return switch (op) {
            case EQUAL, NULL_SAFE_EQUAL ->
                Optional.of(
                        range.isExact() && type != Type.FLOAT
                                ? builder -> builder.equals(column, type, range.low())
                                : all(List.of(not(less), lessOrEqual)));
            case LESS ->
                type == Type.BOOLEAN
                        ? Optional.empty()
                        : Optional.of(range.isExact() && type != Type.FLOAT ? less : lessOrEqual);
            case LESS_OR_EQUAL -> type == Type.BOOLEAN ? Optional.empty() : Optional.of(lessOrEqual);
            case GREATER -> above ? Optional.of(not(range.isExact() ? lessOrEqual : less)) : Optional.empty();
            case GREATER_OR_EQUAL -> above ? Optional.of(not(less)) : Optional.empty();
            case NOT_EQUAL -> Optional.empty();
        };
    }

    private Optional<Test> oneOf(BoundExpr operand, List<Scalar> constants) {
        Optional<Found> found = find(operand);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        List<Range> ranges = new ArrayList<>();
        for (Scalar constant : constants) {
            Optional<Range> range = constant.isNull() ? Optional.empty() : range(found.get(), constant);
            if (!constant.isNull() && range.isEmpty()) {
                return Optional.empty();
            }
            range.ifPresent(ranges::add);
        }
        String column = found.get().name();
        boolean values = ranges.stream().allMatch(range -> range.isExact() && range.type() != Type.FLOAT);
        if (ranges.isEmpty() || !values && ranges.size() > MOST_RANGES) {
            return Optional.empty();
        }
        if (values) {
            Type type = ranges.getFirst().type();
            Object[] all = ranges.stream().map(Range::low).toArray();
            return Optional.of(builder -> builder.in(column, type, all));
        }
        return Optional.of(any(ranges.stream()
                .flatMap(range -> compare(CompareOp.EQUAL, column, range).stream())
                .toList()));
    }

    private static CompareOp negated(CompareOp op) {
        return switch (op) {
            case EQUAL -> CompareOp.NOT_EQUAL;
            case LESS -> CompareOp.GREATER_OR_EQUAL;
            case LESS_OR_EQUAL -> CompareOp.GREATER;
            case GREATER -> CompareOp.LESS_OR_EQUAL;
            case GREATER_OR_EQUAL -> CompareOp.LESS;
            case NOT_EQUAL -> CompareOp.EQUAL;
            // True for null, too.
            case NULL_SAFE_EQUAL -> CompareOp.NOT_EQUAL;
        };
    }

    private static Optional<Type> type(TypeDescription held) {
        return switch (held.getCategory()) {
            case BYTE, SHORT, INT, LONG -> Optional.of(Type.LONG);
            case BOOLEAN -> Optional.of(Type.BOOLEAN);
            case FLOAT, DOUBLE -> Optional.of(Type.FLOAT);
            case STRING -> Optional.of(Type.STRING);
            case DATE -> Optional.of(Type.DATE);
            case TIMESTAMP -> Optional.of(Type.TIMESTAMP);
            case DECIMAL -> Optional.of(Type.DECIMAL);
            default -> Optional.empty();
        };
    }

    private Optional<Range> range(Found found, Scalar constant) {
        return type(found.held()).flatMap(type -> switch (constant.value()) {
            case Number whole when type == Type.LONG && !(whole instanceof BigDecimal) ->
                Optional.of(Range.exact(type, whole.longValue()));
            case Boolean flag when type == Type.BOOLEAN -> Optional.of(Range.exact(type, flag));
            case Float number when type == Type.FLOAT -> floatingPoint(number);
            case Double number when type == Type.FLOAT -> floatingPoint(number);
            case Slice text when type == Type.STRING -> text(text.toString());
            case BigDecimal number when type == Type.DECIMAL -> decimal(number);
            case Integer day when type == Type.DATE && FIRST_DAY <= day && day <= LAST_DAY ->
                Optional.of(Range.exact(type, Date.valueOf(LocalDate.ofEpochDay(day))));
            case Long micros when type == Type.TIMESTAMP && found.type() instanceof TimestampType -> timestamp(micros);
            case null, default -> Optional.empty();
        });
    }

    /// Both zeros are equal to a query, and different to the file.
    private static Optional<Range> floatingPoint(double value) {
        if (!Double.isFinite(value)) {
            return Optional.empty();
        }
        return Optional.of(value == 0 ? new Range(Type.FLOAT, -0.0, 0.0) : Range.exact(Type.FLOAT, value));
    }

    private static Optional<Range> text(String text) {
        return ASCII.matcher(text).matches() ? Optional.of(Range.exact(Type.STRING, text)) : Optional.empty();
    }

    private static Optional<Range> decimal(BigDecimal number) {
        HiveDecimal value = HiveDecimal.create(number, false);
        return value == null
                ? Optional.empty()
                : Optional.of(Range.exact(Type.DECIMAL, new HiveDecimalWritable(value)));
    }

    /// The file tells the time on the wall, of which some hours come twice and some never.
    private Optional<Range> timestamp(long micros) {
        if (micros < FIRST_DAY * DAY_MICROS || micros > LAST_DAY * DAY_MICROS) {
            return Optional.empty();
        }
        long wall = new WallClock(zone).wall(micros);
        long unsure = zone.equals(ZoneOffset.UTC) ? MICROS_PER_MILLI : CLOCK_MICROS;
        return Optional.of(new Range(
                Type.TIMESTAMP,
                new Timestamp(Math.floorDiv(wall - unsure, MICROS_PER_MILLI)),
                new Timestamp(Math.floorDiv(wall + unsure, MICROS_PER_MILLI))));
    }
}
