package dev.headrace.plan;

import dev.headrace.function.HigherOrderBinder;
import dev.headrace.function.Lambda;
import java.util.List;

/// The lambda `element -> element.field`, which `array.field` means for an array of structs.
///
/// @param field its ordinal in the structs
record FieldLambda(int field) implements HigherOrderBinder.Lambdas {
    @Override
    public BoundExpr body(int argument, List<HigherOrderBinder.Parameter> types, int least) {
        HigherOrderBinder.Parameter element = types.getFirst();
        return new BoundExpr.GetField(new BoundExpr.Column(0, "element", element.type(), element.nullable()), field);
    }

    @Override
    public Lambda close(int argument, BoundExpr body) {
        return new Lambda(body, 1);
    }

    @Override
    public List<BoundExpr> captured() {
        return List.of();
    }
}
