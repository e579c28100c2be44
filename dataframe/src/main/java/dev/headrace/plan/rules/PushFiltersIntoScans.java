package dev.headrace.plan.rules;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Table;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells a scan the parts of the filter over it that its table can use to read less. The filter stays.
final class PushFiltersIntoScans implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(plan, PushFiltersIntoScans::push);
    }

    private static LogicalPlan push(LogicalPlan plan) {
        if (!(plan instanceof LogicalPlan.Filter(LogicalPlan.Scan(Table table, ScanRequest request), BoundExpr all))) {
            return plan;
        }
        List<BoundExpr> filters = new ArrayList<>(request.filters());
        for (BoundExpr part : Conjuncts.of(all)) {
            if (part.deterministic()) {
                overTable(part, table.schema(), request)
                        .filter(filter -> !filters.contains(filter) && table.usesFilter(filter))
                        .ifPresent(filters::add);
            }
        }
        ScanRequest filtered = new ScanRequest(request.columns(), filters, request.limit());
        return new LogicalPlan.Filter(new LogicalPlan.Scan(table, filtered), all);
    }

    /// The predicate over all columns of the table; empty if it uses what the scan makes from them.
    private static Optional<BoundExpr> overTable(BoundExpr expr, StructType table, ScanRequest request) {
        boolean stored = Columns.usedBy(expr).stream()
                .allMatch(ordinal -> request.columns().get(ordinal) instanceof ScanColumn.Stored);
        return stored ? Optional.of(widened(expr, table, request)) : Optional.empty();
    }

    private static BoundExpr widened(BoundExpr expr, StructType table, ScanRequest request) {
        return switch (expr) {
            case BoundExpr.Column column -> {
                ScanColumn.Stored stored = (ScanColumn.Stored) request.columns().get(column.ordinal());
                yield Columns.of(table, stored.ordinal());
            }
            case BoundExpr.GetField(BoundExpr struct, int ordinal) -> {
                StructField field = ((StructType) struct.type()).field(ordinal);
                BoundExpr wide = widened(struct, table, request);
                yield new BoundExpr.GetField(wide, ((StructType) wide.type()).fieldIndex(field.name()));
            }
            default -> expr.mapOperands(operand -> widened(operand, table, request));
        };
    }
}
