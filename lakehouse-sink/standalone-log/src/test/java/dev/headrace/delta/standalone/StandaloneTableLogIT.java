package dev.headrace.delta.standalone;

import static dev.headrace.delta.log.Commits.append;
import static dev.headrace.delta.log.Commits.batch;
import static dev.headrace.delta.log.Commits.create;
import static dev.headrace.delta.log.Commits.file;
import static dev.headrace.delta.log.Commits.fileWithStats;
import static dev.headrace.delta.log.Commits.metadata;
import static dev.headrace.delta.log.Commits.paths;
import static dev.headrace.delta.log.Commits.replaceAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.delta.DeltaTable;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableLogContract;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Runs on the artifact, Scala moved away inside: see the module's `pom.xml`.
class StandaloneTableLogIT extends TableLogContract {
    private static final String REFUSED =
            ", but the log is that of Delta Standalone (headrace.delta.log=standalone), which"
                    + " knows tables of protocol (1,2). Use the default log: leave headrace.delta.log out.";

    @Override
    protected TableLog open(Path directory) {
        return new StandaloneTableLog(directory);
    }

    @Test
    void thereIsNoScalaOnTheClassPath() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("scala.Option"));
    }

    // ---- With the other log

    @Test
    void bothLogsGoOnWithATableInTurns() {
        TableLog kernel = new KernelTableLog(table);
        open(table).commit(create());
        for (int i = 0; i < 12; i++) {
            TableLog writer = i % 2 == 0 ? kernel : open(table);
            writer.commit(append(i, batch("query", i), fileWithStats("f" + i, "{\"numRecords\":" + i + "}")));
        }
        open(table).checkpoint(6);
        kernel.checkpoint(9);

        assertSame(open(table).latest().orElseThrow(), kernel.latest().orElseThrow());
        assertSame(open(table).atVersion(7), kernel.atVersion(7));
        assertEquals(OptionalLong.of(11), open(table).latest().orElseThrow().lastTransaction("query"));
    }

    private static void assertSame(TableSnapshot one, TableSnapshot other) {
        assertEquals(one.version(), other.version());
        assertEquals(one.metadata(), other.metadata());
        assertEquals(one.protocol(), other.protocol());
        assertEquals(described(one), described(other));
    }

    private static List<String> described(TableSnapshot snapshot) {
        return snapshot.files(FileFilter.everything()).stream()
                .map(file -> file.path() + " " + file.partitionValues() + " " + file.size() + " " + file.stats())
                .sorted()
                .toList();
    }

    @Test
    void tablesOfSessionsAreWrittenByIt() throws IOException {
        System.setProperty("headrace.delta.log", "standalone");
        try (Session session = Session.builder().master("local[2]").getOrCreate()) {
            String path = table.resolve("t").toString();
            session.range(10).write().format("delta").save(path);
            session.range(10, 20).write().format("delta").mode("append").save(path);
            DeltaTable.forPath(session, path).delete("id % 2 = 0");

            assertEquals(10, session.read().format("delta").load(path).count());
            String commit = Files.readString(table.resolve("t/_delta_log/00000000000000000002.json"));
            assertTrue(commit.contains("Standalone"), commit);
            System.clearProperty("headrace.delta.log");
            assertEquals(10, session.read().format("delta").load(path).count());
        } finally {
            System.clearProperty("headrace.delta.log");
        }
    }

    // ---- What the library does

    @Test
    void statisticsWithQuotesDoNotBreakTheLog() {
        AddFile quoted = fileWithStats("a", "{\"numRecords\":1,\"minValues\":{\"customer_name\":\"\\\"x\\\\\"}}");
        open(table).commit(create());
        open(table).commit(append(0, quoted));

        assertEquals(List.of(quoted), open(table).latest().orElseThrow().files(FileFilter.everything()));
        assertEquals(
                List.of(quoted),
                new KernelTableLog(table).latest().orElseThrow().files(FileFilter.everything()));
    }

    @Test
    void aRemovalOfRowsIsNoticedByAnOverwrite() {
        open(table).commit(create());
        open(table).commit(append(0, file("a"), file("b")));
        open(table).commit(append(1, file("a").remove(0)));

        assertInstanceOf(CommitOutcome.Conflicted.class, open(table).commit(replaceAll(1, file("c"))));
        assertEquals(List.of("b"), paths(open(table).latest().orElseThrow()));
    }

    @Test
    void checkpointsNeedNoMoreThanTheArtifact() {
        open(table).commit(create());
        LongStream.range(0, 3).forEach(i -> open(table).commit(append(i, file("f" + i))));
        open(table).checkpoint(3);

        assertTrue(Files.exists(table.resolve("_delta_log/00000000000000000003.checkpoint.parquet")));
        assertEquals(3, paths(new KernelTableLog(table).latest().orElseThrow()).size());
    }

    @Test
    void noChecksumsAreLeftBehind() throws IOException {
        open(table).commit(create());
        open(table).checkpoint(0);
        try (Stream<Path> files = Files.list(table.resolve("_delta_log"))) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().endsWith(".crc")).toList());
        }
    }

    @Test
    void tablesOfOtherProtocolsAreRefused() {
        new KernelTableLog(table).commit(table(new Protocol(1, 4, Set.of(), Set.of()), metadata()));
        TableSnapshot readOnly = open(table).latest().orElseThrow();
        assertEquals(4, readOnly.protocol().minWriterVersion());
        assertRefused("the table's protocol is (1,4)", () -> open(table).commit(append(0, file("a"))));

        Path newer = table.resolve("newer");
        new KernelTableLog(newer).commit(table(new Protocol(3, 7, Set.of(), Set.of()), metadata()));
        QueryException error =
                assertThrows(QueryException.class, () -> open(newer).latest());
        assertEquals("DELTA_STANDALONE_UNSUPPORTED", error.code());
    }

    private static Commit table(Protocol protocol, TableMetadata metadata) {
        return replaceAll(Commit.NO_TABLE, protocol, metadata);
    }

    @Test
    void propertiesThatTheLibraryWouldNotHonourAreRefused() {
        for (String property :
                List.of("delta.enableChangeDataFeed", "delta.enableDeletionVectors", "delta.columnMapping.mode")) {
            TableMetadata metadata =
                    metadata().withConfiguration(Map.of(property, property.endsWith("mode") ? "name" : "true"));
            QueryException error =
                    assertThrows(QueryException.class, () -> open(table).commit(table(Protocol.BASIC, metadata)));
            assertEquals("DELTA_STANDALONE_UNSUPPORTED", error.code());
        }
        assertEquals(Optional.empty(), open(table).latest());
    }

    private void assertRefused(String why, Executable action) {
        assertEquals(
                "[DELTA_STANDALONE_UNSUPPORTED] " + table + ": " + why + REFUSED,
                assertThrows(QueryException.class, action).getMessage());
    }
}
