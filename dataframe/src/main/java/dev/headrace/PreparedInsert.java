package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.files.InputFiles;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// An INSERT in which nothing is wrong any more but its values.
///
/// @param rows what is inserted
/// @param replaced the directory whose files an overwrite removes
/// @param write what is left to do
record PreparedInsert(DataFrame rows, Optional<Path> replaced, Runnable write) {

    /// Runs all, one after the other.
    ///
    /// @throws QueryException `UNSUPPORTED_OVERWRITE.TABLE`, before any has run, if one removes files that a later one
    ///     reads
    static void runAll(List<PreparedInsert> inserts) {
        for (int i = 0; i < inserts.size(); i++) {
            List<PreparedInsert> later = inserts.subList(i + 1, inserts.size());
            inserts.get(i)
                    .replaced
                    .filter(directory -> later.stream().anyMatch(insert -> insert.reads(directory)))
                    .ifPresent(directory -> {
                        throw new QueryException(
                                "UNSUPPORTED_OVERWRITE.TABLE",
                                "INSERT OVERWRITE of '" + directory
                                        + "' removes files that an INSERT after it reads. Put it last, or make it a"
                                        + " statement of its own.");
                    });
        }
        inserts.forEach(insert -> insert.write.run());
    }

    private boolean reads(Path directory) {
        return Arrays.stream(rows.inputFiles())
                .map(file -> file.startsWith("file:") ? Path.of(URI.create(file)) : InputFiles.path(file))
                .anyMatch(file -> file.startsWith(directory));
    }
}
