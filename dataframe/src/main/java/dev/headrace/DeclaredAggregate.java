package dev.headrace;

import dev.headrace.expressions.Aggregator;
import dev.headrace.expressions.UserDefinedFunction;
import dev.headrace.function.UserAggregate;
import dev.headrace.plan.NamedExpr;
import dev.headrace.types.StructField;
import java.util.Arrays;
import java.util.Optional;

/// An aggregate function of the program, of an [Aggregator].
final class DeclaredAggregate extends UserDefinedFunction {
    private final UserAggregate function;
    private final boolean deterministic;
    private final boolean nullable;

    private DeclaredAggregate(UserAggregate function, boolean deterministic, boolean nullable) {
        this.function = function;
        this.deterministic = deterministic;
        this.nullable = nullable;
    }

    /// The arguments are the columns of the encoder.
    static <I, B, O> DeclaredAggregate of(Aggregator<I, B, O> aggregator, Encoder<I> input) {
        String simpleName = aggregator.getClass().getSimpleName();
        UserAggregate function = new UserAggregate(
                simpleName.isEmpty() ? "aggregator" : simpleName,
                Arrays.stream(input.schema().fields())
                        .map(StructField::dataType)
                        .toList(),
                name -> AggregatorFold.of(aggregator, input, UserFunctions.javaValues(), name)
                        .named(name));
        return new DeclaredAggregate(function, true, true);
    }

    UserAggregate function() {
        return function;
    }

    @Override
    public Column apply(Column... columns) {
        return new Column(new NamedExpr.Call(
                function.name(), Arrays.stream(columns).map(Column::expr).toList(), false, Optional.of(function)));
    }

    @Override
    public DeclaredAggregate withName(String name) {
        return new DeclaredAggregate(
                new UserAggregate(name, function.parameters(), function.code()), deterministic, nullable);
    }

    @Override
    public DeclaredAggregate asNondeterministic() {
        return new DeclaredAggregate(function, false, nullable);
    }

    @Override
    public DeclaredAggregate asNonNullable() {
        return new DeclaredAggregate(function, deterministic, false);
    }

    @Override
    public boolean deterministic() {
        return deterministic;
    }

    @Override
    public boolean nullable() {
        return nullable;
    }
}
