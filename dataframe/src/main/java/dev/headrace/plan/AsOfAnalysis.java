package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.Coercion;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.NumericType;
import dev.headrace.types.ShortType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/// Analyzes as-of joins: takes a condition apart into equalities, the comparison of times, and conditions on the right
/// side alone, which are applied to it before.
final class AsOfAnalysis {
    private static final int LONG_DIGITS = 18;

    private final Resolved left;
    private final Resolved right;
    private final NamedPlan.AsOfJoin node;
    private final JoinAnalysis sides;
    private final int leftSize;
    private final List<BoundExpr> equalities = new ArrayList<>();
    private final List<BoundExpr> onRight = new ArrayList<>();
    private final List<BoundExpr> comparisons = new ArrayList<>();

    private AsOfAnalysis(Analyzer analyzer, Resolved left, Resolved right, NamedPlan.AsOfJoin node) {
        this.left = left;
        this.right = right;
        this.node = node;
        this.sides = new JoinAnalysis(analyzer, left, right, node.type());
        this.leftSize = left.schema().size();
    }

    /// @throws QueryException `AS_OF_JOIN_TYPE`, `AS_OF_JOIN_CONDITION`, `AS_OF_JOIN_TIME`, `AS_OF_JOIN_TOLERANCE`
    static Resolved of(Analyzer analyzer, Resolved left, Resolved right, NamedPlan.AsOfJoin node) {
        if (node.type() != JoinType.INNER && node.type() != JoinType.LEFT_OUTER) {
            throw new QueryException(
                    "AS_OF_JOIN_TYPE",
                    "An as-of join can't be " + node.type()
                            + ": it is inner or left, because it looks for one right row " + "for each left row.");
        }
        return new AsOfAnalysis(analyzer, left, right, node).analyzed();
    }

    private Resolved analyzed() {
        node.condition().map(sides::condition).stream()
                .flatMap(bound -> Decorrelation.conjuncts(bound).stream())
                .forEach(this::sort);
        List<JoinAnalysis.Key> keys = node.using().stream().map(sides::key).toList();
        AsOf asOf;
        if (node.times().isPresent()) {
            if (!comparisons.isEmpty()) {
                throw wrongCondition("'" + comparisons.getFirst().text()
                        + "' is an inequality; the times to compare are given beside it.");
            }
            asOf = ofTimes(node.times().get());
        } else {
            asOf = keys.isEmpty() ? ofComparison() : ofUsing(keys.getLast());
        }
        int equalKeys = keys.size() - (node.times().isPresent() || keys.isEmpty() ? 0 : 1);
        keys.subList(0, equalKeys).forEach(key -> equalities.add(sides.equal(key)));
        LogicalPlan.AsOfJoin join = new LogicalPlan.AsOfJoin(
                left.plan(), filteredRight(), node.type(), equalities.stream().reduce(BoundExpr.And::new), asOf);
        return sides.withKeysOnce(join, keys);
    }

    /// Finds out what a part of the condition is for.
    private void sort(BoundExpr conjunct) {
        if (any(conjunct, this::isRight) && !any(conjunct, this::isLeft)) {
            onRight.add(conjunct);
        } else if (conjunct instanceof BoundExpr.Compare(CompareOp op, BoundExpr a, BoundExpr b)
                && (isOf(a, this::isLeft) && isOf(b, this::isRight)
                        || isOf(a, this::isRight) && isOf(b, this::isLeft))) {
            switch (op) {
                case EQUAL, NULL_SAFE_EQUAL -> equalities.add(conjunct);
                case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> comparisons.add(conjunct);
                case NOT_EQUAL -> throw wrongPart(conjunct);
            }
        } else {
            throw wrongPart(conjunct);
        }
    }

    private static QueryException wrongPart(BoundExpr conjunct) {
        return wrongCondition(
                "'" + conjunct.text() + "' is neither of the two, nor a condition on the right side alone.");
    }

    private static QueryException wrongCondition(String what) {
        return new QueryException(
                "AS_OF_JOIN_CONDITION",
                "The condition of an as-of join is one comparison of times (>=, >, <=, <) between the sides, and any number "
                        + "of equalities, joined by AND. " + what);
    }

    private boolean isLeft(int ordinal) {
        return ordinal < leftSize;
    }

    private boolean isRight(int ordinal) {
        return ordinal >= leftSize;
    }

    private static boolean any(BoundExpr expr, IntPredicate columns) {
        return expr instanceof BoundExpr.Column column
                ? columns.test(column.ordinal())
                : expr.operands().stream().anyMatch(operand -> any(operand, columns));
    }

    /// Whether it uses columns, and only such.
    private static boolean isOf(BoundExpr expr, IntPredicate columns) {
        return any(expr, columns) && !any(expr, columns.negate());
    }

    private LogicalPlan filteredRight() {
        return onRight.stream()
                .map(part -> part.transformUp(e -> e instanceof BoundExpr.Column c
                        ? new BoundExpr.Column(c.ordinal() - leftSize, c.name(), c.type(), c.nullable())
                        : e))
                .reduce(BoundExpr.And::new)
                .<LogicalPlan>map(condition -> new LogicalPlan.Filter(right.plan(), condition))
                .orElse(right.plan());
    }

    private AsOf ofComparison() {
        if (comparisons.size() != 1) {
            throw wrongCondition(
                    comparisons.isEmpty()
                            ? "There is no comparison of times."
                            : "There are several: "
                                    + comparisons.stream().map(BoundExpr::text).collect(Collectors.joining(", "))
                                    + ".");
        }
        BoundExpr.Compare compare = (BoundExpr.Compare) comparisons.getFirst();
        boolean leftFirst = isOf(compare.left(), this::isLeft);
        CompareOp op = leftFirst ? compare.op() : compare.op().flipped();
        return new AsOf(
                time(leftFirst ? compare.left() : compare.right()),
                time(leftFirst ? compare.right() : compare.left()),
                op == CompareOp.GREATER || op == CompareOp.GREATER_OR_EQUAL
                        ? AsOf.Direction.BACKWARD
                        : AsOf.Direction.FORWARD,
                op == CompareOp.GREATER_OR_EQUAL || op == CompareOp.LESS_OR_EQUAL,
                Optional.empty(),
                Optional.empty());
    }

    /// `USING (…, time)`: the last column is compared by `>=`.
    private AsOf ofUsing(JoinAnalysis.Key time) {
        return of(sides.left(time), sides.right(time), AsOf.Direction.BACKWARD, true);
    }

    private AsOf of(BoundExpr leftTime, BoundExpr rightTime, AsOf.Direction direction, boolean exactMatches) {
        BoundExpr.Compare compare = (BoundExpr.Compare) FunctionRegistry.bindScalar(">=", List.of(leftTime, rightTime));
        return new AsOf(
                time(compare.left()),
                time(compare.right()),
                direction,
                exactMatches,
                Optional.empty(),
                Optional.empty());
    }

    private AsOf ofTimes(NamedPlan.AsOfTimes times) {
        ExprBinder ofLeft = ExprBinder.in(left.scope(), "joinAsOf(…)");
        BoundExpr leftTime = ofLeft.bind(times.left());
        BoundExpr rightTime =
                sides.moved(ExprBinder.in(right.scope(), "joinAsOf(…)").bind(times.right()));
        AsOf asOf = of(leftTime, rightTime, times.direction(), times.exactMatches());
        if (times.tolerance().isEmpty()) {
            return asOf;
        }
        NamedExpr tolerance = times.tolerance().get();
        DataType type = asOf.leftTime().type();
        BoundExpr earliest = bound("-", times.left(), tolerance, ofLeft, type);
        BoundExpr latest = bound("+", times.left(), tolerance, ofLeft, type);
        return switch (asOf.direction()) {
            case BACKWARD -> within(asOf, Optional.of(earliest), Optional.empty());
            case FORWARD -> within(asOf, Optional.empty(), Optional.of(latest));
            case NEAREST -> within(asOf, Optional.of(earliest), Optional.of(latest));
        };
    }

    private static AsOf within(AsOf asOf, Optional<BoundExpr> earliest, Optional<BoundExpr> latest) {
        return new AsOf(asOf.leftTime(), asOf.rightTime(), asOf.direction(), asOf.exactMatches(), earliest, latest);
    }

    private static BoundExpr bound(
            String operator, NamedExpr time, NamedExpr tolerance, ExprBinder binder, DataType type) {
        BoundExpr bound = binder.bind(new NamedExpr.Call(operator, List.of(time, tolerance), false));
        boolean numbers = bound.type() instanceof NumericType
                && type instanceof NumericType
                && digits(bound.type()) <= digits(type);
        if (!bound.type().equals(type) && !numbers) {
            throw new QueryException(
                    "AS_OF_JOIN_TOLERANCE",
                    "The tolerance '" + tolerance.text() + "' does not go with times of type " + type.simpleString()
                            + ": '"
                            + time.text() + "' " + operator + " the tolerance is "
                            + bound.type().simpleString()
                            + ". Expected an interval for timestamps, days for dates, a number for numbers that has no "
                            + "more digits behind the point than they have.");
        }
        return Coercion.cast(bound, type, CastFailure.ERROR);
    }

    /// How many digits behind the point numbers of the type have.
    private static int digits(DataType type) {
        return switch (type) {
            case DecimalType decimal -> decimal.scale();
            case FloatType _, DoubleType _ -> Integer.MAX_VALUE;
            default -> 0;
        };
    }

    /// A time as one of the types that can be searched by.
    private static BoundExpr time(BoundExpr expr) {
        return switch (expr.type()) {
            case IntegerType _, LongType _, DoubleType _, DateType _, TimestampType _, TimestampNTZType _ -> expr;
            case DecimalType decimal when decimal.precision() <= LONG_DIGITS -> expr;
            case ByteType _, ShortType _ -> Coercion.cast(expr, DataTypes.IntegerType, CastFailure.ERROR);
            case FloatType _ -> Coercion.cast(expr, DataTypes.DoubleType, CastFailure.ERROR);
            default ->
                throw new QueryException(
                        "AS_OF_JOIN_TIME",
                        "'" + expr.text() + "' is " + expr.type().simpleString()
                                + ": the times of an as-of join are timestamps, "
                                + "dates or numbers (decimals of at most " + LONG_DIGITS + " digits).");
        };
    }
}
