package dev.headrace.engine.stateful;

import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// Plans what may give other results for the same row in another batch, lookups and expressions that vary: what a row
/// was given is kept, in the log or in the state.
record KeptEdges(StreamingPlanner planner) {
    /// A lookup that is asked again only for rows that the log has no answers of.
    Edge loggedLookup(LogicalPlan.LookupJoin node, Edge input) {
        List<OutputColumn> columns = new ArrayList<>(StreamingPlanner.columnsOf(input.rowSchema()));
        columns.addAll(StreamingPlanner.keyColumns(node.keys()));
        LookupLog log = LookupLog.plan(planner, node.lookup(), node.type(), input.rowSchema());
        PhysicalPlan rows = planner.plan(new LogicalPlan.Project(input.plan(), columns));
        return new Edge(OperatorOutput.of(new LoggedLookup(rows, lookupName(node), log)), input.mode());
    }

    /// A lookup of rows that can go again.
    Edge changedLookup(LogicalPlan.LookupJoin node, Edge input) {
        StructType rows = input.rowSchema();
        LookupLog log = LookupLog.plan(planner, node.lookup(), node.type(), numbered(rows));
        return kept(
                "LookupJoin " + lookupName(node),
                node,
                input,
                log,
                node.keys(),
                log.join().schema(),
                allBut(rows));
    }

    /// An operator that may give other results for the same row in another batch: what a row was given is kept.
    Edge computed(LogicalPlan node, Edge input) {
        StructType rows = input.rowSchema();
        RowsLeaf leaf = new RowsLeaf(numbered(rows));
        LogicalPlan body = node.mapInputs(_ -> OperatorOutput.of(leaf));
        IntUnaryOperator results = allBut(rows);
        if (node instanceof LogicalPlan.Project project) {
            List<OutputColumn> columns = new ArrayList<>(StreamingPlanner.columnsOf(leaf.schema()));
            columns.addAll(project.columns());
            body = new LogicalPlan.Project(OperatorOutput.of(leaf), columns);
            results = i -> leaf.schema().size() + i;
        }
        KeptResults.Giver giver = new KeptResults.Computed(leaf, planner.plan(body));
        return kept(
                node.getClass().getSimpleName() + " by the batch",
                node,
                input,
                giver,
                List.of(),
                body.schema(),
                results);
    }

    private static StructType numbered(StructType rows) {
        return rows.add(KeptResults.NUMBER, DataTypes.LongType, false);
    }

    /// All columns but the number behind the rows.
    private static IntUnaryOperator allBut(StructType rows) {
        return i -> i < rows.size() ? i : i + 1;
    }

    /// @param wanted what the giver wants behind the rows and their numbers
    /// @param entries what the giver gives
    /// @param results which of these columns each column of the result is
    private Edge kept(
            String name,
            LogicalPlan node,
            Edge input,
            KeptResults.Giver giver,
            List<BoundExpr> wanted,
            StructType entries,
            IntUnaryOperator results) {
        StructType rows = input.rowSchema();
        List<BoundExpr> stateKeys = TopParts.hash(rows).map(List::of).orElse(wanted);
        List<OutputColumn> columns = new ArrayList<>(StreamingPlanner.columnsOf(rows));
        columns.add(new OutputColumn(ChangeColumn.FIELD.name(), Changelog.changeOf(input)));
        columns.addAll(StreamingPlanner.keyColumns(stateKeys));
        columns.addAll(StreamingPlanner.keyColumns(wanted));
        StructType keySchema = new StructType(StreamingPlanner.keyColumns(stateKeys).stream()
                .map(key -> key.field().withNullable(true))
                .toList());
        KeyedRows given = new KeyedRows(
                planner.newState("keptResults", KeyedRows.stateSchema(keySchema, entries, false)),
                keySchema,
                entries,
                new KeyedRows.Lifetime.Endless());
        return new Edge(
                OperatorOutput.of(new KeptResults(
                        planner.plan(new LogicalPlan.Project(input.plan(), columns)),
                        name,
                        rows,
                        giver,
                        given,
                        IntStream.range(0, node.schema().size()).map(results).toArray(),
                        ChangeColumn.addTo(node.schema()))),
                Edge.Mode.RETRACT);
    }

    /// Whether an expression may have another value for the same row in another batch.
    static boolean varies(BoundExpr expr) {
        // What depends on a time zone has arguments; what has none depends on the clock of the batch.
        boolean ofBatch = expr instanceof BoundExpr.Call call
                && call.function().takesContext()
                && call.operands().isEmpty();
        return ofBatch || !expr.deterministic() || expr.operands().stream().anyMatch(KeptEdges::varies);
    }

    private static String lookupName(LogicalPlan.LookupJoin node) {
        return node.type() + " " + node.lookup().name() + " by " + node.keys();
    }
}
