package dev.headrace.parquet;

import static org.apache.parquet.filter2.predicate.FilterApi.and;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;
import static org.apache.parquet.filter2.predicate.FilterApi.gt;
import static org.apache.parquet.filter2.predicate.FilterApi.gtEq;
import static org.apache.parquet.filter2.predicate.FilterApi.in;
import static org.apache.parquet.filter2.predicate.FilterApi.lt;
import static org.apache.parquet.filter2.predicate.FilterApi.ltEq;
import static org.apache.parquet.filter2.predicate.FilterApi.notEq;
import static org.apache.parquet.filter2.predicate.FilterApi.or;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.BooleanType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.SemanticVersion;
import org.apache.parquet.VersionParser;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.filter2.predicate.Operators;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/// A query's filter as far as a file's statistics can decide it: true for at least the rows for which the filter is.
sealed interface PushedFilter {
    /// So many constants of an `IN` are looked up one by one.
    int SINGLE_VALUES = 8;

    SemanticVersion FIRST_THAT_TELLS_OF_NANS = new SemanticVersion(1, 10, 0);

    /// Nothing is known: every row may satisfy the filter.
    record Unknown() implements PushedFilter {}

    /// No row satisfies the filter.
    record Never() implements PushedFilter {}

    /// Only rows that satisfy this, in Parquet's terms, satisfy the filter.
    record Test(FilterPredicate predicate) implements PushedFilter {}

    /// The conjunction of a scan's filters, for one file.
    static PushedFilter of(ParquetScan scan, ParquetFooter footer) {
        Translation translation = new Translation(
                new FilterColumns(footer.fileSchema(), scan), footer.times(), tellsOfNans(footer.createdBy()));
        PushedFilter all = new Unknown();
        for (BoundExpr filter : scan.filters()) {
            all = Translation.both(all, translation.translate(filter, true));
        }
        return all;
    }

    /// Whether statistics without a word about NaN are of columns without NaN (decision 42). Before parquet-mr 1.10 a
    /// NaN behind the first value left no trace in them.
    static boolean tellsOfNans(String createdBy) {
        try {
            VersionParser.ParsedVersion writer = VersionParser.parse(createdBy);
            return writer.application.equals("parquet-mr")
                    && writer.hasSemanticVersion()
                    && writer.getSemanticVersion().compareTo(FIRST_THAT_TELLS_OF_NANS) >= 0;
        } catch (VersionParser.VersionParseException ofAnother) {
            return false;
        }
    }

    /// The columns that a filter compares with single values.
    static Set<ColumnPath> comparedWithValues(PushedFilter filter) {
        Set<ColumnPath> columns = new HashSet<>();
        if (filter instanceof Test(FilterPredicate predicate)) {
            addCompared(predicate, columns);
        }
        return columns;
    }

    private static void addCompared(FilterPredicate predicate, Set<ColumnPath> columns) {
        switch (predicate) {
            case Operators.And both -> {
                addCompared(both.getLeft(), columns);
                addCompared(both.getRight(), columns);
            }
            case Operators.Or either -> {
                addCompared(either.getLeft(), columns);
                addCompared(either.getRight(), columns);
            }
            case Operators.Eq<?> equal -> columns.add(equal.getColumn().getColumnPath());
            case Operators.In<?> in -> columns.add(in.getColumn().getColumnPath());
            default -> {}
        }
    }

    /// @param nansAreKnown whether the writer counts NaNs, or leaves out bounds where there are any; otherwise a column
    ///     may have greater values, namely NaN, than its statistics say
    record Translation(FilterColumns columns, FileTimes times, boolean nansAreKnown) {
        /// @param wanted the value, true or false, that the expression shall have
        PushedFilter translate(BoundExpr filter, boolean wanted) {
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
                    compare(op, left, right, wanted);
                case BoundExpr.Compare(CompareOp op, BoundExpr.Literal(Scalar left), BoundExpr right) ->
                    compare(op.flipped(), right, left, wanted);
                case BoundExpr.In(BoundExpr value, List<Scalar> constants) ->
                    wanted ? oneOf(value, constants) : new Unknown();
                case BoundExpr.IsNull(BoundExpr input) -> isNull(input, wanted);
                case BoundExpr.Literal(Scalar(Object value, var _)) ->
                    Boolean.valueOf(wanted).equals(value) ? new Unknown() : new Never();
                case BoundExpr operand when operand.type() instanceof BooleanType ->
                    compare(CompareOp.EQUAL, operand, Scalar.of(wanted), true);
                case BoundExpr _ -> new Unknown();
            };
        }

        static PushedFilter both(PushedFilter left, PushedFilter right) {
            if (left instanceof Never || right instanceof Never) {
                return new Never();
            }
            if (left instanceof Test(FilterPredicate a) && right instanceof Test(FilterPredicate b)) {
                return new Test(and(a, b));
            }
            return left instanceof Unknown ? right : left;
        }

        static PushedFilter either(PushedFilter left, PushedFilter right) {
            if (left instanceof Unknown || right instanceof Unknown) {
                return new Unknown();
            }
            if (left instanceof Test(FilterPredicate a) && right instanceof Test(FilterPredicate b)) {
                return new Test(or(a, b));
            }
            return left instanceof Never ? right : left;
        }

        private PushedFilter isNull(BoundExpr operand, boolean wanted) {
            return switch (columns.find(operand).orElse(null)) {
                case null -> new Unknown();
                case FilterColumns.Found.Missing() -> wanted ? new Unknown() : new Never();
                case FilterColumns.Found.Stored stored -> new Test(nullTest(stored, wanted));
            };
        }

        private PushedFilter compare(CompareOp op, BoundExpr operand, Scalar constant, boolean wanted) {
            Object value = constant.value();
            if (op == CompareOp.NULL_SAFE_EQUAL) {
                if (value == null) {
                    return isNull(operand, wanted);
                }
                return compareValue(wanted ? CompareOp.EQUAL : CompareOp.NOT_EQUAL, operand, constant, !wanted);
            }
            return value == null ? new Never() : compareValue(wanted ? op : negated(op), operand, constant, false);
        }

        /// @param holdsForNull whether the comparison is true for null
        private PushedFilter compareValue(CompareOp op, BoundExpr operand, Scalar constant, boolean holdsForNull) {
            return switch (columns.find(operand).orElse(null)) {
                case null -> new Unknown();
                case FilterColumns.Found.Missing() -> holdsForNull ? new Unknown() : new Never();
                // Parquet's 'not equal' holds for null, but looks for nulls only where they are counted.
                case FilterColumns.Found.Stored stored ->
                    holdsForNull
                            ? either(test(op, stored, constant), new Test(nullTest(stored, true)))
                            : test(op, stored, constant);
            };
        }

        private PushedFilter test(CompareOp op, FilterColumns.Found.Stored column, Scalar constant) {
            Optional<FilterConstant> bounds = constant(column, constant);
            boolean above = op == CompareOp.GREATER || op == CompareOp.GREATER_OR_EQUAL || op == CompareOp.NOT_EQUAL;
            if (bounds.isEmpty() || above && isFloatingPoint(column.type()) && !nansAreKnown) {
                return new Unknown();
            }
            FilterConstant value = bounds.get();
            if (value.low() instanceof Boolean flag) {
                return switch (op) {
                    case EQUAL -> new Test(eq(FilterApi.booleanColumn(column.path()), flag));
                    default -> new Unknown();
                };
            }
            return switch (column.type().getPrimitiveTypeName()) {
                case INT32 -> comparison(op, FilterApi.intColumn(column.path()), value, Integer.class);
                case INT64 -> comparison(op, FilterApi.longColumn(column.path()), value, Long.class);
                case FLOAT -> comparison(op, FilterApi.floatColumn(column.path()), value, Float.class);
                case DOUBLE -> comparison(op, FilterApi.doubleColumn(column.path()), value, Double.class);
                case BINARY, FIXED_LEN_BYTE_ARRAY ->
                    comparison(
                            op, FilterApi.binaryColumn(column.path()), value, org.apache.parquet.io.api.Binary.class);
                default -> new Unknown();
            };
        }

        private Optional<FilterConstant> constant(FilterColumns.Found.Stored column, Scalar constant) {
            Object value = constant.value();
            return value == null ? Optional.empty() : FilterConstant.of(column.type(), constant.type(), times, value);
        }

        private static <T extends Comparable<T>, C extends Operators.Column<T> & Operators.SupportsLtGt>
                PushedFilter comparison(CompareOp op, C column, FilterConstant bounds, Class<T> type) {
            T low = type.cast(bounds.low());
            T high = type.cast(bounds.high());
            return switch (op) {
                case EQUAL, NULL_SAFE_EQUAL ->
                    new Test(bounds.isExact() ? equal(column, low) : and(gtEq(column, low), ltEq(column, high)));
                case NOT_EQUAL -> bounds.isExact() ? new Test(unequal(column, low)) : new Unknown();
                case LESS -> new Test(lt(column, low));
                case LESS_OR_EQUAL -> new Test(ltEq(column, high));
                case GREATER -> new Test(gt(column, high));
                case GREATER_OR_EQUAL -> new Test(gtEq(column, low));
            };
        }

        private static <T extends Comparable<T>, C extends Operators.Column<T> & Operators.SupportsEqNotEq>
                FilterPredicate equal(Operators.Column<T> column, T value) {
            @SuppressWarnings("unchecked")
            C comparable = (C) column;
            return eq(comparable, value);
        }

        private static <T extends Comparable<T>, C extends Operators.Column<T> & Operators.SupportsEqNotEq>
                FilterPredicate unequal(Operators.Column<T> column, T value) {
            @SuppressWarnings("unchecked")
            C comparable = (C) column;
            return notEq(comparable, value);
        }

        private PushedFilter oneOf(BoundExpr operand, List<Scalar> constants) {
            return switch (columns.find(operand).orElse(null)) {
                case null -> new Unknown();
                case FilterColumns.Found.Missing() -> new Never();
                case FilterColumns.Found.Stored stored ->
                    constants.size() <= SINGLE_VALUES ? anyOf(stored, constants) : oneOf(stored, constants);
            };
        }

        /// Each value by itself: of a set, the library compares only the least and the greatest with statistics.
        private PushedFilter anyOf(FilterColumns.Found.Stored column, List<Scalar> constants) {
            PushedFilter any = new Never();
            for (Scalar constant : constants) {
                if (!constant.isNull()) {
                    any = either(any, test(CompareOp.EQUAL, column, constant));
                }
            }
            return any;
        }

        private PushedFilter oneOf(FilterColumns.Found.Stored column, List<Scalar> constants) {
            Set<Object> values = new HashSet<>();
            for (Scalar constant : constants) {
                if (constant.isNull()) {
                    continue;
                }
                Optional<FilterConstant> bounds = constant(column, constant);
                if (bounds.isEmpty() || !bounds.get().isExact() && !isFloatingPoint(column.type())) {
                    return new Unknown();
                }
                values.add(bounds.get().low());
                values.add(bounds.get().high());
            }
            if (values.isEmpty()) {
                return new Never();
            }
            return switch (column.type().getPrimitiveTypeName()) {
                case INT32 -> new Test(in(FilterApi.intColumn(column.path()), cast(values, Integer.class)));
                case INT64 -> new Test(in(FilterApi.longColumn(column.path()), cast(values, Long.class)));
                case FLOAT -> new Test(in(FilterApi.floatColumn(column.path()), cast(values, Float.class)));
                case DOUBLE -> new Test(in(FilterApi.doubleColumn(column.path()), cast(values, Double.class)));
                case BINARY, FIXED_LEN_BYTE_ARRAY ->
                    new Test(in(
                            FilterApi.binaryColumn(column.path()),
                            cast(values, org.apache.parquet.io.api.Binary.class)));
                default -> new Unknown();
            };
        }

        private static <T> Set<T> cast(Set<Object> values, Class<T> type) {
            Set<T> typed = new HashSet<>();
            values.forEach(value -> typed.add(type.cast(value)));
            return typed;
        }

        private static FilterPredicate nullTest(FilterColumns.Found.Stored column, boolean isNull) {
            return switch (column.type().getPrimitiveTypeName()) {
                case INT32 -> nullTest(FilterApi.intColumn(column.path()), isNull);
                case INT64 -> nullTest(FilterApi.longColumn(column.path()), isNull);
                case FLOAT -> nullTest(FilterApi.floatColumn(column.path()), isNull);
                case DOUBLE -> nullTest(FilterApi.doubleColumn(column.path()), isNull);
                case BOOLEAN -> nullTest(FilterApi.booleanColumn(column.path()), isNull);
                case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> nullTest(FilterApi.binaryColumn(column.path()), isNull);
            };
        }

        private static <T extends Comparable<T>, C extends Operators.Column<T> & Operators.SupportsEqNotEq>
                FilterPredicate nullTest(C column, boolean isNull) {
            return isNull ? eq(column, null) : notEq(column, null);
        }

        private static boolean isFloatingPoint(PrimitiveType type) {
            return type.getPrimitiveTypeName() == PrimitiveTypeName.FLOAT
                    || type.getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE;
        }

        private static CompareOp negated(CompareOp op) {
            return switch (op) {
                case EQUAL -> CompareOp.NOT_EQUAL;
                case NOT_EQUAL -> CompareOp.EQUAL;
                case LESS -> CompareOp.GREATER_OR_EQUAL;
                case LESS_OR_EQUAL -> CompareOp.GREATER;
                case GREATER -> CompareOp.LESS_OR_EQUAL;
                case GREATER_OR_EQUAL -> CompareOp.LESS;
                case NULL_SAFE_EQUAL -> throw new IllegalArgumentException("handled by the caller");
            };
        }
    }
}
