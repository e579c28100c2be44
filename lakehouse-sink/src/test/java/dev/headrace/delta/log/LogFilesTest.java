package dev.headrace.delta.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.UnavailableException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
    @TempDir
    Path table;

    @Test
    void aCommitThatCantBeLookedAtAfterItWasListedMayBeThereNextTime() {
        Path directory = table.resolve("_delta_log");
        LogFiles files = new LogFiles(table, new LocalCommitStore(directory));
        LogListing listing = new LogListing(directory, new TreeSet<>(List.of(0L)), new TreeMap<>());

        assertEquals(
                "DELTA_LOG_UNREADABLE",
                assertThrows(UnavailableException.class, () -> files.check(listing, 0))
                        .code());
    }
}
