package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.Coercion;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Analyzes unions: matches the columns of both sides, and widens their types.
final class UnionAnalysis {
    private UnionAnalysis() {}

    static Resolved byPosition(Resolved left, Resolved right) {
        return byPosition(left, right, "union");
    }

    /// @param method for messages
    static Resolved byPosition(Resolved left, Resolved right, String method) {
        if (left.schema().size() != right.schema().size()) {
            throw new QueryException(
                    "NUM_COLUMNS_MISMATCH",
                    method + "(…) needs the same number of columns on both sides: the left side has "
                            + left.schema().size() + " " + left.scope() + ", the right side has "
                            + right.schema().size() + " " + right.scope() + ".");
        }
        return union(left, columns(left), right, calledAs(left, columns(right)));
    }

    /// Fields of structs go by position too; they are called what they are on the left side.
    private static List<OutputColumn> calledAs(Resolved left, List<OutputColumn> columns) {
        List<OutputColumn> called = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            OutputColumn column = columns.get(i);
            DataType names = left.schema().field(i).dataType();
            called.add(new OutputColumn(column.name(), Coercion.calledAs(names, column.expr()), column.metadata()));
        }
        return called;
    }

    static Resolved byName(Resolved left, Resolved right, boolean allowMissingColumns) {
        List<OutputColumn> leftColumns = columns(left);
        List<OutputColumn> rightColumns = new ArrayList<>();
        for (StructField field : left.schema()) {
            OptionalInt at = find(right, field.name());
            if (at.isEmpty() && !allowMissingColumns) {
                throw missing(field.name(), right, "right");
            }
            rightColumns.add(at.isPresent() ? column(right, at.getAsInt()) : nulls(field));
        }
        for (int i = 0; i < right.schema().size(); i++) {
            StructField field = right.schema().field(i);
            if (find(left, field.name()).isEmpty()) {
                if (!allowMissingColumns) {
                    throw missing(field.name(), left, "left");
                }
                leftColumns.add(nulls(field));
                rightColumns.add(column(right, i));
            }
        }
        return union(left, leftColumns, right, rightColumns);
    }

    private static OptionalInt find(Resolved side, String name) {
        List<Integer> found = side.scope().named(name);
        return found.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(side.scope().only(name));
    }

    private static QueryException missing(String name, Resolved side, String which) {
        return new QueryException(
                "UNRESOLVED_COLUMN",
                "'" + name + "' is not a column of the " + which + " side of unionByName(…), " + side.scope() + ". "
                        + Suggestion.didYouMean(name, side.schema().names())
                        + " To fill missing columns with nulls, use unionByName(other, true).");
    }

    private static List<OutputColumn> columns(Resolved side) {
        List<OutputColumn> columns = new ArrayList<>();
        for (int i = 0; i < side.schema().size(); i++) {
            columns.add(column(side, i));
        }
        return columns;
    }

    private static OutputColumn column(Resolved side, int ordinal) {
        BoundExpr.Column column = side.scope().column(ordinal);
        return new OutputColumn(
                column.name(), column, side.schema().field(ordinal).metadata());
    }

    private static OutputColumn nulls(StructField field) {
        return new OutputColumn(field.name(), new BoundExpr.Literal(new Scalar(null, field.dataType())));
    }

    private static Resolved union(
            Resolved left, List<OutputColumn> leftColumns, Resolved right, List<OutputColumn> rightColumns) {
        List<OutputColumn> leftCast = new ArrayList<>();
        List<OutputColumn> rightCast = new ArrayList<>();
        for (int i = 0; i < leftColumns.size(); i++) {
            OutputColumn l = leftColumns.get(i);
            OutputColumn r = rightColumns.get(i);
            DataType type = commonType(i, l, r);
            leftCast.add(cast(l, type));
            rightCast.add(cast(r, type));
        }
        LogicalPlan.Union union = new LogicalPlan.Union(List.of(project(left, leftCast), project(right, rightCast)));
        StructType schema = union.schema();
        return Resolved.of(union, scope(left, schema));
    }

    private static DataType commonType(int position, OutputColumn l, OutputColumn r) {
        DataType a = l.expr().type();
        DataType b = r.expr().type();
        return Coercion.commonType(a, b)
                .orElseThrow(() -> new QueryException(
                        "INCOMPATIBLE_COLUMN_TYPE",
                        "union(…): column " + (position + 1) + " is '" + l.name() + "' of type " + a.simpleString()
                                + " on the left side and '" + r.name() + "' of type " + b.simpleString()
                                + " on the right side, which don't go together. Cast one of them."));
    }

    private static OutputColumn cast(OutputColumn column, DataType type) {
        return new OutputColumn(
                column.name(), Coercion.cast(column.expr(), type, CastFailure.ERROR), column.metadata());
    }

    /// The side's plan itself if these are just its columns.
    private static LogicalPlan project(Resolved side, List<OutputColumn> columns) {
        List<BoundExpr> exprs = columns.stream().map(OutputColumn::expr).toList();
        List<BoundExpr> own = columns(side).stream().map(OutputColumn::expr).toList();
        return exprs.equals(own) ? side.plan() : new LogicalPlan.Project(side.plan(), columns);
    }

    /// The left side's names, as far as the left side has the columns.
    private static Scope scope(Resolved left, StructType schema) {
        List<Scope.Entry> entries = new ArrayList<>(left.scope().entries());
        for (int i = entries.size(); i < schema.size(); i++) {
            entries.add(Scope.Entry.of(schema.field(i).name()));
        }
        return new Scope(entries, schema);
    }
}
