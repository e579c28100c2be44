package dev.headrace.engine.stateful;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The change column of what flows through a streaming plan, and the `_change_type` that it becomes.
final class Changelog {
    private static final String CHANGE_TYPE = "_change_type";

    private Changelog() {}

    static LogicalPlan of(Edge edge) {
        List<OutputColumn> columns = new ArrayList<>(StreamingPlanner.columnsOf(edge.rowSchema()));
        if (columns.stream().anyMatch(column -> column.name().equals(CHANGE_TYPE))) {
            throw new QueryException(
                    "UNSUPPORTED_OUTPUT_MODE",
                    "outputMode(\"changelog\") adds the column '" + CHANGE_TYPE
                            + "', and the query has one of that name already. Rename it.");
        }
        BoundExpr inserted = new BoundExpr.Literal(Scalar.of("insert"));
        BoundExpr type = inserted;
        if (edge.retracts()) {
            BoundExpr added =
                    new BoundExpr.Compare(CompareOp.GREATER, changeOf(edge), new BoundExpr.Literal(Scalar.of(0)));
            type = new BoundExpr.Case(
                    List.of(new BoundExpr.Case.Branch(added, inserted)),
                    Optional.of(new BoundExpr.Literal(Scalar.of("delete"))),
                    DataTypes.StringType);
        }
        columns.add(new OutputColumn(CHANGE_TYPE, type));
        return new LogicalPlan.Project(edge.plan(), columns);
    }

    static BoundExpr changeOf(Edge edge) {
        return column(ChangeColumn.FIELD, edge.rowSchema().size());
    }

    static BoundExpr column(StructField field, int ordinal) {
        return new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
    }

    /// The rows of an append edge as added ones.
    static LogicalPlan withChange(Edge edge) {
        List<OutputColumn> columns = new ArrayList<>(StreamingPlanner.columnsOf(edge.rowSchema()));
        columns.add(new OutputColumn(ChangeColumn.FIELD.name(), new BoundExpr.Literal(Scalar.of(ChangeColumn.ADDED))));
        return new LogicalPlan.Project(edge.plan(), columns);
    }

    static Edge changeLast(Edge edge, int change) {
        List<OutputColumn> columns =
                new ArrayList<>(StreamingPlanner.columnsOf(edge.plan().schema()));
        columns.add(columns.remove(change));
        return new Edge(new LogicalPlan.Project(edge.plan(), columns), edge.mode());
    }
}
