package dev.headrace.delta;

import dev.headrace.errors.QueryException;
import java.nio.file.Path;

/// Errors that are raised in more than one place.
final class DeltaErrors {
    private DeltaErrors() {}

    static QueryException tableNotFound(Path table) {
        return new QueryException(
                "DELTA_TABLE_NOT_FOUND",
                table
                        + " is not a Delta table: it has no '_delta_log' with commits. Check the path, or write the table "
                        + "first.");
    }

    static QueryException tableExists(Path table) {
        return new QueryException(
                "DELTA_TABLE_EXISTS",
                table
                        + " is a Delta table already. Choose mode(\"append\"), mode(\"overwrite\") or mode(\"ignore\"), or "
                        + "another path.");
    }
}
