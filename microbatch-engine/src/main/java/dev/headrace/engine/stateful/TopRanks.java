package dev.headrace.engine.stateful;

import dev.headrace.exec.JoinKeys;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.WindowFunction;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A filter for the first rows of each partition by `row_number`, `rank` or `dense_rank`. A row that is not among them
/// tells nothing of those that are: if rows only come it is forgotten, and if they can go again it is kept in one of
/// many parts of its partition, of which a change touches one.
///
/// @param column which column of the window is compared
/// @param most the highest rank that passes
record TopRanks(LogicalPlan.Window window, int column, int most) {
    private static final long PARTS = 256;
    /// With more rows than this of each part the parts would be most of the rows.
    private static final int MOST_ROWS = 1_000;

    /// Empty if the filter does not say that only the first rows of each partition pass.
    static Optional<TopRanks> of(LogicalPlan.Filter filter) {
        if (!(filter.input() instanceof LogicalPlan.Window window)
                || window.order().isEmpty()
                || !window.columns().stream().allMatch(TopRanks::isRank)
                || !window.partition().stream().allMatch(BoundExpr::deterministic)
                || !window.order().stream().allMatch(key -> key.expr().deterministic())) {
            return Optional.empty();
        }
        return JoinKeys.conjuncts(Optional.of(filter.predicate())).stream()
                .flatMap(condition -> bound(window, condition).stream())
                .filter(top -> top.most() <= MOST_ROWS)
                .findFirst();
    }

    private static boolean isRank(LogicalPlan.Window.Column column) {
        return column.call().function() instanceof WindowFunction.Rank(WindowFunction.Rank.Kind kind)
                && switch (kind) {
                    case ROW_NUMBER, RANK, DENSE_RANK -> true;
                    case PERCENT_RANK, CUME_DIST -> false;
                };
    }

    private static Optional<TopRanks> bound(LogicalPlan.Window window, BoundExpr condition) {
        if (!(condition
                instanceof
                BoundExpr.Compare(
                        CompareOp op,
                        BoundExpr.Column rank,
                        BoundExpr.Literal(Scalar(Object value, var _))))) {
            return Optional.empty();
        }
        int column = rank.ordinal() - window.input().schema().size();
        if (column < 0 || !(value instanceof Integer number)) {
            return Optional.empty();
        }
        return switch (op) {
            case EQUAL, NULL_SAFE_EQUAL, LESS_OR_EQUAL -> Optional.of(new TopRanks(window, column, number));
            case LESS -> Optional.of(new TopRanks(window, column, number - 1));
            case NOT_EQUAL, GREATER, GREATER_OR_EQUAL -> Optional.empty();
        };
    }

    /// The window's rows that pass, with their ranks.
    Edge edge(StreamingPlanner planner, OutputMode mode) {
        Edge input = planner.edge(window.input(), false);
        Optional<TimeKey> time =
                mode == OutputMode.COMPLETE ? Optional.empty() : TimeKey.of(window.input(), window.partition());
        if (input.retracts()) {
            return planner.window(window, parts(planner, input, time));
        }
        // In append mode each row of the result comes once, when its partition is final.
        boolean last = mode == OutputMode.APPEND && time.isPresent();
        Edge first = first(planner, input, time, !last);
        return last ? planner.window(window, first) : first;
    }

    /// Of rows that only come, the first ones of each partition.
    ///
    /// @param ranked whether the ranks are to come with them
    private Edge first(StreamingPlanner planner, Edge input, Optional<TimeKey> time, boolean ranked) {
        RowsLeaf leaf = new RowsLeaf(input.rowSchema());
        KeyedInput keyed = planner.keyed("topRows", input, window.partition(), time);
        return new Edge(
                OperatorOutput.of(
                        new FirstRows(name(), keyed, body(planner, leaf, window.partition(), ranked), leaf, false)),
                Edge.Mode.RETRACT);
    }

    /// Of rows that can go again, those that are the first ones of their part of the partition.
    private Edge parts(StreamingPlanner planner, Edge input, Optional<TimeKey> time) {
        Optional<BoundExpr> hash = TopParts.hash(input.rowSchema());
        if (hash.isEmpty()) {
            return input;
        }
        List<BoundExpr> keys = new ArrayList<>(window.partition());
        keys.add(new BoundExpr.Arithmetic(
                ArithmeticOp.REMAINDER,
                hash.get(),
                new BoundExpr.Literal(Scalar.of(PARTS)),
                DataTypes.LongType,
                CastFailure.NULL));
        RowsLeaf leaf = new RowsLeaf(input.rowSchema());
        KeyedInput keyed = planner.keyed("topRows", input, keys, time);
        return new Edge(
                OperatorOutput.of(new KeyedRecompute(
                        name() + " of parts",
                        List.of(keyed),
                        body(planner, leaf, keys, false),
                        List.of(leaf),
                        KeyedRecompute.Emission.CHANGES)),
                Edge.Mode.RETRACT);
    }

    private String name() {
        return "top " + most + " by " + window.columns().get(column).call().function();
    }

    private PhysicalPlan body(StreamingPlanner planner, RowsLeaf leaf, List<BoundExpr> partition, boolean ranked) {
        LogicalPlan.Window ranks = new LogicalPlan.Window(
                OperatorOutput.of(leaf),
                partition,
                window.order(),
                ranked ? window.columns() : List.of(window.columns().get(column)));
        int width = leaf.schema().size();
        int rank = width + (ranked ? column : 0);
        LogicalPlan first = new LogicalPlan.Filter(
                ranks,
                new BoundExpr.Compare(
                        CompareOp.LESS_OR_EQUAL,
                        Changelog.column(ranks.schema().field(rank), rank),
                        new BoundExpr.Literal(Scalar.of(most))));
        StructType rows = leaf.schema();
        return planner.plan(ranked ? first : new LogicalPlan.Project(first, StreamingPlanner.columnsOf(rows)));
    }
}
