package dev.headrace.sql;

import dev.headrace.plan.NamedPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What the names after FROM stand for.
public interface Relations {
    /// The rows of a view or a table, or of files as in `` parquet.`/data` ``; empty if there is no such name.
    ///
    /// @param options after WITH
    Optional<NamedPlan> find(List<String> name, Map<String, String> options);

    /// The database of the table or view that a name stands for, which may stand before its columns; empty if it is in
    /// none, such as a temporary view.
    default Optional<String> database(List<String> name) {
        return Optional.empty();
    }

    /// The same as a stream: what has come and what will come.
    ///
    /// @throws dev.headrace.errors.QueryException `NOT_A_STREAM` if it is a view of a batch
    Optional<NamedPlan> stream(List<String> name, Map<String, String> options);

    /// The rows of a recursive common table expression.
    NamedPlan recursive(Recursion recursion);

    /// A recursive common table expression.
    ///
    /// @param columns new names, or none
    /// @param anchor the first query
    /// @param step the second query, made of the rows of the round before
    /// @param all whether rows that are there already are kept
    /// @param maxLevel how many rounds are allowed
    record Recursion(
            String name,
            List<String> columns,
            NamedPlan anchor,
            UnaryOperator<NamedPlan> step,
            boolean all,
            OptionalInt maxLevel) {}

    /// All names, to suggest one that was meant.
    Set<String> names();
}
