package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void anAbsentDirectoryIsMade() {
        DemoDirectory directory = DemoDirectory.take(parent.resolve("a").resolve("b"));
        assertTrue(Files.isDirectory(directory.table("clicks").getParent()));
        assertTrue(Files.isDirectory(directory.checkpoint("clicks").getParent()));
    }

    @Test
    void whatAnEarlierRunHasLeftIsDeleted() throws IOException {
        DemoDirectory first = DemoDirectory.take(parent.resolve("demo"));
        Files.writeString(first.ledger(), "old");
        DemoDirectory second = DemoDirectory.take(parent.resolve("demo"));
        assertFalse(Files.exists(second.ledger()));
    }

    @Test
    void aDirectoryOfSomethingElseIsLeftAlone() throws IOException {
        Path precious = Files.writeString(parent.resolve("thesis.txt"), "years of work");
        QueryException error = assertThrows(QueryException.class, () -> DemoDirectory.take(parent));
        assertEquals(
                "[DEMO_DIRECTORY_TAKEN] '" + parent + "' holds something that no demo has made. Empty it, or choose"
                        + " another directory with --directory.",
                error.getMessage());
        assertTrue(Files.exists(precious));
    }

    @Test
    void theDirectoryOfARunningDemoIsLeftAlone() throws IOException {
        ProcessHandle other = ProcessHandle.current().parent().orElseThrow();
        markAs(other.pid() + " started " + other.info().startInstant().orElseThrow());
        QueryException error = assertThrows(QueryException.class, () -> DemoDirectory.take(parent));
        assertEquals(
                "[DEMO_RUNNING] In '" + parent + "' another demo is running, process " + other.pid()
                        + ". Stop it, or choose another directory with --directory.",
                error.getMessage());
    }

    @Test
    void theMarkOfAProcessThatHasEndedDoesNotCountEvenIfItsIdIsUsedAgain() throws IOException {
        markAs(ProcessHandle.current().parent().orElseThrow().pid() + " started 1970-01-02T00:00:00Z");
        assertEquals(parent, DemoDirectory.take(parent).root());
    }

    @Test
    void deletingLeavesNothing() {
        DemoDirectory directory = DemoDirectory.take(parent.resolve("demo"));
        directory.delete();
        assertFalse(Files.exists(directory.root()));
    }

    private void markAs(String owner) throws IOException {
        Files.writeString(parent.resolve(".headrace-demo"), owner);
    }
}
