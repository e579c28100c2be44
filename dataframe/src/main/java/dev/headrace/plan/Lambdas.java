package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.HigherOrderBinder;
import dev.headrace.function.Lambda;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The lambdas of one call of a higher-order function: binds their bodies, and closes them over what they use of the
/// row around them.
final class Lambdas implements HigherOrderBinder.Lambdas {
    private final ExprBinder binder;
    private final NamedExpr.Call call;
    private final int firstSlot;
    private final List<BoundExpr> captured = new ArrayList<>();

    Lambdas(ExprBinder binder, NamedExpr.Call call) {
        this.binder = binder;
        this.call = call;
        firstSlot = binder.firstNames().nextSlot();
    }

    /// The names of a lambda's parameters, before those around it.
    ///
    /// @param slots the columns that stand for them while the body is bound
    record Parameters(List<String> names, List<BoundExpr.Column> slots, ExprBinder.Names around)
            implements ExprBinder.Names {
        @Override
        public Optional<BoundExpr> find(NamedExpr.Name name) {
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).equalsIgnoreCase(name.parts().getFirst())) {
                    List<String> fields = name.parts().subList(1, name.parts().size());
                    return Optional.of(ExprBinder.fields(slots.get(i), fields));
                }
            }
            return around.find(name);
        }

        @Override
        public int nextSlot() {
            return Slots.index(slots.getLast().ordinal()) + 1;
        }
    }

    BoundExpr bind() {
        List<@Nullable BoundExpr> arguments = new ArrayList<>();
        for (NamedExpr argument : call.arguments()) {
            arguments.add(argument instanceof NamedExpr.Lambda ? null : binder.bind(argument));
        }
        return HigherOrderBinder.bind(call.function(), arguments, this);
    }

    @Override
    public BoundExpr body(int argument, List<HigherOrderBinder.Parameter> types, int least) {
        NamedExpr.Lambda lambda = lambda(argument);
        int parameters = lambda.parameters().size();
        if (lambda.parameters().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .distinct()
                        .count()
                < parameters) {
            throw new QueryException(
                    "INVALID_LAMBDA",
                    "'" + call.function() + "': the lambda has the parameters " + lambda.parameters()
                            + ", of which two have one name. Call one of them something else.");
        }
        if (parameters < least || parameters > types.size()) {
            throw new QueryException(
                    "INVALID_LAMBDA",
                    "'" + call.function() + "': the lambda has the parameters " + lambda.parameters() + ", which are "
                            + parameters + ". Expected: "
                            + (least == types.size() ? "" + least : least + " or " + types.size()) + ".");
        }
        List<BoundExpr.Column> slots = new ArrayList<>();
        for (int i = 0; i < parameters; i++) {
            slots.add(new BoundExpr.Column(
                    Slots.of(Slots.Kind.LAMBDA, firstSlot + i),
                    lambda.parameters().get(i),
                    types.get(i).type(),
                    types.get(i).nullable()));
        }
        return binder.withLambda(new Parameters(lambda.parameters(), slots, binder.firstNames()))
                .bind(lambda.body());
    }

    private NamedExpr.Lambda lambda(int argument) {
        return (NamedExpr.Lambda) call.arguments().get(argument);
    }

    @Override
    public Lambda close(int argument, BoundExpr body) {
        int parameters = lambda(argument).parameters().size();
        return new Lambda(
                body.transformUp(expr -> expr instanceof BoundExpr.Column column ? closed(column, parameters) : expr),
                parameters);
    }

    private BoundExpr closed(BoundExpr.Column column, int parameters) {
        int own = Slots.index(column.ordinal()) - firstSlot;
        if (Slots.kind(column.ordinal()) == Slots.Kind.LAMBDA && own >= 0) {
            return new BoundExpr.Column(own, column.name(), column.type(), column.nullable());
        }
        if (!captured.contains(column)) {
            captured.add(column);
        }
        return new BoundExpr.Column(
                parameters + captured.indexOf(column), column.name(), column.type(), column.nullable());
    }

    @Override
    public List<BoundExpr> captured() {
        return captured;
    }

    /// The call, if it uses no parameter of a lambda.
    ///
    /// @throws QueryException `MISPLACED_AGGREGATE`
    static AggregateCall outside(AggregateCall call, String text) {
        if (call.arguments().stream().anyMatch(Lambdas::usesParameter)) {
            throw new QueryException(
                    "MISPLACED_AGGREGATE",
                    "'" + text + "' is an aggregate function over rows, so it can't use a lambda's parameter. Use"
                            + " aggregate(…) over the elements of an array.");
        }
        return call;
    }

    private static boolean usesParameter(BoundExpr expr) {
        return expr instanceof BoundExpr.Column column && Slots.kind(column.ordinal()) == Slots.Kind.LAMBDA
                || expr.operands().stream().anyMatch(Lambdas::usesParameter);
    }
}
