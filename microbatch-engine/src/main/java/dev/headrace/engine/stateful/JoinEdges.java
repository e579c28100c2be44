package dev.headrace.engine.stateful;

import dev.headrace.exec.JoinKeys;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Plans joins with a stream on one side or on both.
record JoinEdges(StreamingPlanner planner, OutputMode mode) {
    Edge of(LogicalPlan.Join node) {
        boolean left = node.left().isStreaming();
        boolean right = node.right().isStreaming();
        if (left && right) {
            return joinStreams(node);
        }
        boolean keepsLeft = node.type() == JoinType.LEFT_OUTER || node.type().leftOnly();
        boolean keepsRight = node.type() == JoinType.RIGHT_OUTER;
        if (node.type() == JoinType.FULL_OUTER || right && keepsLeft || left && keepsRight) {
            throw StreamingPlanner.unsupported(
                    "a " + node.type() + " join that keeps rows of the table without a partner in the stream",
                    "A partner may come in a later batch: let the stream be the side whose rows are kept.");
        }
        Edge stream = planner.edge(left ? node.left() : node.right(), false);
        int leftSize = node.left().schema().size();
        if (right || !stream.retracts()) {
            return new Edge(
                    new LogicalPlan.Join(
                            left ? stream.plan() : node.left(),
                            right ? stream.plan() : node.right(),
                            node.type(),
                            node.condition()),
                    stream.mode());
        }
        Optional<BoundExpr> condition = node.condition().map(expr -> afterChange(expr, leftSize));
        Edge joined =
                new Edge(new LogicalPlan.Join(stream.plan(), node.right(), node.type(), condition), stream.mode());
        return node.type().leftOnly() ? joined : Changelog.changeLast(joined, leftSize);
    }

    /// The left side has the change as one column more.
    static BoundExpr afterChange(BoundExpr expr, int leftSize) {
        return expr.transformUp(node -> node instanceof BoundExpr.Column c && c.ordinal() >= leftSize
                ? new BoundExpr.Column(c.ordinal() + 1, c.name(), c.type(), c.nullable())
                : node);
    }

    private Edge joinStreams(LogicalPlan.Join node) {
        if (node.type() == JoinType.RIGHT_OUTER && mode == OutputMode.APPEND) {
            return swapped(node);
        }
        JoinKeys keys = JoinKeys.of(node);
        Optional<TimeKey> time = mode == OutputMode.COMPLETE ? Optional.empty() : TimeKey.of(node, keys);
        Edge left = planner.edge(node.left(), false);
        Edge right = planner.edge(node.right(), false);
        boolean onlyAdds = !left.retracts() && !right.retracts();
        if (mode == OutputMode.APPEND && onlyAdds && time.isEmpty()) {
            Optional<TimeBounds> within = TimeBounds.of(node, keys).filter(bounds -> sayWhenAlone(node.type(), bounds));
            if (within.isPresent()) {
                return node.type() == JoinType.FULL_OUTER
                        ? fullWithin(node, keys, left, right, within.get())
                        : within(node, keys, left, right, within.get());
            }
        }
        if (onlyAdds && (node.type() == JoinType.INNER || node.type() == JoinType.CROSS)) {
            return additions(node, keys, left, right, time);
        }
        KeyedInput leftRows = planner.keyed("joinLeft", left, keys.left(), time);
        KeyedInput rightRows = planner.keyed("joinRight", right, keys.right(), time);
        RowsLeaf leftLeaf = new RowsLeaf(left.rowSchema());
        RowsLeaf rightLeaf = new RowsLeaf(right.rowSchema());
        PhysicalPlan body = planner.plan(new LogicalPlan.Join(
                OperatorOutput.of(leftLeaf), OperatorOutput.of(rightLeaf), node.type(), node.condition()));
        if (node.type() == JoinType.INNER || node.type() == JoinType.CROSS) {
            return new Edge(
                    OperatorOutput.of(new IncrementalJoin(leftRows, rightRows, body, leftLeaf, rightLeaf)),
                    Edge.Mode.RETRACT);
        }
        return planner.recompute(
                node.type() + " join",
                List.of(leftRows, rightRows),
                body,
                List.of(leftLeaf, rightLeaf),
                time,
                node.type() == JoinType.LEFT_SEMI && onlyAdds);
    }

    /// Whether the watermark tells for each row that the result may have without a partner that it will find none.
    private static boolean sayWhenAlone(JoinType type, TimeBounds bounds) {
        return switch (type) {
            case LEFT_OUTER, LEFT_SEMI, LEFT_ANTI -> bounds.leftEnds().isPresent();
            case FULL_OUTER ->
                bounds.leftEnds().isPresent() && bounds.rightEnds().isPresent();
            case RIGHT_OUTER -> bounds.rightEnds().isPresent();
            case INNER, CROSS -> false;
        };
    }

    /// What a join needs so that its rows without a partner come once, when they are final, if a join of the query has
    /// not got that; else the empty string.
    static String howToWait(LogicalPlan query) {
        if (query instanceof LogicalPlan.Join join && neverSaysWhenAlone(join)) {
            String type = join.type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return " A " + type + " join of streams works in append mode if both sides have a watermark and the"
                    + " condition bounds the time between them, as in r.ts BETWEEN l.ts AND l.ts + INTERVAL 1 HOUR.";
        }
        return query.inputs().stream()
                .map(JoinEdges::howToWait)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static boolean neverSaysWhenAlone(LogicalPlan.Join node) {
        if (!node.left().isStreaming() || !node.right().isStreaming()) {
            return false;
        }
        return switch (node.type()) {
            case LEFT_OUTER, RIGHT_OUTER, FULL_OUTER, LEFT_ANTI -> {
                JoinKeys keys = JoinKeys.of(node);
                yield TimeKey.of(node, keys).isEmpty()
                        && TimeBounds.of(node, keys)
                                .filter(bounds -> sayWhenAlone(node.type(), bounds))
                                .isEmpty();
            }
            case INNER, CROSS, LEFT_SEMI -> false;
        };
    }

    /// An inner join of rows that only come.
    private Edge additions(LogicalPlan.Join node, JoinKeys keys, Edge left, Edge right, Optional<TimeKey> time) {
        Optional<TimeBounds> bounds = mode == OutputMode.COMPLETE ? Optional.empty() : TimeBounds.of(node, keys);
        LoggedInput leftRows = logged(
                "joinLeft",
                withKeys(left, keys.left()),
                keys.left(),
                time,
                bounds.flatMap(TimeBounds::leftEnds),
                ends -> TimeBounds.late(bounds.orElseThrow().left(), ends));
        LoggedInput rightRows = logged(
                "joinRight",
                withKeys(right, keys.right()),
                keys.right(),
                time,
                bounds.flatMap(TimeBounds::rightEnds),
                ends -> TimeBounds.late(bounds.orElseThrow().right(), ends));
        RowsLeaf leftLeaf = new RowsLeaf(left.rowSchema());
        RowsLeaf rightLeaf = new RowsLeaf(right.rowSchema());
        PhysicalPlan pairs = planner.plan(new LogicalPlan.Join(
                OperatorOutput.of(leftLeaf), OperatorOutput.of(rightLeaf), node.type(), node.condition()));
        return new Edge(
                OperatorOutput.of(new LoggedJoin(
                        names(keys),
                        leftRows,
                        rightRows,
                        Optional.of(pairs),
                        Optional.empty(),
                        Optional.empty(),
                        leftLeaf,
                        rightLeaf)),
                Edge.Mode.APPEND);
    }

    /// The rows that may have a partner. Rows whose key is null have none; kept, all of them would be looked at for
    /// each row of the other side without a key.
    private static Edge withKeys(Edge input, List<BoundExpr> keys) {
        return keys.stream()
                .filter(key -> key.nullable() && key.deterministic())
                .<BoundExpr>map(key -> new BoundExpr.Not(new BoundExpr.IsNull(key)))
                .reduce(BoundExpr.And::new)
                .map(known -> new Edge(new LogicalPlan.Filter(input.plan(), known), input.mode()))
                .orElse(input);
    }

    private static List<String> names(JoinKeys keys) {
        return IntStream.range(0, keys.left().size()).mapToObj(k -> "key" + k).toList();
    }

    /// @param time the key that tells when a row is forgotten
    /// @param ends when each row is forgotten, if it is by a time of its own
    private LoggedInput logged(
            String name,
            Edge input,
            List<BoundExpr> keys,
            Optional<TimeKey> time,
            Optional<Expiry> ends,
            UnaryOperator<Expiry> late) {
        if (ends.isPresent()) {
            return timed(name, input, keys, ends.get(), late.apply(ends.get()));
        }
        int firstKey = input.rowSchema().size();
        Optional<Expiry> withKey = time.map(key -> key.at(firstKey + key.index()));
        return planner.logged(name, input, keys, withKey, withKey, 0);
    }

    /// Keeps each row until a time of its own. Rows without that time, which would stay for good, are left out: a
    /// comparison with their time is never true.
    private LoggedInput timed(String name, Edge input, List<BoundExpr> keys, Expiry ends, Expiry late) {
        LogicalPlan timed = StreamingPlanner.withTime(input, ends);
        return planner.logged(name, new Edge(timed, input.mode()), keys, Optional.of(ends), Optional.of(late), 0);
    }

    /// The same with the sides exchanged, and the columns in their old order.
    private Edge swapped(LogicalPlan.Join node) {
        int leftSize = node.left().schema().size();
        int rightSize = node.right().schema().size();
        LogicalPlan.Join other =
                new LogicalPlan.Join(node.right(), node.left(), JoinType.LEFT_OUTER, swappedCondition(node));
        Edge joined = joinStreams(other);
        List<OutputColumn> columns =
                new ArrayList<>(StreamingPlanner.columnsOf(joined.plan().schema()));
        List<OutputColumn> ordered = new ArrayList<>(columns.subList(rightSize, rightSize + leftSize));
        ordered.addAll(columns.subList(0, rightSize));
        ordered.addAll(columns.subList(rightSize + leftSize, columns.size()));
        return new Edge(new LogicalPlan.Project(joined.plan(), ordered), joined.mode());
    }

    /// The condition over the right columns followed by the left ones.
    private static Optional<BoundExpr> swappedCondition(LogicalPlan.Join node) {
        int leftSize = node.left().schema().size();
        int rightSize = node.right().schema().size();
        return node.condition()
                .map(expr -> expr.transformUp(e -> e instanceof BoundExpr.Column c
                        ? new BoundExpr.Column(
                                c.ordinal() < leftSize ? c.ordinal() + rightSize : c.ordinal() - leftSize,
                                c.name(),
                                c.type(),
                                c.nullable())
                        : e));
    }

    /// A join whose left rows wait for a partner no longer than a time.
    private Edge within(LogicalPlan.Join node, JoinKeys keys, Edge left, Edge right, TimeBounds bounds) {
        RowsLeaf leftLeaf = new RowsLeaf(left.rowSchema());
        RowsLeaf rightLeaf = new RowsLeaf(right.rowSchema());
        LogicalPlan leftInput = OperatorOutput.of(leftLeaf);
        LogicalPlan rightInput = OperatorOutput.of(rightLeaf);
        Expiry ends = bounds.leftEnds().orElseThrow();
        Expiry leftEnds = ends.withoutTimeAtOnce();
        Optional<Expiry> leftLate = Optional.of(TimeBounds.late(bounds.left(), ends));
        if (node.type() == JoinType.LEFT_SEMI) {
            KeyedInput leftRows =
                    planner.keyed("joinLeft", left, keys.left(), new KeyedRows.Lifetime.OfRow(leftEnds), leftLate);
            KeyedInput rightRows = bounds.rightEndsAfterLeft()
                    .map(kept -> planner.keyed("joinRight", right, keys.right(), kept, bounds.rightLate()))
                    .orElseGet(() -> planner.keyed(
                            "joinRight",
                            right,
                            keys.right(),
                            new KeyedRows.Lifetime.Endless(),
                            Optional.of(bounds.rightLate())));
            PhysicalPlan body =
                    planner.plan(new LogicalPlan.Join(leftInput, rightInput, JoinType.LEFT_SEMI, node.condition()));
            return planner.recompute(
                    "LEFT SEMI join within a time",
                    List.of(leftRows, rightRows),
                    body,
                    List.of(leftLeaf, rightLeaf),
                    Optional.empty(),
                    true);
        }
        LoggedInput leftRows = planner.logged("joinLeft", left, keys.left(), Optional.of(leftEnds), leftLate, 0);
        Edge withKeys = withKeys(right, keys.right());
        LoggedInput rightRows = bounds.rightEndsAfterLeft()
                .map(kept -> timed("joinRight", withKeys, keys.right(), kept, bounds.rightLate()))
                .orElseGet(() -> planner.logged(
                        "joinRight", withKeys, keys.right(), Optional.empty(), Optional.of(bounds.rightLate()), 0));
        boolean outer = node.type() == JoinType.LEFT_OUTER;
        List<OutputColumn> columns = new ArrayList<>(StreamingPlanner.columnsOf(left.rowSchema()));
        if (outer) {
            columns.addAll(nulls(right));
        }
        LogicalPlan unmatched = new LogicalPlan.Join(leftInput, rightInput, JoinType.LEFT_ANTI, node.condition());
        Optional<PhysicalPlan> pairs = outer ? Optional.of(pairs(node, leftLeaf, rightLeaf)) : Optional.empty();
        return new Edge(
                OperatorOutput.of(new LoggedJoin(
                        names(keys),
                        leftRows,
                        rightRows,
                        pairs,
                        Optional.of(planner.plan(new LogicalPlan.Project(unmatched, columns))),
                        Optional.empty(),
                        leftLeaf,
                        rightLeaf)),
                Edge.Mode.APPEND);
    }

    /// A join whose rows of both sides wait for a partner no longer than a time. Each side is kept until the rows of
    /// the other one that it may go with have waited.
    private Edge fullWithin(LogicalPlan.Join node, JoinKeys keys, Edge left, Edge right, TimeBounds bounds) {
        LoggedInput leftRows = waiting(
                "joinLeft",
                left,
                keys.left(),
                bounds.leftEnds().orElseThrow(),
                bounds.leftEndsAfterRight().orElseThrow(),
                bounds.leftLate());
        LoggedInput rightRows = waiting(
                "joinRight",
                right,
                keys.right(),
                bounds.rightEnds().orElseThrow(),
                bounds.rightEndsAfterLeft().orElseThrow(),
                bounds.rightLate());
        RowsLeaf leftLeaf = new RowsLeaf(left.rowSchema());
        RowsLeaf rightLeaf = new RowsLeaf(right.rowSchema());
        LogicalPlan leftInput = OperatorOutput.of(leftLeaf);
        LogicalPlan rightInput = OperatorOutput.of(rightLeaf);
        List<OutputColumn> leftThenNulls = new ArrayList<>(nullable(left));
        leftThenNulls.addAll(nulls(right));
        List<OutputColumn> nullsThenRight = new ArrayList<>(nulls(left));
        nullsThenRight.addAll(nullable(right));
        PhysicalPlan leftAlone = planner.plan(new LogicalPlan.Project(
                new LogicalPlan.Join(leftInput, rightInput, JoinType.LEFT_ANTI, node.condition()), leftThenNulls));
        PhysicalPlan rightAlone = planner.plan(new LogicalPlan.Project(
                new LogicalPlan.Join(rightInput, leftInput, JoinType.LEFT_ANTI, swappedCondition(node)),
                nullsThenRight));
        return new Edge(
                OperatorOutput.of(new LoggedJoin(
                        names(keys),
                        leftRows,
                        rightRows,
                        Optional.of(pairs(node, leftLeaf, rightLeaf)),
                        Optional.of(leftAlone),
                        Optional.of(rightAlone),
                        leftLeaf,
                        rightLeaf)),
                Edge.Mode.APPEND);
    }

    /// Keeps rows that come out at the time at which they end if they have found no partner, and those of the other
    /// side need a while longer.
    private LoggedInput waiting(
            String name, Edge input, List<BoundExpr> keys, Expiry ends, Expiry keptUntil, Expiry late) {
        return planner.logged(
                name,
                input,
                keys,
                Optional.of(keptUntil.withoutTimeAtOnce()),
                Optional.of(late),
                keptUntil.extraMicros() - ends.extraMicros());
    }

    private PhysicalPlan pairs(LogicalPlan.Join node, RowsLeaf leftLeaf, RowsLeaf rightLeaf) {
        return planner.plan(new LogicalPlan.Join(
                OperatorOutput.of(leftLeaf), OperatorOutput.of(rightLeaf), JoinType.INNER, node.condition()));
    }

    /// The columns of a side that is not there for each row of the result.
    private static List<OutputColumn> nullable(Edge side) {
        return StreamingPlanner.columnsOf(new StructType(side.rowSchema().fieldList().stream()
                .map(field -> field.withNullable(true))
                .toList()));
    }

    /// The columns of a partner that is not there.
    private static List<OutputColumn> nulls(Edge side) {
        return side.rowSchema().fieldList().stream()
                .map(field -> new OutputColumn(field.name(), new BoundExpr.Literal(new Scalar(null, field.dataType()))))
                .toList();
    }
}
