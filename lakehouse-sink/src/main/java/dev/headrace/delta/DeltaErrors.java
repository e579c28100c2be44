package dev.headrace.delta;

import dev.headrace.errors.QueryException;
import java.nio.file.Path;

/// Errors that are raised in more than one place.
final class DeltaErrors {
    private DeltaErrors() {}

    static QueryException tableExists(Path table) {
        return new QueryException(
                "DELTA_TABLE_EXISTS",
                table
                        + " is a Delta table already. Choose mode(\"append\"), mode(\"overwrite\") or mode(\"ignore\"), or "
                        + "another path.");
    }
}
