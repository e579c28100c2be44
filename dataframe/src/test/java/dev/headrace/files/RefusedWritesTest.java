package dev.headrace.files;

import static dev.headrace.functions.max;
import static dev.headrace.functions.min;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is refused before a byte is written or deleted.
class RefusedWritesTest {
    @AutoClose
    private final Session session = Session.builder().create();

    @TempDir
    Path directory;

    @Test
    void columnsThatReadersCouldNotTellApartAreNotWritten() {
        DataFrame rows = session.sql("SELECT 1 AS id, 2 AS ID");

        QueryException refused =
                assertThrows(QueryException.class, () -> rows.write().parquet(path()));

        assertEquals(
                "[COLUMN_ALREADY_EXISTS] format(\"parquet\"): two columns of the rows to write are called 'ID', whatever"
                        + " the letter case: id, ID. Rename one with withColumnRenamed or as, or drop it.",
                refused.getMessage());
        assertFalse(Files.exists(directory.resolve("table")));
    }

    @Test
    void anEmptyPathIsNotTheWorkingDirectory() {
        DataFrame rows = session.range(1).toDF();
        String message =
                "[MISSING_PATH] format(\"parquet\"): the path is an empty text. Write '.' for the directory that"
                        + " the program runs in.";

        assertEquals(
                message,
                assertThrows(
                                QueryException.class,
                                () -> rows.write().mode("overwrite").parquet(""))
                        .getMessage());
        assertEquals(
                message,
                assertThrows(QueryException.class, () -> session.read().parquet(""))
                        .getMessage());
    }

    @Test
    void aQueryThatCannotBePlannedLeavesNothing() throws IOException {
        DataFrame rows =
                session.range(3).observe("n", max("id")).union(session.range(3).observe("n", min("id")));

        QueryException refused =
                assertThrows(QueryException.class, () -> rows.write().parquet(path()));

        assertEquals("DUPLICATED_METRICS_NAME", refused.code());
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private String path() {
        return directory.resolve("table").toString();
    }
}
