package dev.headrace.engine.stateful;

import dev.headrace.exec.PhysicalPlan;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.WindowCall;
import dev.headrace.plan.WindowFrame;
import dev.headrace.plan.WindowFunction;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Top rows of rows that can go again, in steps: the top rows of many parts, then those of fewer parts among them. A
/// change touches one part of each step, and goes on to the next only if it is one of its part's top rows; without the
/// steps, all rows would be looked at for each change.
record TopParts(StreamingPlanner planner, LogicalPlan.Sort sort, LogicalPlan.Limit limit) {
    private static final int[] PARTS = {4096, 64};
    /// With more top rows than this the parts would be most of the rows.
    private static final long MOST_ROWS = 1_000;

    private static final String NUMBER = "_number";

    /// The rows that may be top rows.
    Edge of(Edge rows) {
        Optional<BoundExpr> hash = hash(rows.rowSchema());
        if (hash.isEmpty() || limit.count() + limit.offset() > MOST_ROWS) {
            return rows;
        }
        Edge top = rows;
        for (int parts : PARTS) {
            BoundExpr part = new BoundExpr.Arithmetic(
                    ArithmeticOp.REMAINDER,
                    hash.get(),
                    new BoundExpr.Literal(Scalar.of((long) parts)),
                    DataTypes.LongType,
                    CastFailure.NULL);
            top = topOfParts(top, part);
        }
        return top;
    }

    /// Of the columns that have a hash; empty if none has.
    static Optional<BoundExpr> hash(StructType rows) {
        List<BoundExpr> columns = IntStream.range(0, rows.size())
                .filter(i -> isPlain(rows, i))
                .<BoundExpr>mapToObj(i -> Changelog.column(rows.field(i), i))
                .toList();
        return columns.isEmpty() ? Optional.empty() : Optional.of(FunctionRegistry.bindScalar("xxhash64", columns));
    }

    private static boolean isPlain(StructType rows, int column) {
        return switch (rows.field(column).dataType()) {
            case ArrayType _, MapType _, StructType _ -> false;
            default -> true;
        };
    }

    private Edge topOfParts(Edge rows, BoundExpr part) {
        StructType schema = rows.rowSchema();
        KeyedInput keyed = planner.keyed("topRows", rows, List.of(part), Optional.empty());
        RowsLeaf leaf = new RowsLeaf(schema);
        WindowCall number =
                new WindowCall(new WindowFunction.Rank(WindowFunction.Rank.Kind.ROW_NUMBER), WindowFrame.upToPeers());
        LogicalPlan numbered = new LogicalPlan.Window(
                OperatorOutput.of(leaf),
                List.of(part),
                sort.keys(),
                List.of(new LogicalPlan.Window.Column(NUMBER, number)));
        BoundExpr first = new BoundExpr.Compare(
                CompareOp.LESS_OR_EQUAL,
                Changelog.column(numbered.schema().field(schema.size()), schema.size()),
                new BoundExpr.Literal(Scalar.of((int) (limit.count() + limit.offset()))));
        PhysicalPlan body = planner.plan(new LogicalPlan.Project(
                new LogicalPlan.Filter(numbered, first), new ArrayList<>(StreamingPlanner.columnsOf(schema))));
        return planner.recompute("top rows of parts", List.of(keyed), body, List.of(leaf), Optional.empty(), false);
    }
}
