package dev.headrace.function;

import dev.headrace.plan.BoundExpr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of a lambda such as `x -> x + price`, closed: its columns are first its parameters, then what it uses of
/// the row around it, which a call is given as values.
///
/// @param parameters the number of its parameters
public record Lambda(BoundExpr body, int parameters) {

    /// The lambda for one row.
    ///
    /// @param captured what it uses of the row
    Running start(EvalContext context, List<?> captured) {
        return new Running(context, captured);
    }

    /// A lambda with the values it has captured. Used by one thread.
    final class Running {
        private final EvalContext context;
        private final @Nullable Object[] cells;

        private Running(EvalContext context, List<?> captured) {
            this.context = context;
            cells = new @Nullable Object[parameters + captured.size()];
            for (int i = 0; i < captured.size(); i++) {
                cells[parameters + i] = captured.get(i);
            }
        }

        /// Its value for these arguments; those it has no parameters for are left out.
        @Nullable Object of(@Nullable Object first, @Nullable Object second) {
            cells[0] = first;
            if (parameters > 1) {
                cells[1] = second;
            }
            context.check();
            return Interpreter.evaluate(body, ordinal -> cells[ordinal], context);
        }

        @Nullable Object of(@Nullable Object only) {
            return of(only, null);
        }

        @Nullable Object of(@Nullable Object first, @Nullable Object second, @Nullable Object third) {
            cells[2] = third;
            return of(first, second);
        }

        boolean isTrue(@Nullable Object first, @Nullable Object second) {
            return Boolean.TRUE.equals(of(first, second));
        }
    }
}
