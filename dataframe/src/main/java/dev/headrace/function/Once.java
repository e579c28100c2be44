package dev.headrace.function;

import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Expressions that use a value in several places. One that is not deterministic would have another value in each of
/// them, so it is computed first and handed to the expression, as to a lambda.
final class Once {
    /// No column has this number while an expression is bound.
    private static final int VALUE = -1;

    private Once() {}

    /// @param name of the function, for plans
    /// @param use makes the expression of what stands for the value
    static BoundExpr computed(String name, BoundExpr value, UnaryOperator<BoundExpr> use) {
        if (value.deterministic()) {
            return use.apply(value);
        }
        BoundExpr body = use.apply(new BoundExpr.Column(VALUE, "value", value.type(), value.nullable()));
        List<BoundExpr> captured = new ArrayList<>();
        BoundExpr closed =
                body.transformUp(part -> part instanceof BoundExpr.Column column ? closed(column, captured) : part);
        List<StructField> fields = new ArrayList<>();
        for (BoundExpr column : captured) {
            fields.add(new StructField("col" + (fields.size() + 1), column.type(), column.nullable()));
        }
        List<BoundExpr> arguments = List.of(new BoundExpr.MakeStruct(captured, new StructType(fields)), value);
        HigherOrder lambda = new HigherOrder(new Lambda(closed, 1), Optional.empty());
        ScalarFunction function = new ScalarFunction(
                name,
                ScalarBinder.method(
                        "HigherOrder.once",
                        arguments.stream().map(BoundExpr::type).toList()),
                ScalarFunction.Nulls.CALLED,
                lambda.deterministic(),
                Optional.of(lambda));
        return new BoundExpr.Call(function, arguments, body.type());
    }

    private static BoundExpr closed(BoundExpr.Column column, List<BoundExpr> captured) {
        if (column.ordinal() == VALUE) {
            return new BoundExpr.Column(0, column.name(), column.type(), column.nullable());
        }
        if (!captured.contains(column)) {
            captured.add(column);
        }
        return new BoundExpr.Column(1 + captured.indexOf(column), column.name(), column.type(), column.nullable());
    }
}
