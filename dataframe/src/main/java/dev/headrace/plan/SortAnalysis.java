package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Analyzes sorts, which may use columns that the projection below has left out.
final class SortAnalysis {
    private final Resolved input;
    private final List<OutputColumn> added = new ArrayList<>();

    private SortAnalysis(Resolved input) {
        this.input = input;
    }

    static Resolved of(Resolved input, List<NamedExpr> order) {
        return new SortAnalysis(input).analyze(order);
    }

    private Resolved analyze(List<NamedExpr> order) {
        List<SortKey> keys = order.stream().map(this::key).toList();
        if (added.isEmpty()) {
            return Resolved.of(new LogicalPlan.Sort(input.plan(), keys), input.scope());
        }
        LogicalPlan.Project below = (LogicalPlan.Project) input.plan();
        List<OutputColumn> wider = new ArrayList<>(below.columns());
        wider.addAll(added);
        LogicalPlan sorted = new LogicalPlan.Sort(new LogicalPlan.Project(below.input(), wider), keys);
        List<OutputColumn> asBefore = new ArrayList<>();
        for (int i = 0; i < below.columns().size(); i++) {
            BoundExpr.Column column = input.scope().column(i);
            asBefore.add(new OutputColumn(column.name(), column));
        }
        return Resolved.of(new LogicalPlan.Project(sorted, asBefore), input.scope());
    }

    private SortKey key(NamedExpr expr) {
        return expr instanceof NamedExpr.SortOrder(NamedExpr value, Direction direction, NullOrder nulls)
                ? new SortKey(orderable(bind(value), value), direction, nulls)
                : new SortKey(orderable(bind(expr), expr), Direction.ASC, NullOrder.FIRST);
    }

    private BoundExpr bind(NamedExpr expr) {
        Optional<Resolved> selectedFrom = input.selectedFrom();
        if (selectedFrom.isEmpty()
                || input.scope().resolves(expr)
                || !selectedFrom.get().scope().resolves(expr)) {
            return ExprBinder.in(input.scope(), "orderBy(…)").bind(expr);
        }
        BoundExpr below =
                ExprBinder.in(selectedFrom.get().scope(), "orderBy(…)").bind(expr);
        String name = "_sort" + added.size();
        int ordinal = input.schema().size() + added.size();
        added.add(new OutputColumn(name, below));
        return new BoundExpr.Column(ordinal, name, below.type(), below.nullable());
    }

    private static BoundExpr orderable(BoundExpr bound, NamedExpr expr) {
        if (!isOrderable(bound.type())) {
            throw new QueryException(
                    "DATATYPE_MISMATCH",
                    "'" + expr.text() + "' in orderBy(…) is " + bound.type().simpleString()
                            + ", which has no order. Sort by something within it.");
        }
        return bound;
    }

    private static boolean isOrderable(dev.headrace.types.DataType type) {
        return switch (type) {
            case dev.headrace.types.MapType _ -> false;
            case dev.headrace.types.ArrayType array -> isOrderable(array.elementType());
            case dev.headrace.types.StructType struct ->
                struct.fieldList().stream().allMatch(field -> isOrderable(field.dataType()));
            default -> true;
        };
    }
}
