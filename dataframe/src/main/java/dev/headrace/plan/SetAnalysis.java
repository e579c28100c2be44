package dev.headrace.plan;

import dev.headrace.function.FunctionRegistry;
import java.util.ArrayList;
import java.util.List;

/// Analyzes INTERSECT and EXCEPT: the rows of both sides are counted together, by side. Nulls count as equal.
final class SetAnalysis {
    private static final String LEFT = "_left";
    private static final String RIGHT = "_right";

    /// A chunk of rows with so many copies each is small.
    private static final long BLOCK = 1024;

    private SetAnalysis() {}

    static Resolved of(Resolved left, Resolved right, NamedPlan.SetOperation.Kind kind, boolean all) {
        Resolved union = UnionAnalysis.byPosition(left, right, kind.name().toLowerCase(java.util.Locale.ROOT));
        int width = union.schema().size();
        List<LogicalPlan> sides = ((LogicalPlan.Union) union.plan()).inputs();
        LogicalPlan both = new LogicalPlan.Union(List.of(marked(sides.get(0), 1, 0), marked(sides.get(1), 0, 1)));
        List<OutputColumn> keys = Decorrelation.identity(both).subList(0, width).stream()
                .map(OutputColumn::comparable)
                .toList();
        LogicalPlan counted =
                new LogicalPlan.Aggregate(both, keys, List.of(sum(LEFT, both, width), sum(RIGHT, both, width + 1)));
        LogicalPlan result = all ? repeated(counted, width, kind) : once(counted, width, kind);
        LogicalPlan rows =
                new LogicalPlan.Project(result, Decorrelation.identity(result).subList(0, width));
        return Resolved.of(rows, union.scope().withSchema(rows.schema()));
    }

    private static LogicalPlan marked(LogicalPlan side, long left, long right) {
        List<OutputColumn> columns = new ArrayList<>(Decorrelation.identity(side));
        columns.add(new OutputColumn(LEFT, literal(left)));
        columns.add(new OutputColumn(RIGHT, literal(right)));
        return new LogicalPlan.Project(side, columns);
    }

    private static LogicalPlan.Aggregate.Aggregation sum(String name, LogicalPlan plan, int ordinal) {
        return new LogicalPlan.Aggregate.Aggregation(
                name, FunctionRegistry.bindAggregate("sum", List.of(Decorrelation.column(plan, ordinal)), false));
    }

    private static LogicalPlan once(LogicalPlan counted, int width, NamedPlan.SetOperation.Kind kind) {
        BoundExpr inLeft = bind(">", Decorrelation.column(counted, width), literal(0));
        String operator = kind == NamedPlan.SetOperation.Kind.INTERSECT ? ">" : "=";
        BoundExpr inRight = bind(operator, Decorrelation.column(counted, width + 1), literal(0));
        return new LogicalPlan.Filter(counted, new BoundExpr.And(inLeft, inRight));
    }

    private static LogicalPlan repeated(LogicalPlan counted, int width, NamedPlan.SetOperation.Kind kind) {
        BoundExpr left = Decorrelation.column(counted, width);
        BoundExpr right = Decorrelation.column(counted, width + 1);
        BoundExpr times =
                kind == NamedPlan.SetOperation.Kind.INTERSECT ? bind("least", left, right) : bind("-", left, right);
        LogicalPlan wanted = new LogicalPlan.Filter(counted, bind(">", times, literal(0)));
        return copies(wanted, times);
    }

    /// Each row so many times: first once for each block of copies, so that no array is as long as there are copies.
    private static LogicalPlan copies(LogicalPlan rows, BoundExpr times) {
        BoundExpr last = bind("div", bind("-", times, literal(1)), literal(BLOCK));
        BoundExpr blocks = bind("sequence", literal(0), last);
        LogicalPlan byBlock = new LogicalPlan.Explode(rows, blocks, false, false, List.of("_block"));
        BoundExpr block = Decorrelation.column(byBlock, rows.schema().size());
        BoundExpr left = bind("-", times, bind("*", block, literal(BLOCK)));
        BoundExpr count = bind("int", bind("least", left, literal(BLOCK)));
        BoundExpr copies = bind("array_repeat", new BoundExpr.Literal(Scalar.TRUE), count);
        return new LogicalPlan.Explode(byBlock, copies, false, false, List.of("_copy"));
    }

    private static BoundExpr bind(String function, BoundExpr... arguments) {
        return FunctionRegistry.bindScalar(function, List.of(arguments));
    }

    private static BoundExpr literal(long value) {
        return new BoundExpr.Literal(Scalar.of(value));
    }
}
