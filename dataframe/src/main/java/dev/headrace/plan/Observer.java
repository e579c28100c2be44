package dev.headrace.plan;

import dev.headrace.types.StructType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes what a query computes about the rows that pass a place of it.
public interface Observer {
    /// What the metrics are called, in a stream's progress too.
    String name();

    /// A run of a batch query has ended well.
    ///
    /// @param metrics the names and types of the values
    /// @param cells their values
    void observed(StructType metrics, List<@Nullable Object> cells);
}
