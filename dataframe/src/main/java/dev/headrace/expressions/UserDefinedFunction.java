package dev.headrace.expressions;

import dev.headrace.Column;

/// A function of the program, made by `functions.udf` or `session.udf().register`. Immutable.
public abstract class UserDefinedFunction {
    protected UserDefinedFunction() {}

    /// The function of these columns.
    public abstract Column apply(Column... columns);

    /// The same function under a name, for plans and messages.
    public abstract UserDefinedFunction withName(String name);

    /// The same function, said to give something else at each call: calls of it are neither saved nor moved.
    public abstract UserDefinedFunction asNondeterministic();

    /// The same function, said to never give null.
    public abstract UserDefinedFunction asNonNullable();

    public abstract boolean deterministic();

    public abstract boolean nullable();
}
