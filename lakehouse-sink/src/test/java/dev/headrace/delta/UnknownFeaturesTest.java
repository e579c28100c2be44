package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Tables that other programs have made with features of a later Delta.
class UnknownFeaturesTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @Test
    void aTableThatReadersMustUnderstandIsNeitherReadNorWritten() {
        String path = table(new Protocol(3, 7, Set.of("laterFeature"), Set.of("laterFeature")));

        assertRefused(
                "laterFeature", () -> session.read().format("delta").load(path).collectAsList());
        assertRefused(
                "laterFeature",
                () -> session.sql("select * from delta.`" + path + "`").collectAsList());
        assertRefused("laterFeature", () -> session.readStream().format("delta").load(path));
        assertRefused("laterFeature", () -> append(path));
        assertRefused("laterFeature", () -> DeltaTable.forPath(session, path).delete());
        assertRefused("laterFeature", () -> DeltaTable.forPath(session, path).vacuumDryRun(200));
    }

    @Test
    void aTableOfALaterProtocolIsNotRead() {
        String path = table(new Protocol(4, 8, Set.of(), Set.of()));

        assertRefused("4", () -> session.read().format("delta").load(path).collectAsList());
    }

    @Test
    void aTableThatOnlyWritersMustUnderstandIsRead() {
        String path = table(new Protocol(1, 7, Set.of(), Set.of("laterFeature")));

        assertEquals(0, session.read().format("delta").load(path).count());
        assertRefused("laterFeature", () -> append(path));
        assertRefused("laterFeature", () -> DeltaTable.forPath(session, path).update(Map.of()));
        assertRefused("laterFeature", () -> session.sql("optimize delta.`" + path + "`"));
        assertRefused("laterFeature", () -> session.sql("alter table delta.`" + path + "` add columns (x int)"));
        assertRefused("laterFeature", () -> DeltaTable.forPath(session, path).restoreToVersion(0));
    }

    private void append(String path) {
        session.range(3).write().format("delta").mode("append").save(path);
    }

    private static void assertRefused(String feature, Executable action) {
        QueryException error = assertThrows(QueryException.class, action);
        assertEquals("DELTA_UNSUPPORTED_FEATURE", error.code());
        assertTrue(error.getMessage().contains(feature), error.getMessage());
    }

    private String table(Protocol protocol) {
        Path table = directory.resolve("table");
        CommitInfo info = new CommitInfo(
                0, "CREATE TABLE", Map.of(), OptionalLong.empty(), true, Map.of(), Optional.empty(), Optional.of("t"));
        TableMetadata metadata = new TableMetadata(
                "5d8e3a8e-0000-4000-8000-000000000003",
                Optional.empty(),
                Optional.empty(),
                StructType.fromDDL("id bigint"),
                List.of(),
                Map.of(),
                OptionalLong.of(0));
        new KernelTableLog(table)
                .commit(new Commit(Commit.NO_TABLE, new ReadSet.WholeTable(), info, List.of(protocol, metadata)));
        return table.toString();
    }
}
