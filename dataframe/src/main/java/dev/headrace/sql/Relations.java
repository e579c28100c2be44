package dev.headrace.sql;

import dev.headrace.plan.NamedPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the names after FROM stand for.
public interface Relations {
    /// The rows of a view or a table, or of files as in `` parquet.`/data` ``; empty if there is no such name.
    ///
    /// @param options after WITH
    Optional<NamedPlan> find(List<String> name, Map<String, String> options);

    /// All names, to suggest one that was meant.
    Set<String> names();
}
