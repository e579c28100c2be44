package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Which columns expressions use, and the same expressions over other columns.
final class Columns {
    private Columns() {}

    static BoundExpr.Column of(StructType schema, int ordinal) {
        StructField field = schema.field(ordinal);
        return new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
    }

    /// A result column that is an input column as it is.
    static OutputColumn keep(StructType schema, int ordinal) {
        return new OutputColumn(
                schema.field(ordinal).name(),
                of(schema, ordinal),
                schema.field(ordinal).metadata());
    }

    static BitSet usedBy(BoundExpr expr) {
        BitSet used = new BitSet();
        collect(expr, used);
        return used;
    }

    private static void collect(BoundExpr expr, BitSet used) {
        if (expr instanceof BoundExpr.Column column) {
            used.set(column.ordinal());
        } else {
            expr.operands().forEach(operand -> collect(operand, used));
        }
    }

    /// Whether all columns lie in `[from, to)`.
    static boolean within(BoundExpr expr, int from, int to) {
        BitSet used = usedBy(expr);
        return used.isEmpty() || used.nextSetBit(0) >= from && used.length() <= to;
    }

    /// How often a column is used.
    static int count(BoundExpr expr, int ordinal) {
        if (expr instanceof BoundExpr.Column column) {
            return column.ordinal() == ordinal ? 1 : 0;
        }
        return expr.operands().stream()
                .mapToInt(operand -> count(operand, ordinal))
                .sum();
    }

    /// The expression with every column replaced by the expression that computes it.
    static BoundExpr substitute(BoundExpr expr, List<OutputColumn> columns) {
        return expr instanceof BoundExpr.Column column
                ? columns.get(column.ordinal()).expr()
                : expr.mapOperands(operand -> substitute(operand, columns));
    }

    /// The expression over a plan whose columns are the same ones in other places.
    static BoundExpr move(BoundExpr expr, LogicalPlan to, IntUnaryOperator newOrdinal) {
        StructType schema = to.schema();
        return move(expr, schema, newOrdinal);
    }

    private static BoundExpr move(BoundExpr expr, StructType schema, IntUnaryOperator newOrdinal) {
        return expr instanceof BoundExpr.Column column
                ? of(schema, newOrdinal.applyAsInt(column.ordinal()))
                : expr.mapOperands(operand -> move(operand, schema, newOrdinal));
    }

    /// A column, a constant, or a field of a column: nothing that needs work.
    static boolean isTrivial(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Column _, BoundExpr.Literal _ -> true;
            case BoundExpr.GetField(BoundExpr struct, int _) -> isTrivial(struct);
            default -> false;
        };
    }

    /// Whether the work is small enough to be done twice: no function with a nested result, such as `from_json`.
    static boolean isCheap(BoundExpr expr) {
        return !(expr instanceof BoundExpr.Call call && call.type().isNested())
                && expr.operands().stream().allMatch(Columns::isCheap);
    }
}
