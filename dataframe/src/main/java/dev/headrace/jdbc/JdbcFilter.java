package dev.headrace.jdbc;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/// A condition of SQL which at least those rows meet that a query's filter keeps. The query filters again.
///
/// @param sql with a question mark for each constant
record JdbcFilter(String sql, List<Scalar> constants) {
    /// All rows.
    static final JdbcFilter NONE = new JdbcFilter("", List.of());

    /// Oracle takes so many in one list, SQL Server some 2000 and PostgreSQL some 30,000 in a statement.
    private static final int MOST_CONSTANTS = 1_000;

    /// Nanoseconds are cut off, and a `datetime` of SQL Server counts in 300ths of a second, of which milliseconds are
    /// read.
    private static final long SPARE_MICROS = 5_000;

    private static final long DAY_MICROS = 86_400_000_000L;
    /// Many databases have no times but those of the years 1 to 9999.
    private static final long FIRST_MICROS = LocalDate.of(1, 1, 1).toEpochDay() * DAY_MICROS;

    private static final long END_MICROS = LocalDate.of(10_000, 1, 1).toEpochDay() * DAY_MICROS;

    JdbcFilter {
        constants = List.copyOf(constants);
    }

    private boolean isSmall() {
        return constants.size() <= MOST_CONSTANTS;
    }

    /// Turns filters into SQL, as far as a database is sure to take them for what they are.
    ///
    /// @param isComparable whether a column, by its ordinal, has values that a database compares as we do
    record Translation(JdbcTable table, IntPredicate isComparable) {
        /// The conjunction, without those that would make it too large.
        JdbcFilter all(List<BoundExpr> filters) {
            JdbcFilter all = NONE;
            for (BoundExpr filter : filters) {
                JdbcFilter one = translate(filter).orElse(NONE);
                JdbcFilter more = all.sql.isEmpty() ? one : one.sql.isEmpty() ? all : both(all, one);
                all = more.isSmall() ? more : all;
            }
            return all;
        }

        /// Empty if nothing is known of the rows that the filter keeps.
        private Optional<JdbcFilter> translate(BoundExpr filter) {
            return switch (filter) {
                case BoundExpr.And(BoundExpr left, BoundExpr right) -> {
                    Optional<JdbcFilter> first = translate(left);
                    Optional<JdbcFilter> second = translate(right);
                    yield first.isPresent() && second.isPresent()
                            ? Optional.of(both(first.get(), second.get()))
                            : first.or(() -> second);
                }
                case BoundExpr.Or(BoundExpr left, BoundExpr right) ->
                    translate(left)
                            .flatMap(first -> translate(right).map(second -> joined(first, " OR ", second)))
                            .filter(JdbcFilter::isSmall);
                case BoundExpr.IsNull(BoundExpr.Column column) ->
                    Optional.of(new JdbcFilter(name(column) + " IS NULL", List.of()));
                case BoundExpr.Not(BoundExpr.IsNull(BoundExpr.Column column)) -> isNotNull(column);
                case BoundExpr.Compare(CompareOp op, BoundExpr.Column left, BoundExpr.Literal(Scalar right)) ->
                    compare(op, left, right);
                case BoundExpr.Compare(CompareOp op, BoundExpr.Literal(Scalar left), BoundExpr.Column right) ->
                    compare(op.flipped(), right, left);
                case BoundExpr.In(BoundExpr.Column column, List<Scalar> constants) -> oneOf(column, constants);
                case BoundExpr _ -> Optional.empty();
            };
        }

        /// Not of what is read as text though it is none: a row of PostgreSQL with a null in it is no `IS NOT NULL`.
        private Optional<JdbcFilter> isNotNull(BoundExpr.Column column) {
            return isComparable.test(column.ordinal()) || !(column.type() instanceof StringType)
                    ? Optional.of(new JdbcFilter(name(column) + " IS NOT NULL", List.of()))
                    : Optional.empty();
        }

        private Optional<JdbcFilter> compare(CompareOp op, BoundExpr.Column column, Scalar constant) {
            if (constant.value() == null
                    || !isComparable.test(column.ordinal())
                    || !constant.type().equals(column.type())) {
                return Optional.empty();
            }
            return switch (column.type()) {
                // Equal by any collation are at least those that are equal.
                case StringType _ -> isEquality(op) ? of(column, "=", constant) : Optional.empty();
                case TimestampType _, TimestampNTZType _ ->
                    constant.value() instanceof Long micros
                                    && micros >= FIRST_MICROS + SPARE_MICROS
                                    && micros < END_MICROS - SPARE_MICROS
                            ? compareTimes(op, column, micros)
                            : Optional.empty();
                default -> op == CompareOp.NOT_EQUAL ? of(column, "<>", constant) : of(column, symbol(op), constant);
            };
        }

        private static boolean isEquality(CompareOp op) {
            return op == CompareOp.EQUAL || op == CompareOp.NULL_SAFE_EQUAL;
        }

        private static String symbol(CompareOp op) {
            return isEquality(op) ? "=" : op.symbol();
        }

        /// With some time to spare, for what is read may have fewer digits than what the database compares.
        private Optional<JdbcFilter> compareTimes(CompareOp op, BoundExpr.Column column, long micros) {
            Scalar least = new Scalar(micros - SPARE_MICROS, column.type());
            Scalar most = new Scalar(micros + SPARE_MICROS, column.type());
            return switch (op) {
                case EQUAL, NULL_SAFE_EQUAL ->
                    of(column, ">=", least)
                            .flatMap(from -> of(column, "<", most).map(to -> both(from, to)));
                case LESS, LESS_OR_EQUAL -> of(column, "<", most);
                case GREATER, GREATER_OR_EQUAL -> of(column, ">=", least);
                case NOT_EQUAL -> Optional.empty();
            };
        }

        private Optional<JdbcFilter> oneOf(BoundExpr.Column column, List<Scalar> constants) {
            List<Scalar> values =
                    constants.stream().filter(each -> each.value() != null).toList();
            boolean comparable = values.size() <= MOST_CONSTANTS
                    && isComparable.test(column.ordinal())
                    && !(column.type() instanceof TimestampType || column.type() instanceof TimestampNTZType)
                    && values.stream().allMatch(each -> each.type().equals(column.type()));
            return comparable && !values.isEmpty()
                    ? Optional.of(new JdbcFilter(
                            name(column) + " IN (" + String.join(", ", Collections.nCopies(values.size(), "?")) + ")",
                            values))
                    : Optional.empty();
        }

        private Optional<JdbcFilter> of(BoundExpr.Column column, String symbol, Scalar constant) {
            return Optional.of(new JdbcFilter(name(column) + " " + symbol + " ?", List.of(constant)));
        }

        private static JdbcFilter both(JdbcFilter left, JdbcFilter right) {
            return joined(left, " AND ", right);
        }

        private static JdbcFilter joined(JdbcFilter left, String operator, JdbcFilter right) {
            List<Scalar> constants = new ArrayList<>(left.constants);
            constants.addAll(right.constants);
            return new JdbcFilter("(" + left.sql + operator + right.sql + ")", constants);
        }

        private String name(BoundExpr.Column column) {
            return table.quoted(table.schema().field(column.ordinal()).name());
        }
    }
}
