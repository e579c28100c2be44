package dev.headrace.binaryfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.connector.BatchTable;
import dev.headrace.errors.QueryException;
import dev.headrace.files.FormatHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryFileConnectorTest {
    @TempDir
    Path root;

    private FormatHarness files;

    @BeforeEach
    void open() {
        files = new FormatHarness(new BinaryFileConnector(), root);
    }

    @AfterEach
    void noMemoryIsLeft() {
        files.close();
    }

    @Test
    void eachFileIsARow() throws IOException {
        Path file = files.file("t/day=1/x.gz", new byte[] {1, 2, -1});
        files.file("t/day=1/y", "");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_769_904_000_123L));

        BatchTable table = files.open("", Map.of("pathGlobFilter", "*.gz"), "t");

        assertEquals(
                "path STRING,modificationTime TIMESTAMP,length BIGINT,content BINARY,day INT",
                table.schema().toDDL());
        assertEquals(
                List.of("[file:" + file + ", 1769904000123000, 3, 0102ff, 1]"),
                files.read("", Map.of("pathGlobFilter", "*.gz"), "t").rows());
    }

    @Test
    void theContentIsReadOnlyIfItIsAskedFor() {
        files.file("x", "abc");
        BatchTable table = files.open("", Map.of(), "x");

        assertEquals(List.of("[3]"), files.read(table, "length").rows());
        assertEquals(0, files.read(table, "length").metrics().get("bytesRead"));
        assertEquals(3, files.read(table, "content").metrics().get("bytesRead"));
    }

    @Test
    void theSchemaIsFixed() {
        files.file("x", "abc");

        assertEquals(
                "[SCHEMA_NOT_ALLOWED] format(\"binaryfile\") has a fixed schema (path, modificationTime, length, "
                        + "content). Leave schema(…) out.",
                assertThrows(QueryException.class, () -> files.open("a int", Map.of(), "x"))
                        .getMessage());
        assertTrue(assertThrows(QueryException.class, () -> files.open("", Map.of("lineSep", ";"), "x"))
                .getMessage()
                .startsWith("[UNKNOWN_OPTION] format(\"binaryfile\") has no option 'lineSep'."));
    }
}
