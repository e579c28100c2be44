package dev.headrace.delta;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.function.CellOrder;
import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CharColumns;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which files a change must look at: what its condition says of the table's columns alone, and for a merge also
/// between which values the source's keys lie.
final class TargetFilter {
    private final TableMetadata metadata;
    private final StructType columns;
    private final ZoneId zone;

    /// @param metadata of the table, whose columns come first in the plans
    TargetFilter(TableMetadata metadata, ZoneId zone) {
        this.metadata = metadata;
        this.columns = metadata.schema();
        this.zone = zone;
    }

    FileFilter everything() {
        return ColumnMapping.filter(metadata, List.of(), zone);
    }

    /// @param plan a filter over the table's rows
    FileFilter of(LogicalPlan.Filter plan) {
        return filter(conjuncts(plan.predicate()));
    }

    private FileFilter filter(List<BoundExpr> conjuncts) {
        List<BoundExpr> ofTable = conjuncts.stream()
                .filter(part -> part.deterministic() && isWithin(part, 0, columns.size()))
                .map(part -> CharColumns.padded(part, columns))
                .toList();
        return ColumnMapping.filter(metadata, ofTable, zone);
    }

    /// @param plan a join of the table's rows with the source's
    FileFilter of(LogicalPlan.Join plan, List<Chunk> source) {
        List<BoundExpr> all = new ArrayList<>();
        plan.condition().ifPresent(condition -> all.addAll(conjuncts(condition)));
        int left = plan.left().schema().size();
        for (BoundExpr part : List.copyOf(all)) {
            if (part instanceof BoundExpr.Compare(CompareOp op, BoundExpr a, BoundExpr b) && op == CompareOp.EQUAL) {
                if (isWithin(a, 0, columns.size()) && isWithin(b, left, Integer.MAX_VALUE)) {
                    all.addAll(range(a, b, left, source));
                } else if (isWithin(b, 0, columns.size()) && isWithin(a, left, Integer.MAX_VALUE)) {
                    all.addAll(range(b, a, left, source));
                }
            }
        }
        return filter(all);
    }

    /// The key of a matching row lies between the least and the largest of the source's keys.
    private List<BoundExpr> range(BoundExpr key, BoundExpr ofSource, int left, List<Chunk> source) {
        if (key.type().isNested() || key.type() instanceof MapType || !ofSource.deterministic()) {
            return List.of();
        }
        EvalContext context = new EvalContext(zone, 0, 0);
        @Nullable Object min = null;
        @Nullable Object max = null;
        for (Chunk chunk : source) {
            for (int row = 0; row < chunk.rowCount(); row++) {
                int at = row;
                @Nullable Object value =
                        Interpreter.evaluate(ofSource, ordinal -> Cell.read(chunk.column(ordinal - left), at), context);
                if (value == null) {
                    continue;
                }
                if (min == null || CellOrder.compareCells(value, min) < 0) {
                    min = Cell.detach(value);
                }
                if (max == null || CellOrder.compareCells(value, max) > 0) {
                    max = Cell.detach(value);
                }
            }
        }
        if (min == null) {
            return List.of(new BoundExpr.Literal(Scalar.FALSE));
        }
        return List.of(
                new BoundExpr.Compare(
                        CompareOp.GREATER_OR_EQUAL, key, new BoundExpr.Literal(new Scalar(min, key.type()))),
                new BoundExpr.Compare(
                        CompareOp.LESS_OR_EQUAL, key, new BoundExpr.Literal(new Scalar(max, key.type()))));
    }

    static List<BoundExpr> conjuncts(BoundExpr predicate) {
        return predicate instanceof BoundExpr.And(BoundExpr left, BoundExpr right)
                ? java.util.stream.Stream.concat(conjuncts(left).stream(), conjuncts(right).stream())
                        .toList()
                : List.of(predicate);
    }

    private static boolean isWithin(BoundExpr expr, int from, int to) {
        return expr instanceof BoundExpr.Column column
                ? column.ordinal() >= from && column.ordinal() < to
                : expr.operands().stream().allMatch(operand -> isWithin(operand, from, to));
    }

    /// The topmost node of a kind.
    static <N extends LogicalPlan> Optional<N> first(LogicalPlan plan, Class<N> kind) {
        if (kind.isInstance(plan)) {
            return Optional.of(kind.cast(plan));
        }
        return plan.inputs().size() == 1 ? first(plan.inputs().getFirst(), kind) : Optional.empty();
    }
}
