package dev.headrace;

import dev.headrace.api.java.function.Function3;
import dev.headrace.plan.NamedExpr;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/// Java's lambdas of columns as lambdas of expressions: they are called once, with columns that stand for the
/// parameters.
final class Lambdas {
    private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

    private Lambdas() {}

    static Column of(Function<Column, Column> f) {
        return of(List.of("x"), parameters -> f.apply(parameters.getFirst()));
    }

    static Column of(BiFunction<Column, Column, Column> f) {
        return of(List.of("x", "y"), parameters -> f.apply(parameters.get(0), parameters.get(1)));
    }

    static Column of(Function3<Column, Column, Column, Column> f) {
        return of(List.of("x", "y", "z"), parameters -> {
            try {
                return f.call(parameters.get(0), parameters.get(1), parameters.get(2));
            } catch (RuntimeException failed) {
                throw failed;
            } catch (Exception failed) {
                throw new IllegalStateException("the lambda fails: " + failed.getMessage(), failed);
            }
        });
    }

    /// A lambda within another gets parameters of other names, and none has that of a column.
    private static Column of(List<String> letters, Function<List<Column>, Column> body) {
        int depth = DEPTH.get();
        List<String> names =
                letters.stream().map(letter -> letter + "$" + (depth + 1)).toList();
        Stream<Column> parameters =
                names.stream().map(name -> new Column(new NamedExpr.Name(List.of(name), OptionalLong.empty())));
        DEPTH.set(depth + 1);
        try {
            return new Column(
                    new NamedExpr.Lambda(names, body.apply(parameters.toList()).expr()));
        } finally {
            DEPTH.set(depth);
        }
    }
}
