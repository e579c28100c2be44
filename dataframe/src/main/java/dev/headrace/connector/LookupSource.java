package dev.headrace.connector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something outside that is asked for the rows of some keys. Called by several threads at once.
@FunctionalInterface
public interface LookupSource {
    /// The rows of these keys, in any order; a key may have none or several. May block, and is interrupted when it
    /// takes too long.
    ///
    /// @param keys distinct, without nulls; a [dev.headrace.chunk.Cell] object per key column
    /// @return the columns of the source's schema, as [dev.headrace.chunk.Cell] objects
    List<List<@Nullable Object>> rows(List<List<@Nullable Object>> keys) throws Exception;
}
