package dev.headrace.exec;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.WindowCall;
import dev.headrace.plan.WindowFrame;
import dev.headrace.plan.WindowFunction;
import dev.headrace.plan.WindowFunction.Rank.Kind;
import dev.headrace.types.LongType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the windows of a plan of which only the first rows of each partition are wanted: filters above them say that a
/// rank is at most some number, and no function looks at rows behind its own.
final class RankLimits {
    /// More rows of a partition are not worth counting apart from the others.
    private static final long MOST_ROWS = 1_000;

    private final Map<LogicalPlan.Window, Optional<RankLimit>> limits = new HashMap<>();

    private RankLimits() {}

    /// That rows behind the first ones of each partition are not wanted, counted as a rank of this kind.
    record RankLimit(Kind kind, int count) {
        /// What is enough for both; empty if they don't count the same.
        private Optional<RankLimit> or(RankLimit other) {
            return kind == other.kind ? Optional.of(count >= other.count ? this : other) : Optional.empty();
        }

        @Override
        public String toString() {
            return new WindowFunction.Rank(kind) + " <= " + count;
        }
    }

    /// The limits of a batch query's windows that have one. A window that stands in it several times has a limit that
    /// is enough for all.
    static Map<LogicalPlan.Window, RankLimit> of(LogicalPlan query) {
        RankLimits found = new RankLimits();
        found.find(query, true);
        if (found.limits.isEmpty()) {
            return Map.of();
        }
        found.find(query, false);
        Map<LogicalPlan.Window, RankLimit> known = new HashMap<>();
        found.limits.forEach((window, limit) -> limit.ifPresent(some -> known.put(window, some)));
        return known;
    }

    /// @param limited whether windows with a limit are looked for, or those without, as they have the last word
    private void find(LogicalPlan plan, boolean limited) {
        LogicalPlan below = plan;
        Optional<RankLimit> limit = Optional.empty();
        while (below instanceof LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate)) {
            limit = lower(limit, predicate, windowBelow(input));
            below = input;
        }
        if (below instanceof LogicalPlan.Window window) {
            if (limit.isEmpty() && !limited) {
                limits.computeIfPresent(window, (_, _) -> Optional.empty());
            } else if (limit.isPresent() && limited) {
                limits.merge(window, limit, (a, b) -> a.flatMap(one -> b.flatMap(one::or)));
            }
        }
        below.inputs().forEach(input -> find(input, limited));
    }

    /// What a filter stands above, through other filters; empty if no limit can be given to it.
    private static Optional<LogicalPlan.Window> windowBelow(LogicalPlan plan) {
        LogicalPlan below = plan;
        while (below instanceof LogicalPlan.Filter filter) {
            below = filter.input();
        }
        return below instanceof LogicalPlan.Window window
                        && !window.isStreaming()
                        && !window.order().isEmpty()
                        && SortPlaces.canTell(window.order().getFirst().expr().type())
                        && window.columns().stream().allMatch(column -> looksBack(column.call()))
                ? Optional.of(window)
                : Optional.empty();
    }

    /// Whether a row's result does not change if rows that come behind it, and are not its peers, are missing.
    private static boolean looksBack(WindowCall call) {
        return switch (call.function()) {
            case WindowFunction.Rank rank -> isLimited(rank.kind());
            case WindowFunction.Offset offset -> offset.places() <= 0;
            case WindowFunction.Aggregate _, WindowFunction.Nth _ ->
                call.frame().end() instanceof WindowFrame.Bound.CurrentRow<BoundExpr> _;
            case WindowFunction.Ntile _, WindowFunction.Session _ -> false;
        };
    }

    private static boolean isLimited(Kind kind) {
        return switch (kind) {
            case ROW_NUMBER, RANK, DENSE_RANK -> true;
            case PERCENT_RANK, CUME_DIST -> false;
        };
    }

    private static Optional<RankLimit> lower(
            Optional<RankLimit> limit, BoundExpr predicate, Optional<LogicalPlan.Window> window) {
        if (window.isEmpty()) {
            return limit;
        }
        if (predicate instanceof BoundExpr.And(BoundExpr left, BoundExpr right)) {
            return lower(lower(limit, left, window), right, window);
        }
        Optional<RankLimit> other = limit(predicate, window.get());
        return limit.isPresent() && other.isPresent()
                ? limit.get().count() <= other.get().count() ? limit : other
                : limit.or(() -> other);
    }

    private static Optional<RankLimit> limit(BoundExpr condition, LogicalPlan.Window window) {
        return switch (condition) {
            case BoundExpr.Compare(CompareOp op, BoundExpr left, BoundExpr.Literal(Scalar value)) ->
                limit(op, left, value, window);
            case BoundExpr.Compare(CompareOp op, BoundExpr.Literal(Scalar value), BoundExpr right) ->
                limit(op.flipped(), right, value, window);
            case BoundExpr.In(BoundExpr rank, List<Scalar> constants) -> {
                List<Long> numbers = constants.stream()
                        .flatMap(constant -> number(constant).stream())
                        .toList();
                yield numbers.size() == constants.size()
                        ? limit(rank, numbers.stream().reduce(0L, Math::max), window)
                        : Optional.empty();
            }
            case BoundExpr _ -> Optional.empty();
        };
    }

    private static Optional<RankLimit> limit(CompareOp op, BoundExpr rank, Scalar value, LogicalPlan.Window window) {
        Optional<Long> number = number(value);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        long most = number.get();
        return switch (op) {
            case LESS_OR_EQUAL, EQUAL, NULL_SAFE_EQUAL -> limit(rank, most, window);
            case LESS -> limit(rank, Math.max(most, 1) - 1, window);
            case NOT_EQUAL, GREATER, GREATER_OR_EQUAL -> Optional.empty();
        };
    }

    private static Optional<Long> number(Scalar value) {
        return switch (value.value()) {
            case Integer number -> Optional.of((long) number);
            case Long number -> Optional.of(number);
            case null, default -> Optional.empty();
        };
    }

    private static Optional<RankLimit> limit(BoundExpr rank, long most, LogicalPlan.Window window) {
        BoundExpr column = rank instanceof BoundExpr.Cast cast && cast.type() instanceof LongType ? cast.input() : rank;
        int width = window.input().schema().size();
        return column instanceof BoundExpr.Column(int ordinal, var _, var _, var _)
                        && ordinal >= width
                        && most <= MOST_ROWS
                        && window.columns().get(ordinal - width).call().function()
                                instanceof WindowFunction.Rank(Kind kind)
                        && isLimited(kind)
                ? Optional.of(new RankLimit(kind, (int) Math.max(most, 0)))
                : Optional.empty();
    }
}
