package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.LogRewriter;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables whose log has checkpoints of version two, which name the table's files in sidecars.
class SidecarsTest {
    private static final Set<String> FEATURES = Set.of("v2Checkpoint", "deletionVectors");

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[1]").getOrCreate();

    private Path table;

    @BeforeEach
    void aTableOfSixFiles() {
        table = directory.resolve("table");
        CommitInfo info = new CommitInfo(
                0, "CREATE TABLE", Map.of(), OptionalLong.empty(), true, Map.of(), Optional.empty(), Optional.of("t"));
        TableMetadata metadata = new TableMetadata(
                "5d8e3a8e-0000-4000-8000-000000000002",
                Optional.empty(),
                Optional.empty(),
                StructType.fromDDL("id bigint, v bigint"),
                List.of(),
                Map.of("delta.enableDeletionVectors", "true", "delta.checkpointInterval", "1000"),
                OptionalLong.of(0));
        log().commit(new Commit(
                Commit.NO_TABLE,
                new ReadSet.WholeTable(),
                info,
                List.of(new Protocol(3, 7, FEATURES, FEATURES), metadata)));
        for (long i = 0; i < 6; i++) {
            append(100 * i, 100 * i + 100);
        }
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "parquet"})
    void aTableIsReadAndChangedBehindACheckpointThatNamesSidecars(String format) throws IOException {
        DeltaTable.forPath(session, table.toString()).delete("id % 100 = 7");
        checkpoint(7, 3, format);

        assertEquals(594, rows().count());
        assertEquals(0, rows().where("id % 100 = 7").count());
        assertEquals(99, rows().where("id between 200 and 299").count());
        assertEquals(
                6, log().latest().orElseThrow().files(FileFilter.everything()).size());

        DeltaTable.forPath(session, table.toString())
                .as("t")
                .merge(session.range(590, 610).as("s"), expr("t.id = s.id"))
                .whenMatched()
                .update(Map.of("v", lit(-1)))
                .whenNotMatched()
                .insert(Map.of("id", col("s.id"), "v", lit(-2)))
                .execute();
        append(1000, 1010);

        assertEquals(614, rows().count());
        assertEquals(10, rows().where("v = -1").count());
        assertEquals(10, rows().where("v = -2").count());
        assertEquals(614, KernelReader.read(table).size());
        // A checkpoint of our own on top.
        log().checkpoint(9);
        new LogRewriter(session, table).forgetCommitsBefore(9);
        assertEquals(614, rows().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "parquet"})
    void aCheckpointWithoutItsSidecarIsReportedWithItsName(String format) throws IOException {
        List<Path> files = checkpoint(6, 2, format);
        Files.delete(files.get(1));

        CheckpointException error = assertThrows(CheckpointException.class, () -> rows().count());

        assertTrue(error.getMessage().startsWith("[DELTA_LOG_DAMAGED] " + files.getFirst()), error.getMessage());
        assertTrue(error.getMessage().contains(files.get(1).getFileName().toString()), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aCheckpointOrSidecarThatIsCutIsReportedWithItsName(int cut) throws IOException {
        List<Path> files = checkpoint(6, 2, "parquet");
        byte[] bytes = Files.readAllBytes(files.get(cut));
        Files.write(files.get(cut), java.util.Arrays.copyOf(bytes, bytes.length / 2));

        CheckpointException error = assertThrows(CheckpointException.class, () -> rows().count());

        assertTrue(error.getMessage().startsWith("[DELTA_LOG_DAMAGED] " + files.get(cut)), error.getMessage());
        assertTrue(
                error.getMessage()
                        .contains(cut == 0 ? " are there, delete it: " : "delete the checkpoint that names it: "),
                error.getMessage());
    }

    @Test
    void aCheckpointInJsonThatIsCutIsReportedWithItsName() throws IOException {
        Path top = checkpoint(6, 2, "json").getFirst();
        String text = Files.readString(top);
        Files.writeString(top, text.substring(0, text.length() - 30));

        CheckpointException error = assertThrows(CheckpointException.class, () -> rows().count());

        assertTrue(error.getMessage().startsWith("[DELTA_LOG_DAMAGED] " + top), error.getMessage());
    }

    @Test
    void sidecarsThatNoCheckpointNamesGoWithTheLog() throws IOException {
        List<Path> first = withCommits(2, 2, "json");
        List<Path> second = withCommits(4, 3, "parquet");
        List<Path> third = withCommits(6, 1, "json");
        Path unfinished = Files.copy(third.get(1), third.get(1).resolveSibling("unfinished.parquet"));
        Path abandoned = Files.copy(third.get(1), third.get(1).resolveSibling("abandoned.parquet"));
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        for (long version = 0; version <= 6; version++) {
            setTime(log(version), start.plus(version, ChronoUnit.DAYS));
        }
        for (List<Path> files : List.of(first, second, third)) {
            for (Path file : files) {
                setTime(file, start);
            }
        }
        setTime(abandoned, start);
        setTime(unfinished, start.plus(5, ChronoUnit.DAYS));

        // The checkpoint of version 4 is the last before: that of version 2 goes.
        int deleted = log().forgetBefore(start.plus(6, ChronoUnit.DAYS));

        // Its sidecars go, too, and one that none names, unless it is so young that a checkpoint of it may come yet.
        assertEquals(
                Set.of(first.get(0), first.get(1), first.get(2), abandoned), gone(first, second, third, abandoned));
        assertTrue(Files.exists(unfinished));
        // With the commits before version 4.
        assertEquals(4 + 4, deleted);
        assertEquals(600, rows().count());
        assertEquals(
                400,
                session.read()
                        .format("delta")
                        .option("versionAsOf", 4)
                        .load(table.toString())
                        .count());
    }

    private static Set<Path> gone(List<Path> first, List<Path> second, List<Path> third, Path other) {
        return Stream.of(first.stream(), second.stream(), third.stream(), Stream.of(other))
                .flatMap(files -> files)
                .filter(Files::notExists)
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test
    void nothingGoesWhileACheckpointCanNotBeRead() throws IOException {
        List<Path> first = withCommits(2, 2, "parquet");
        List<Path> second = withCommits(4, 2, "parquet");
        for (Path file : Stream.concat(first.stream(), second.stream()).toList()) {
            setTime(file, Instant.EPOCH);
        }
        Files.write(second.getFirst(), new byte[20]);

        UnavailableException error = assertThrows(
                UnavailableException.class,
                () -> log().forgetBefore(Instant.now().plus(9, ChronoUnit.DAYS)));

        assertEquals("DELTA_LOG_CLEANUP_FAILED", error.code());
        assertTrue(error.getMessage().contains(second.getFirst().toString()), error.getMessage());
        try (Stream<Path> left = Files.list(table.resolve("_delta_log/_sidecars"))) {
            assertEquals(4, left.count());
        }
    }

    @Test
    void aVacuumLeavesSidecarsAlone() throws IOException {
        List<Path> files = new ArrayList<>(checkpoint(6, 2, "json"));
        session.conf().set("spark.databricks.delta.retentionDurationCheck.enabled", "false");

        DeltaTable.forPath(session, table.toString()).vacuum(0);

        assertTrue(files.stream().allMatch(Files::exists));
        assertEquals(600, rows().count());
    }

    /// A checkpoint of a version with sidecars, and without the commits before it.
    private List<Path> checkpoint(long version, int sidecars, String format) throws IOException {
        List<Path> files = withCommits(version, sidecars, format);
        new LogRewriter(session, table).forgetCommitsBefore(version);
        return files;
    }

    /// A checkpoint of a version with sidecars.
    private List<Path> withCommits(long version, int sidecars, String format) throws IOException {
        log().checkpoint(version);
        return new LogRewriter(session, table).withSidecars(version, sidecars, format);
    }

    private void append(long from, long to) {
        session.range(from, to)
                .withColumn("v", col("id"))
                .write()
                .format("delta")
                .mode("append")
                .save(table.toString());
    }

    private DataFrame rows() {
        return session.read().format("delta").load(table.toString());
    }

    private KernelTableLog log() {
        return new KernelTableLog(table);
    }

    private Path log(long version) {
        return table.resolve("_delta_log").resolve(String.format("%020d.json", version));
    }

    private static void setTime(Path file, Instant time) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(time));
    }
}
