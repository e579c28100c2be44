package dev.headrace.plan;

import dev.headrace.connector.ColumnRange;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// About how many rows a plan gives, from what tables know: how many rows they have, and between which values those
/// are.
public final class RowEstimate {
    private static final double EQUAL_TO_CONSTANT = 0.1;
    private static final double LIKE = 0.1;
    private static final double UNKNOWN = 0.3;

    private RowEstimate() {}

    /// The rows; empty if a table below does not know how many it has.
    public static OptionalDouble rows(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Scan scan -> {
                var known = scan.table().rowCount();
                yield known.isPresent() ? OptionalDouble.of((double) known.getAsLong()) : OptionalDouble.empty();
            }
            case LogicalPlan.LocalRelation relation ->
                OptionalDouble.of(relation.rows().size());
            case LogicalPlan.Range range ->
                OptionalDouble.of(Math.max(0, ((double) range.end() - range.start()) / range.step()));
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate) ->
                times(rows(input), selectivity(predicate, input));
            case LogicalPlan.Project(LogicalPlan input, var _) -> rows(input);
            case LogicalPlan.Aggregate aggregate -> groups(aggregate);
            case LogicalPlan.Join join -> joined(join);
            case LogicalPlan.AsOfJoin join -> rows(join.left());
            case LogicalPlan.LookupJoin join -> rows(join.input());
            case LogicalPlan.Sort(LogicalPlan input, var _) -> rows(input);
            case LogicalPlan.Limit(LogicalPlan input, long count, long _) -> {
                OptionalDouble all = rows(input);
                yield all.isPresent() ? OptionalDouble.of(Math.min((double) count, all.getAsDouble())) : all;
            }
            case LogicalPlan.Union(List<LogicalPlan> inputs) -> sum(inputs);
            case LogicalPlan.Explode explode -> times(rows(explode.input()), 3);
            case LogicalPlan.Deduplicate deduplicate -> times(rows(deduplicate.input()), 0.5);
            case LogicalPlan.Window window -> rows(window.input());
            case LogicalPlan.MapGroups(List<LogicalPlan> inputs, var _) -> sum(inputs);
            case LogicalPlan.Watermark(LogicalPlan input, int _, long _) -> rows(input);
            case LogicalPlan.Shed shed -> rows(shed.input());
            case LogicalPlan.Observe observe -> rows(observe.input());
        };
    }

    /// The rows that a plan would give without the conditions at its top.
    public static OptionalDouble rowsBeforeFilters(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Filter(LogicalPlan input, var _) -> rowsBeforeFilters(input);
            case LogicalPlan.Project(LogicalPlan input, var _) -> rowsBeforeFilters(input);
            default -> rows(plan);
        };
    }

    private static OptionalDouble times(OptionalDouble rows, double factor) {
        return rows.isPresent() ? OptionalDouble.of(rows.getAsDouble() * factor) : rows;
    }

    private static OptionalDouble sum(List<LogicalPlan> inputs) {
        double sum = 0;
        for (LogicalPlan input : inputs) {
            OptionalDouble rows = rows(input);
            if (rows.isEmpty()) {
                return rows;
            }
            sum += rows.getAsDouble();
        }
        return OptionalDouble.of(sum);
    }

    private static OptionalDouble groups(LogicalPlan.Aggregate aggregate) {
        OptionalDouble input = rows(aggregate.input());
        if (aggregate.keys().isEmpty() || input.isEmpty()) {
            return input.isEmpty() ? input : OptionalDouble.of(1);
        }
        double groups = 1;
        for (OutputColumn key : aggregate.keys()) {
            groups *= key.expr() instanceof BoundExpr.Column column
                    ? distinct(aggregate.input(), column.ordinal()).orElse(Math.sqrt(input.getAsDouble()))
                    : Math.sqrt(input.getAsDouble());
        }
        return OptionalDouble.of(Math.max(1, Math.min(groups, input.getAsDouble() / 2)));
    }

    private static OptionalDouble joined(LogicalPlan.Join join) {
        OptionalDouble left = rows(join.left());
        OptionalDouble right = rows(join.right());
        if (left.isEmpty() || right.isEmpty()) {
            return OptionalDouble.empty();
        }
        double most = Math.max(left.getAsDouble(), right.getAsDouble());
        if (join.type() == JoinType.LEFT_SEMI || join.type() == JoinType.LEFT_ANTI) {
            return times(left, UNKNOWN);
        }
        return OptionalDouble.of(join.condition().isPresent() ? most : left.getAsDouble() * right.getAsDouble());
    }

    /// What part of the rows of `input` satisfies a predicate.
    private static double selectivity(BoundExpr predicate, LogicalPlan input) {
        return switch (predicate) {
            case BoundExpr.And and -> conjunction(and, input);
            case BoundExpr.Or(BoundExpr left, BoundExpr right) -> {
                double a = selectivity(left, input);
                double b = selectivity(right, input);
                yield a + b - a * b;
            }
            case BoundExpr.Not(BoundExpr inner) -> 1 - selectivity(inner, input);
            case BoundExpr.Compare(CompareOp op, BoundExpr left, BoundExpr.Literal(Scalar value)) ->
                comparison(op, left, value, input);
            case BoundExpr.Compare(CompareOp op, BoundExpr.Literal(Scalar value), BoundExpr right) ->
                comparison(op.flipped(), right, value, input);
            case BoundExpr.Compare(CompareOp op, BoundExpr _, BoundExpr _) ->
                op == CompareOp.EQUAL ? EQUAL_TO_CONSTANT : op == CompareOp.NOT_EQUAL ? 0.9 : UNKNOWN;
            case BoundExpr.In(BoundExpr value, List<Scalar> constants) ->
                Math.min(0.5, constants.size() * equal(value, input));
            case BoundExpr.IsNull _ -> EQUAL_TO_CONSTANT;
            case BoundExpr.Literal(Scalar value) -> Boolean.TRUE.equals(value.value()) ? 1 : 0;
            case BoundExpr.Call _ -> LIKE;
            default -> UNKNOWN;
        };
    }

    /// Two bounds of one column are a part of its range, not independent of each other.
    private static double conjunction(BoundExpr.And and, LogicalPlan input) {
        double all = 1;
        java.util.Map<BoundExpr, double[]> bounded = new java.util.HashMap<>();
        for (BoundExpr part : conjuncts(and)) {
            Optional<double[]> bounds = Optional.empty();
            BoundExpr column = part;
            if (part instanceof BoundExpr.Compare(CompareOp op, BoundExpr left, BoundExpr.Literal(Scalar value))) {
                bounds = bounds(op, left, value, input);
                column = left;
            }
            if (bounds.isPresent()) {
                double[] one = bounds.get();
                bounded.merge(column, one, (a, b) -> new double[] {Math.max(a[0], b[0]), Math.min(a[1], b[1])});
            } else {
                all *= selectivity(part, input);
            }
        }
        for (double[] part : bounded.values()) {
            all *= Math.max(0.0001, part[1] - part[0]);
        }
        return all;
    }

    private static List<BoundExpr> conjuncts(BoundExpr expr) {
        if (!(expr instanceof BoundExpr.And(BoundExpr left, BoundExpr right))) {
            return List.of(expr);
        }
        List<BoundExpr> parts = new ArrayList<>(conjuncts(left));
        parts.addAll(conjuncts(right));
        return parts;
    }

    /// What part of a column's range a comparison leaves, as numbers from 0 to 1.
    private static Optional<double[]> bounds(CompareOp op, BoundExpr operand, Scalar value, LogicalPlan input) {
        if (!(operand instanceof BoundExpr.Column column)) {
            return Optional.empty();
        }
        OptionalDouble constant = number(value);
        Optional<ColumnRange> range = range(input, column.ordinal());
        if (constant.isEmpty()
                || range.isEmpty()
                || range.get().greatest() <= range.get().least()) {
            return Optional.empty();
        }
        double width = range.get().greatest() - range.get().least();
        double at = Math.clamp((constant.getAsDouble() - range.get().least()) / width, 0, 1);
        return switch (op) {
            case LESS, LESS_OR_EQUAL -> Optional.of(new double[] {0, at});
            case GREATER, GREATER_OR_EQUAL -> Optional.of(new double[] {at, 1});
            case EQUAL, NOT_EQUAL, NULL_SAFE_EQUAL -> Optional.empty();
        };
    }

    private static double comparison(CompareOp op, BoundExpr operand, Scalar value, LogicalPlan input) {
        Optional<double[]> bounds = bounds(op, operand, value, input);
        if (bounds.isPresent()) {
            return bounds.get()[1] - bounds.get()[0];
        }
        return switch (op) {
            case EQUAL, NULL_SAFE_EQUAL -> equal(operand, input);
            case NOT_EQUAL -> 1 - equal(operand, input);
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> UNKNOWN;
        };
    }

    private static double equal(BoundExpr operand, LogicalPlan input) {
        return operand instanceof BoundExpr.Column column
                ? 1 / Math.max(1, distinctInRange(input, column.ordinal()).orElse(1 / EQUAL_TO_CONSTANT))
                : EQUAL_TO_CONSTANT;
    }

    private static OptionalDouble number(Scalar scalar) {
        return switch (scalar.value()) {
            case Integer number -> OptionalDouble.of(number);
            case Long number -> OptionalDouble.of(number);
            case Short number -> OptionalDouble.of(number);
            case Byte number -> OptionalDouble.of(number);
            case Double number -> OptionalDouble.of(number);
            case BigDecimal number -> OptionalDouble.of(number.doubleValue());
            case null, default -> OptionalDouble.empty();
        };
    }

    /// A column of a table.
    private record Source(Table table, int ordinal) {}

    /// Which table's column a plan's column is, if it is one as it was stored.
    private static Optional<Source> source(LogicalPlan plan, int ordinal) {
        return switch (plan) {
            case LogicalPlan.Scan scan ->
                scan.request().columns().get(ordinal) instanceof ScanRequest.ScanColumn.Stored stored
                        ? Optional.of(new Source(scan.table(), stored.ordinal()))
                        : Optional.empty();
            case LogicalPlan.Filter(LogicalPlan input, var _) -> source(input, ordinal);
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) ->
                columns.get(ordinal).expr() instanceof BoundExpr.Column column
                        ? source(input, column.ordinal())
                        : Optional.empty();
            case LogicalPlan.Join join -> {
                int leftWidth = join.left().schema().size();
                yield ordinal < leftWidth ? source(join.left(), ordinal) : source(join.right(), ordinal - leftWidth);
            }
            case LogicalPlan.Aggregate aggregate ->
                ordinal < aggregate.keys().size()
                                && aggregate.keys().get(ordinal).expr() instanceof BoundExpr.Column column
                        ? source(aggregate.input(), column.ordinal())
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    /// Between which values a column is, before filters, if it is a column of a table that knows.
    public static Optional<ColumnRange> range(LogicalPlan plan, int ordinal) {
        return source(plan, ordinal).flatMap(source -> source.table().columnRange(source.ordinal()));
    }

    /// How many different values a column may have by its range.
    private static OptionalDouble distinctInRange(LogicalPlan plan, int ordinal) {
        Optional<Source> source = source(plan, ordinal);
        if (source.isEmpty() || source.get().table().rowCount().isEmpty()) {
            return OptionalDouble.empty();
        }
        double rows = source.get().table().rowCount().getAsLong();
        Optional<ColumnRange> range =
                source.get().table().columnRange(source.get().ordinal());
        return range.isPresent()
                ? OptionalDouble.of(
                        Math.min(rows, range.get().greatest() - range.get().least() + 1))
                : OptionalDouble.empty();
    }

    /// How many different values a column has at most, before filters.
    public static OptionalDouble distinct(LogicalPlan plan, int ordinal) {
        return distinctInRange(plan, ordinal);
    }
}
