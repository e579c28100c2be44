package dev.headrace;

import dev.headrace.errors.QueryException;
import java.util.function.Supplier;

/// Work on a query, whose parts may be nested too deeply for the stack of a thread.
final class Nesting {
    private Nesting() {}

    /// @throws QueryException `STATEMENT_TOO_COMPLEX` if the stack has overflowed
    static <T> T within(Supplier<T> work) {
        try {
            return work.get();
        } catch (StackOverflowError tooDeep) {
            throw new QueryException(
                    "STATEMENT_TOO_COMPLEX",
                    "The statement is nested too deeply. Compute parts of it in subqueries or views, or give threads more"
                            + " stack with -Xss8m.",
                    tooDeep);
        }
    }
}
