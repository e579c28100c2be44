package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Changes of a table can be given up while they copy files, and leave nothing then.
class CancelledChangesTest {
    private static final long MANY = 2_000_000;

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @Test
    void optimize() {
        append(0, MANY);
        append(MANY, 2 * MANY);

        cancel(() -> table().optimize().executeCompaction());
    }

    @Test
    void aDelete() {
        append(0, 2 * MANY);

        cancel(() -> table().delete(col("id").equalTo(5)));
    }

    @Test
    void aMerge() {
        append(0, 2 * MANY);

        cancel(() -> table().as("t")
                .merge(session.range(5).toDF().as("s"), "t.id = s.id")
                .whenMatched()
                .update(Map.of("name", lit("x")))
                .execute());
    }

    @Test
    void anOverwriteOfSomeRows() {
        append(0, 2 * MANY);

        cancel(() -> session.sql("SELECT 5L AS id, 'x' AS name")
                .write()
                .format("delta")
                .mode("overwrite")
                .option("replaceWhere", "id = 5")
                .save(place().toString()));
    }

    /// The write is done: what is given up is only what nobody needs.
    @Test
    void puttingFilesTogetherAfterAWrite() {
        session.conf().set("spark.databricks.delta.autoCompact.minNumFiles", "2");
        append(0, MANY);
        Set<Path> before = files();
        CompletableFuture<Void> write = CompletableFuture.runAsync(() -> session.range(MANY, 2 * MANY)
                .selectExpr("id", "string(id) AS name")
                .write()
                .format("delta")
                .mode("append")
                .option("autoCompact", true)
                .save(place().toString()));

        while (table().history().count() == 1) {
            Thread.onSpinWait();
        }
        while (session.interruptAll().isEmpty() && !write.isDone()) {
            Thread.onSpinWait();
        }
        write.join();

        assertEquals(2, table().history().count());
        assertEquals(2 * MANY, table().toDF().count());
        assertTrue(files().containsAll(before));
        assertEquals(0, Frames.runtime(session).allocator().getAllocatedMemory());
    }

    @Test
    void vacuum() {
        append(0, 10);
        DeltaTable table = table();

        cancelByInterrupt(table::vacuum);
        cancelByInterrupt(() -> table.vacuumDryRun(1000));
    }

    private static void cancelByInterrupt(Executable work) {
        Thread.currentThread().interrupt();
        QueryException failed = assertThrows(QueryException.class, work);
        assertEquals("QUERY_CANCELLED, interrupted: true", failed.code() + ", interrupted: " + Thread.interrupted());
    }

    /// Cancels work as soon as it writes a file.
    private void cancel(Runnable work) {
        Set<Path> before = files();
        long versions = table().history().count();

        CompletableFuture<Void> change = CompletableFuture.runAsync(work);
        while (files().equals(before) && !change.isDone()) {
            Thread.onSpinWait();
        }
        while (session.interruptAll().isEmpty() && !change.isDone()) {
            Thread.onSpinWait();
        }

        ExecutionException failed = assertThrows(ExecutionException.class, change::get);
        assertEquals("QUERY_CANCELLED", ((QueryException) failed.getCause()).code());
        assertEquals(before, files());
        assertEquals(versions, table().history().count());
        assertEquals(0, Frames.runtime(session).allocator().getAllocatedMemory());
    }

    private Path place() {
        return directory.resolve("t");
    }

    private DeltaTable table() {
        return DeltaTable.forPath(session, place().toString());
    }

    private void append(long from, long to) {
        session.range(from, to)
                .coalesce(1)
                .selectExpr("id", "string(id) AS name")
                .write()
                .format("delta")
                .mode("append")
                .save(place().toString());
    }

    private Set<Path> files() {
        try (Stream<Path> all = Files.list(place())) {
            return all.filter(Files::isRegularFile).collect(Collectors.toSet());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
