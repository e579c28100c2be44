package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.exec.SpillSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A session whose memory is smaller than its queries' state, and one with enough; behind each test no file is left.
abstract class LittleMemory {
    static final int LIMIT_MEBIBYTES = 16;

    @TempDir
    Path directory;

    Session small;
    Session large;

    @BeforeEach
    void sessions() {
        small = session(LIMIT_MEBIBYTES + "m");
        large = session("4g");
        for (Session session : List.of(small, large)) {
            session.sql("CREATE TEMP VIEW wide AS SELECT id, (id * 7919) % 1000003 AS k, id % 10 AS d,"
                    + " concat('a text that makes the row wide ', id % 1000, repeat('.', 150)) AS text"
                    + " FROM range(0, 850000, 1, 8)");
            session.sql("CREATE TEMP VIEW some AS SELECT * FROM wide WHERE id < 200000");
            // Few rows, so that every pair can be looked at, of 20 KB: twice the limit.
            session.sql(
                    "CREATE TEMP VIEW large AS SELECT id, if(id % 10 = 0, id, -1) AS skewed, repeat('x', 20000) AS text"
                            + " FROM range(0, 1600, 1, 32)");
        }
    }

    private Session session(String limit) {
        return Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", limit)
                .config("headrace.spill.directory", directory.toString())
                .create();
    }

    @AfterEach
    void close() throws IOException {
        assertEquals(0, small.runtime().spill().openFiles());
        assertEquals(0, large.runtime().spill().bytesWritten());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(), files.toList());
        }
        small.close();
        large.close();
    }

    static List<String> rows(Session session, String sql) {
        return session.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }

    void givesTheSame(String sql) {
        SpillSpace space = small.runtime().spill();
        List<String> spilled = rows(small, sql);
        assertTrue(space.bytesWritten() > 0, "nothing was put on disk");
        assertEquals(rows(large, sql), spilled);
        assertEquals(0, small.runtime().allocator().getAllocatedMemory());
    }
}
