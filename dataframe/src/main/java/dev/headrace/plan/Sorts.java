package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.util.ArrayList;
import java.util.List;

/// Analyzes sorts.
final class Sorts {
    private Sorts() {}

    static Resolved of(Resolved input, List<NamedExpr> given) {
        List<NamedExpr> order = isAll(given, input.scope()) ? all(given.getFirst(), input.scope()) : given;
        Resolved rows = DroppedColumns.within(
                input, order, name -> input.selection().stream().noneMatch(selection -> selection.finds(name)));
        return rows.selection()
                .map(selection -> selection.sorted(rows, order))
                .orElseGet(() -> Resolved.keeping(rows, new LogicalPlan.Sort(rows.plan(), keys(rows, order))));
    }

    /// `ORDER BY ALL`, unless a column is called so.
    private static boolean isAll(List<NamedExpr> order, Scope scope) {
        return order.size() == 1
                && order.getFirst() instanceof NamedExpr.SortOrder sort
                && sort.input() instanceof NamedExpr.Name name
                && name.planId().isEmpty()
                && name.parts().size() == 1
                && name.parts().getFirst().equalsIgnoreCase("all")
                && scope.matches(name).isEmpty();
    }

    /// Each column, from the first to the last.
    private static List<NamedExpr> all(NamedExpr order, Scope scope) {
        NamedExpr.SortOrder sort = (NamedExpr.SortOrder) order;
        return scope.columnsOf(null).stream()
                .<NamedExpr>map(
                        i -> new NamedExpr.SortOrder(new NamedExpr.Ordinal(i + 1), sort.direction(), sort.nulls()))
                .toList();
    }

    private static List<SortKey> keys(Resolved input, List<NamedExpr> order) {
        List<SortKey> keys = new ArrayList<>();
        for (NamedExpr expr : order) {
            keys.add(
                    expr instanceof NamedExpr.SortOrder(NamedExpr value, Direction direction, NullOrder nulls)
                            ? new SortKey(bind(input.scope(), value), direction, nulls)
                            : new SortKey(bind(input.scope(), expr), Direction.ASC, NullOrder.FIRST));
        }
        return keys;
    }

    private static BoundExpr bind(Scope scope, NamedExpr expr) {
        return expr instanceof NamedExpr.Ordinal(int position)
                ? position(scope, position, expr)
                : orderable(ExprBinder.in(scope, "orderBy(…)").bind(expr), expr);
    }

    static BoundExpr position(Scope scope, int position, NamedExpr source) {
        if (position < 1 || position > scope.schema().size()) {
            throw new QueryException(
                            "ORDER_BY_POS_OUT_OF_RANGE",
                            "ORDER BY " + position + ": there are "
                                    + scope.schema().size() + " columns.")
                    .within(source);
        }
        return scope.column(position - 1);
    }

    /// Whether it needs nothing but columns.
    static boolean isPlain(NamedExpr expr) {
        return !(expr instanceof NamedExpr.Over)
                && !(expr instanceof NamedExpr.ScalarSubquery)
                && !(expr instanceof NamedExpr.InSubquery)
                && !(expr instanceof NamedExpr.Exists)
                && !(expr instanceof NamedExpr.Filtered)
                && !isGrouping(expr)
                && !ExprBinder.isAggregate(expr)
                && expr.operands().stream().allMatch(Sorts::isPlain);
    }

    private static boolean isGrouping(NamedExpr expr) {
        return expr instanceof NamedExpr.Call call && call.function().startsWith("grouping");
    }

    static BoundExpr orderable(BoundExpr bound, NamedExpr expr) {
        if (!isOrderable(bound.type())) {
            throw new QueryException(
                            "DATATYPE_MISMATCH",
                            "'" + expr.text() + "' in orderBy(…) is "
                                    + bound.type().simpleString()
                                    + ", which has no order. Sort by something within it.")
                    .within(expr);
        }
        return bound;
    }

    /// @throws QueryException `GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE` for a type whose values are not equal or
    ///     different
    static void checkGroups(DataType type, String what) {
        if (hasVariant(type)) {
            throw new QueryException(
                    "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
                    "'" + what + "' is of type " + type.simpleString()
                            + ", whose values are not compared, so there are no groups of them. Group by something within"
                            + " it, such as variant_get(…, '$.id', 'bigint').");
        }
    }

    /// @throws QueryException `GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE` for a type that rows can't be sorted by
    static void checkPartition(DataType type, String what) {
        checkGroups(type, what);
        if (!isOrderable(type)) {
            throw new QueryException(
                    "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
                    "'" + what + "' is of type " + type.simpleString()
                            + ", which has no order, so there are no partitions of it. Use something within it, such as"
                            + " array_sort(map_entries(…)).");
        }
    }

    private static boolean hasVariant(DataType type) {
        return switch (type) {
            case VariantType _ -> true;
            case ArrayType array -> hasVariant(array.elementType());
            case StructType struct -> struct.fieldList().stream().anyMatch(field -> hasVariant(field.dataType()));
            default -> false;
        };
    }

    static boolean isOrderable(DataType type) {
        return switch (type) {
            case MapType _, VariantType _ -> false;
            case ArrayType array -> isOrderable(array.elementType());
            case StructType struct -> struct.fieldList().stream().allMatch(field -> isOrderable(field.dataType()));
            default -> true;
        };
    }
}
