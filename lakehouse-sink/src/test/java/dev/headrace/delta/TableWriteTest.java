package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.SinkId;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamWriteRequest.OutputKind;
import dev.headrace.connector.TemporaryTables;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.CommitStore;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.DataTypes;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What ends up in the log and on the disk.
class TableWriteTest {
    private static final StructType ROWS = StructType.fromDDL("id bigint, shop string");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private final BufferAllocator allocator = new RootAllocator();
    private final List<TableTarget> targets = new ArrayList<>();

    @AfterEach
    void nothingLeaks() {
        targets.forEach(TableTarget::close);
        allocator.close();
    }

    @Test
    void theFirstWriteCreatesTheTable() {
        write(target(WriteKind.APPEND), row(1, "a"), row(2, "b"));

        TableSnapshot table = latest();
        assertEquals(0, table.version());
        assertEquals(
                StructType.fromDDL("id bigint, shop string"), table.metadata().schema());
        AddFile file = files(table).getFirst();
        assertTrue(file.path().matches("part-00000-[0-9a-f-]{36}-c000.zstd.parquet"), file.path());
        assertEquals(
                "{\"numRecords\":2,\"minValues\":{\"id\":1,\"shop\":\"a\"},\"maxValues\":{\"id\":2,\"shop\":\"b\"},"
                        + "\"nullCount\":{\"id\":0,\"shop\":0}}",
                file.stats().orElseThrow());
    }

    @Test
    void whatWasWrittenIsCounted() {
        SinkBatch batch = begin(target(WriteKind.APPEND));
        fill(batch, 0, row(1, "a"));
        fill(batch, 3, row(2, "a"), row(3, "a"));

        Map<String, Long> metrics = batch.commit();

        assertEquals(2, metrics.get("numFiles"));
        assertEquals(3, metrics.get("numOutputRows"));
        long bytes = files(latest()).stream().mapToLong(AddFile::size).sum();
        assertEquals(bytes, metrics.get("numOutputBytes"));
    }

    @Test
    void rowsOfAPartitionLieInItsDirectory() {
        TableTarget target = open(log(), new WriteRequest(ROWS, List.of("shop"), WriteKind.APPEND, SchemaChange.NONE));
        write(target, row(1, "a/b c"), row(2, null), row(3, "a/b c"));

        List<AddFile> files = files(latest());
        files.sort((a, b) -> a.path().compareTo(b.path()));
        assertTrue(files.get(0).path().startsWith("shop=__HIVE_DEFAULT_PARTITION__/part-"), files.toString());
        assertTrue(files.get(1).path().startsWith("shop=a%252Fb%20c/part-"), files.toString());
        assertEquals("a/b c", files.get(1).partitionValues().get("shop"));
        assertEquals(null, files.get(0).partitionValues().get("shop"));
        assertTrue(Files.exists(DataFile.resolve(directory, files.get(1).path())));
        assertEquals(
                Optional.of(
                        "{\"numRecords\":2,\"minValues\":{\"id\":1},\"maxValues\":{\"id\":3},\"nullCount\":{\"id\":0}}"),
                files.get(1).stats());
    }

    @Test
    void moreOpenPartitionsThanFilesMakeMoreFiles() {
        TableTarget target = open(log(), new WriteRequest(ROWS, List.of("shop"), WriteKind.APPEND, SchemaChange.NONE));
        int shops = TableTaskWriter.MAX_OPEN + 1;
        SinkBatch batch = begin(target);
        try (SinkBatch.TaskWriter task = batch.openTask(0)) {
            for (int round = 0; round < 2; round++) {
                for (int shop = 0; shop < shops; shop++) {
                    chunk(task::write, row(shop, "shop" + shop));
                }
            }
        }

        assertEquals(2L * shops, batch.commit().get("numOutputRows"));
        assertEquals(2 * shops, files(latest()).size());
    }

    @Test
    void anOverwriteRemovesWhatWasThere() {
        write(target(WriteKind.APPEND), row(1, "a"));
        AddFile old = files(latest()).getFirst();
        TableTarget overwriting = target(WriteKind.OVERWRITE);
        write(overwriting, row(2, "b"));
        AddFile second = files(latest()).getFirst();
        write(overwriting, row(3, "c"));

        assertEquals(2, latest().version());
        assertEquals(1, files(latest()).size());
        assertFalse(files(latest()).contains(old) || files(latest()).contains(second));
    }

    @Test
    void anOverwriteThatDidNotSeeAnAppendIsRefused() {
        write(target(WriteKind.APPEND), row(1, "a"));
        SinkBatch overwrite = begin(target(WriteKind.OVERWRITE));
        fill(overwrite, 0, row(2, "b"));
        write(target(WriteKind.APPEND), row(3, "c"));

        UnavailableException error = assertThrows(UnavailableException.class, overwrite::commit);

        String path = files(log().atVersion(1)).stream()
                .map(AddFile::path)
                .filter(file -> files(log().atVersion(0)).stream()
                        .noneMatch(f -> f.path().equals(file)))
                .findFirst()
                .orElseThrow();
        assertEquals(
                "[DELTA_CONCURRENT_CHANGE] " + directory
                        + ": the overwrite was based on version 0, but meanwhile version 1 "
                        + "('WRITE' by 'Headrace' at 2026-11-20T10:00:00Z, mode=test) added rows: file '" + path
                        + "'. Nothing was committed; run the write again to overwrite that too.",
                error.getMessage());
        overwrite.close();
        assertEquals(2, dataFiles());
    }

    @Test
    void anAppendGoesBehindAnOverwrite() {
        write(target(WriteKind.APPEND), row(1, "a"));
        SinkBatch append = begin(target(WriteKind.APPEND));
        fill(append, 0, row(2, "b"));
        write(target(WriteKind.OVERWRITE), row(3, "c"));
        append.commit();

        assertEquals(2, files(latest()).size());
    }

    @Test
    void anAppendSurvivesAChangedPropertyAndKeepsIt() {
        write(target(WriteKind.APPEND), row(1, "a"));
        TableTarget target = target(WriteKind.APPEND);
        SinkBatch append = begin(target);
        fill(append, 0, row(2, "b"));
        TableMetadata metadata = latest().metadata();
        changeMetadata(metadata, metadata.schema(), Map.of("delta.checkpointInterval", "3"));
        append.commit();
        write(target, row(3, "c"));

        assertEquals(3, latest().version());
        assertEquals(
                Map.of("delta.checkpointInterval", "3"), latest().metadata().configuration());
        target.close();
        assertTrue(Files.exists(directory.resolve("_delta_log/00000000000000000003.checkpoint.parquet")));
    }

    @Test
    void anAppendWhoseFilesNoLongerFitIsRefused() {
        write(target(WriteKind.APPEND), row(1, "a"));
        SinkBatch append = begin(target(WriteKind.APPEND));
        fill(append, 0, row(2, "b"));
        TableMetadata metadata = latest().metadata();
        changeMetadata(metadata, metadata.schema().add("more", "int"), Map.of());

        UnavailableException error = assertThrows(UnavailableException.class, append::commit);

        assertEquals(
                "[DELTA_TABLE_CHANGED] " + directory
                        + ": the table changed while the rows were written: version 1 ('test' at "
                        + "1970-01-01T00:00:00Z) changed the table's schema or properties: the schema is now '"
                        + latest().metadata().schema().toDDL() + "'. Nothing was committed; run the write again.",
                error.getMessage());
        assertEquals(1, files(latest()).size());
    }

    @Test
    void twoFirstWritesMakeOneTableWithAllRows() {
        SinkBatch first = begin(target(WriteKind.APPEND));
        SinkBatch second = begin(target(WriteKind.APPEND));
        fill(first, 0, row(1, "a"));
        fill(second, 0, row(2, "b"));
        first.commit();
        second.commit();

        assertEquals(1, latest().version());
        assertEquals(2, files(latest()).size());
    }

    @Test
    void ofTwoThatWantANewTableTheSecondFails() {
        SinkBatch first = begin(target(WriteKind.CREATE));
        SinkBatch second = begin(target(WriteKind.CREATE));
        first.commit();

        QueryException error = assertThrows(QueryException.class, second::commit);

        assertEquals(
                "[DELTA_TABLE_EXISTS] " + directory + " is a Delta table already. Choose mode(\"append\"), "
                        + "mode(\"overwrite\") or mode(\"ignore\"), or another path.",
                error.getMessage());
    }

    @Test
    void aTableThatWasMadeAMomentAgoIsNotMadeAgain() {
        write(target(WriteKind.APPEND), row(1, "a"));
        StructType other = StructType.fromDDL("other int");
        TableTarget making = open(log(), new WriteRequest(other, List.of(), WriteKind.CREATE, SchemaChange.NONE));

        assertEquals(
                "DELTA_TABLE_EXISTS",
                assertThrows(QueryException.class, making::checkMayBeWritten).code());
        assertEquals(
                "DELTA_TABLE_EXISTS",
                assertThrows(QueryException.class, begin(target(WriteKind.CREATE))::commit)
                        .code());
        try (SinkBatch ignoring = begin(target(WriteKind.CREATE_OR_IGNORE))) {
            fill(ignoring, 0, row(2, "b"));
            ignoring.commit();
        }
        assertEquals(0, latest().version());
    }

    @Test
    void aWriteThatWouldRatherNotFindATableLeavesItAlone() {
        SinkBatch ignoring = begin(target(WriteKind.CREATE_OR_IGNORE));
        fill(ignoring, 0, row(1, "a"));
        write(target(WriteKind.APPEND), row(2, "b"));

        assertEquals(0, ignoring.commit().get("numOutputRows"));
        ignoring.close();
        assertEquals(0, latest().version());
        assertEquals(1, dataFiles());
    }

    @Test
    void anOverwriteMayChangeTheSchemaIfToldTo() {
        write(target(WriteKind.APPEND), row(1, "a"));
        StructType other = StructType.fromDDL("shop string, id bigint, n int");
        WriteRequest strict = new WriteRequest(other, List.of(), WriteKind.OVERWRITE, SchemaChange.NONE);
        assertThrows(QueryException.class, () -> open(log(), strict));

        TableTarget target =
                open(log(), new WriteRequest(other, List.of("id"), WriteKind.OVERWRITE, SchemaChange.OVERWRITE));
        begin(target).commit();

        assertEquals(other, latest().metadata().schema());
        assertEquals(List.of("id"), latest().metadata().partitionColumns());
        assertEquals(List.of(), files(latest()));
    }

    @Test
    void anotherPartitioningIsRefused() {
        write(target(WriteKind.APPEND), row(1, "a"));

        QueryException error = assertThrows(
                QueryException.class,
                () -> open(log(), new WriteRequest(ROWS, List.of("shop"), WriteKind.APPEND, SchemaChange.NONE)));

        assertEquals(
                "[DELTA_PARTITIONING_MISMATCH] " + directory + ": the write says partitionBy(shop), but the table is "
                        + "partitioned by (). Leave partitionBy out, or write with mode(\"overwrite\") and "
                        + "option(\"overwriteSchema\", true).",
                error.getMessage());
    }

    @Test
    void aTaskThatIsRunAgainCountsOnce() {
        SinkBatch batch = begin(target(WriteKind.APPEND));
        fill(batch, 0, row(1, "a"));
        fill(batch, 0, row(1, "a"));
        batch.commit();
        batch.close();

        assertEquals(1, files(latest()).size());
        assertEquals(1, dataFiles());
    }

    /// Of tasks side by side, any may be the first.
    @Test
    void whatATaskDrawsForItsRowsDependsOnNoOther() {
        write(target(WriteKind.APPEND), row(0, "a"));
        TableMetadata metadata = latest().metadata();
        StructField drawn = new StructField(
                "draw", DataTypes.DoubleType, true, new Metadata(Map.of(TableStatement.DEFAULT, "rand()")));
        changeMetadata(metadata, metadata.schema().add(drawn), Map.of());

        UUID write = UUID.randomUUID();
        Set<String> drawnInOrder = statisticsOfTasks(write, 0, 1);
        assertEquals(drawnInOrder, statisticsOfTasks(write, 1, 0));
        // Another write at the same time.
        assertNotEquals(drawnInOrder, statisticsOfTasks(UUID.randomUUID(), 0, 1));
    }

    /// Of a write by two tasks, a row each, in this order.
    ///
    /// @param write the id that it begins with; its files have others
    private Set<String> statisticsOfTasks(UUID write, int first, int second) {
        List<AddFile> before = files(latest());
        AtomicBoolean begun = new AtomicBoolean();
        TableTarget target = new TableTarget(
                directory,
                log(),
                new WriteRequest(ROWS, List.of(), WriteKind.APPEND, SchemaChange.NONE),
                ParquetWriteOptions.DEFAULT,
                CLOCK,
                () -> begun.get() ? UUID.randomUUID() : write);
        targets.add(target);
        try (SinkBatch batch = begin(target)) {
            begun.set(true);
            fill(batch, first, row(first, "a"));
            fill(batch, second, row(second, "a"));
            batch.commit();
        }
        return files(latest()).stream()
                .filter(file -> !before.contains(file))
                .map(file -> file.stats().orElseThrow())
                .collect(Collectors.toSet());
    }

    @Test
    void whatIsNotCommittedIsDeleted() {
        SinkBatch batch = begin(target(WriteKind.APPEND));
        fill(batch, 0, row(1, "a"));
        batch.close();

        assertEquals(0, dataFiles());
        assertEquals(Optional.empty(), log().latest());
    }

    @Test
    void aCancelledTaskLeavesNoFileNotEvenACompleteOne() {
        TableTarget target = open(log(), new WriteRequest(ROWS, List.of("shop"), WriteKind.APPEND, SchemaChange.NONE));
        Cancellation query = new Cancellation();
        try (SinkBatch batch = begin(target)) {
            SinkBatch.TaskWriter task = batch.openTask(0);
            for (int shop = 0; shop <= TableTaskWriter.MAX_OPEN; shop++) {
                chunk(task::write, row(shop, "shop" + shop));
            }
            assertEquals(TableTaskWriter.MAX_OPEN + 1, dataFiles());
            query.cancel();

            query.within(() -> assertThrows(QueryCancelledException.class, task::close));
            assertEquals(0, dataFiles());
        }
    }

    @Test
    void aTaskThatIsGivenUpLeavesNoFile() {
        try (SinkBatch batch = begin(target(WriteKind.APPEND))) {
            SinkBatch.TaskWriter task = batch.openTask(0);
            chunk(task::write, row(1, "a"));
            task.abort();
            task.close();

            assertEquals(0, dataFiles());
        }
    }

    @Test
    void aNullIsRefusedWhereTheTableForbidsIt() {
        StructType strict = StructType.fromDDL("id bigint, shop string not null");
        TableMetadata metadata = new TableMetadata(
                "x", Optional.empty(), Optional.empty(), strict, List.of(), Map.of(), OptionalLong.empty());
        Commit create = new Commit(
                Commit.NO_TABLE,
                new ReadSet.Nothing(),
                testInfo(),
                List.of(dev.headrace.delta.log.Protocol.BASIC, metadata));
        assertEquals(new CommitOutcome.Committed(0), log().commit(create));
        SinkBatch batch = begin(target(WriteKind.APPEND));

        SinkBatch.TaskWriter task = batch.openTask(0);
        DataException error = assertThrows(DataException.class, () -> chunk(task::write, row(1, null)));
        task.close();

        assertEquals(
                "[DELTA_NULL_IN_NOT_NULL_COLUMN] " + directory
                        + ": column 'shop' is 'not null' in the table, but a row to "
                        + "write has a null there. Filter such rows out or give them a value (coalesce).",
                error.getMessage());
        assertEquals(0, dataFiles());
    }

    @Test
    void outputsOfAQueryKeepTheirBatchesApart() {
        try (DeltaStreamingSink first = sink(OutputKind.APPEND)) {
            writeBatch(first, 0, row(1, "a"));
        }
        SinkId id = new SinkId("query-1-1", Optional.empty());
        try (DeltaStreamingSink second = sink(log(), OutputKind.APPEND, id)) {
            writeBatch(second, 0, row(2, "b"));
        }

        assertEquals(2, files(latest()).size());
    }

    @Test
    void anOutputHoldsWhatItHasWrittenUnderItsQuerysId() {
        try (DeltaStreamingSink before = sink(OutputKind.APPEND)) {
            writeBatch(before, 0, row(1, "a"));
        }
        SinkId id = new SinkId("query-1-1", Optional.of("query-1"));
        try (DeltaStreamingSink now = sink(log(), OutputKind.APPEND, id)) {
            assertEquals(OptionalLong.of(0), now.lastCommitted());
            writeBatch(now, 0, row(1, "a"));
            writeBatch(now, 1, row(2, "b"));
        }

        assertEquals(2, files(latest()).size());
        assertEquals(OptionalLong.of(1), latest().lastTransaction("query-1-1"));
    }

    @Test
    void anOutputDoesNotTakeWhatTheFirstWritesForItsOwn() {
        SinkId id = new SinkId("query-1-1", Optional.of("query-1"));
        try (DeltaStreamingSink before = sink(OutputKind.APPEND)) {
            writeBatch(before, 0, row(1, "a"));
        }
        try (DeltaStreamingSink first = sink(OutputKind.APPEND);
                DeltaStreamingSink second = sink(log(), OutputKind.APPEND, id)) {
            writeBatch(first, 1, row(2, "b"));
            assertEquals(OptionalLong.of(0), second.lastCommitted());
            writeBatch(second, 1, row(3, "c"));
            assertEquals(OptionalLong.of(1), second.lastCommitted());
        }

        assertEquals(3, files(latest()).size());
    }

    @Test
    void aBatchOfAQueryIsHeldOnce() {
        try (DeltaStreamingSink sink = sink(OutputKind.APPEND)) {
            assertEquals(OptionalLong.empty(), sink.lastCommitted());
            writeBatch(sink, 0, row(1, "a"));
            writeBatch(sink, 1, row(2, "b"));
        }
        try (DeltaStreamingSink restarted = sink(OutputKind.APPEND)) {
            assertEquals(OptionalLong.of(1), restarted.lastCommitted());
            writeBatch(restarted, 1, row(2, "b"));
            writeBatch(restarted, 2, row(3, "c"));
        }

        assertEquals(3, files(latest()).size());
        assertEquals(3, dataFiles());
        assertEquals(OptionalLong.of(2), latest().lastTransaction("query-1"));
    }

    @Test
    void aBatchThatAnotherDriverHasCommittedMeanwhileIsHeldOnce() {
        try (DeltaStreamingSink first = sink(OutputKind.APPEND);
                DeltaStreamingSink second = sink(OutputKind.APPEND)) {
            writeBatch(first, 0, row(1, "a"));
            writeBatch(second, 0, row(1, "a"));
            writeBatch(second, 1, row(2, "b"));
        }

        assertEquals(2, files(latest()).size());
        assertEquals(1, latest().version());
    }

    @Test
    void aBatchWithoutRowsCommitsNothingButTheNewTable() {
        try (DeltaStreamingSink sink = sink(OutputKind.APPEND)) {
            writeBatch(sink, 0);
            writeBatch(sink, 1);
        }

        assertEquals(0, latest().version());
        assertEquals(OptionalLong.of(0), latest().lastTransaction("query-1"));
    }

    @Test
    void inCompleteModeEachBatchReplacesTheOneBefore() {
        try (DeltaStreamingSink sink = sink(OutputKind.COMPLETE)) {
            writeBatch(sink, 0, row(1, "a"), row(2, "b"));
            writeBatch(sink, 1, row(1, "a"));
            writeBatch(sink, 2);
        }

        assertEquals(2, latest().version());
        assertEquals(List.of(), files(latest()));
        assertEquals(1, files(log().atVersion(1)).size());
    }

    @Test
    void aLongRunningQueryNeverReadsTheLog() {
        CountingLog counting = new CountingLog(log());
        try (DeltaStreamingSink sink = sink(counting, OutputKind.APPEND)) {
            for (int batch = 0; batch < 9; batch++) {
                writeBatch(sink, batch, row(batch, "a"));
            }
        }

        assertEquals(1, counting.reads);
        assertEquals(8, latest().version());
    }

    @Test
    void everyTenthCommitIsFollowedByACheckpoint() {
        try (DeltaStreamingSink sink = sink(OutputKind.APPEND)) {
            for (int batch = 0; batch < 12; batch++) {
                writeBatch(sink, batch, row(batch, "a"));
            }
        }

        assertTrue(Files.exists(directory.resolve("_delta_log/00000000000000000010.checkpoint.parquet")));
        assertEquals(12, files(latest()).size());
    }

    @Test
    void whenItIsUnknownWhetherACommitHappenedNoFileIsDeleted() {
        DarkStore store = new DarkStore(directory.resolve("_delta_log"));
        SinkBatch batch = begin(open(new KernelTableLog(directory, store), append()));
        fill(batch, 0, row(1, "a"));

        assertThrows(CommitUnknownException.class, batch::commit);
        batch.close();

        assertEquals(1, files(latest()).size());
        assertEquals(1, dataFiles());
    }

    @Test
    void aTaskThatIsGivenUpDeletesAllItsFilesThatItCan() throws IOException {
        TableTarget target = open(log(), new WriteRequest(ROWS, List.of("shop"), WriteKind.APPEND, SchemaChange.NONE));
        SinkBatch.TaskWriter task = begin(target).openTask(0);
        chunk(task::write, row(1, "a"), row(2, "b"), row(3, "c"));
        List<Path> stuck = List.of(cannotBeDeleted("a"), cannotBeDeleted("b"));

        HeadraceException failed = assertThrows(HeadraceException.class, task::abort);

        assertTold(stuck, failed);
        assertEquals(List.of(), filesOf("c"));
    }

    @Test
    void aTaskThatCanNotBeCompletedTellsWhyAndThenWhatCanNotBeDeleted() throws IOException {
        TableTarget target = open(log(), new WriteRequest(ROWS, List.of("shop"), WriteKind.APPEND, SchemaChange.NONE));
        SinkBatch.TaskWriter task = begin(target).openTask(0);
        chunk(task::write, row(1, "a"));
        Path stuck = cannotBeDeleted("a");
        Cancellation query = new Cancellation();
        query.cancel();

        QueryCancelledException failed = assertThrows(
                QueryCancelledException.class,
                () -> query.<@Nullable Void>within(() -> {
                    task.close();
                    return null;
                }));

        assertTrue(failed.getSuppressed()[0].getMessage().contains(stuck.toString()), failed.toString());
    }

    /// Each of two threads has a writer with a file of each shop.
    @Test
    void aChangeThatIsGivenUpDeletesAllItsFilesThatItCan() throws IOException {
        TableTarget target = open(log(), new WriteRequest(ROWS, List.of("shop"), WriteKind.APPEND, SchemaChange.NONE));
        DataWriters writers = new DataWriters(target, target.metadataToWrite());
        chunk(
                rows -> writers.write(
                        rows,
                        RowRules.Coming.NEW,
                        _ -> chunk(
                                more -> writers.write(more, RowRules.Coming.NEW, _ -> {}), row(3, "b"), row(4, "c"))),
                row(1, "a"),
                row(2, "c"));
        assertEquals(2, filesOf("c").size());
        List<Path> stuck = List.of(cannotBeDeleted("a"), cannotBeDeleted("b"));

        HeadraceException failed = assertThrows(HeadraceException.class, writers::close);

        assertTold(stuck, failed);
        assertEquals(List.of(), filesOf("c"));
    }

    /// The first failure, and the other one with it.
    private static void assertTold(List<Path> stuck, HeadraceException failed) {
        List<Throwable> all = new ArrayList<>(List.of(failed.getSuppressed()));
        all.addFirst(failed);
        assertEquals(stuck.size(), all.size());
        for (int i = 0; i < stuck.size(); i++) {
            String text = all.get(i).getMessage();
            assertTrue(text.contains(stuck.get(i).toString()), text);
        }
    }

    /// Where the only file of a shop was, there is a directory with something in it.
    private Path cannotBeDeleted(String shop) throws IOException {
        Path file = filesOf(shop).getFirst();
        Files.delete(file);
        Files.createDirectory(file);
        return Files.createFile(file.resolve("something")).getParent();
    }

    private List<Path> filesOf(String shop) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("shop=" + shop))) {
            return files.toList();
        }
    }

    private static WriteRequest append() {
        return new WriteRequest(ROWS, List.of(), WriteKind.APPEND, SchemaChange.NONE);
    }

    private TableLog log() {
        return new KernelTableLog(directory);
    }

    private TableSnapshot latest() {
        return log().latest().orElseThrow();
    }

    private static List<AddFile> files(TableSnapshot table) {
        return new ArrayList<>(table.files(FileFilter.everything()));
    }

    private TableTarget target(WriteKind kind) {
        return open(log(), new WriteRequest(ROWS, List.of(), kind, SchemaChange.NONE));
    }

    private TableTarget open(TableLog log, WriteRequest request) {
        TableTarget target =
                new TableTarget(directory, log, request, ParquetWriteOptions.DEFAULT, CLOCK, UUID::randomUUID);
        targets.add(target);
        return target;
    }

    private DeltaStreamingSink sink(OutputKind kind) {
        return sink(log(), kind);
    }

    private DeltaStreamingSink sink(TableLog log, OutputKind kind) {
        return sink(log, kind, SinkId.of("query-1"));
    }

    private DeltaStreamingSink sink(TableLog log, OutputKind kind, SinkId id) {
        WriteKind write = kind == OutputKind.COMPLETE ? WriteKind.OVERWRITE : WriteKind.APPEND;
        StreamWriteRequest query = new StreamWriteRequest(
                "query-1", id, Optional.empty(), ROWS, kind, List.of(), directory, new TemporaryTables());
        TableTarget target = open(log, new WriteRequest(ROWS, List.of(), write, SchemaChange.NONE));
        AutoCompaction none = new AutoCompaction(
                true, Optional.of(false), OptionalInt.empty(), OptionalLong.empty(), Optional.empty());
        return new DeltaStreamingSink(
                target, query, new Compactor(target, none, Map.of(), new ParquetFooters(), System::nanoTime));
    }

    private static SinkBatch begin(TableTarget target) {
        return target.begin(Optional.empty(), Operations.info("WRITE", Map.of("mode", "test"), target));
    }

    @SafeVarargs
    private void write(TableTarget target, List<@Nullable Object>... rows) {
        try (SinkBatch batch = begin(target)) {
            fill(batch, 0, rows);
            batch.commit();
        }
    }

    @SafeVarargs
    private void writeBatch(DeltaStreamingSink sink, long batchId, List<@Nullable Object>... rows) {
        try (SinkBatch batch = sink.begin(batchId)) {
            fill(batch, 0, rows);
            batch.commit();
        }
    }

    @SafeVarargs
    private void fill(SinkBatch batch, int task, List<@Nullable Object>... rows) {
        try (SinkBatch.TaskWriter writer = batch.openTask(task)) {
            chunk(writer::write, rows);
        }
    }

    @SafeVarargs
    private void chunk(Consumer<Chunk> to, List<@Nullable Object>... rows) {
        try (ChunkBuilder builder = new ChunkBuilder(ROWS, allocator)) {
            for (List<@Nullable Object> row : rows) {
                builder.add(row);
            }
            try (Chunk chunk = builder.build()) {
                to.accept(chunk);
            }
        }
    }

    private static List<@Nullable Object> row(long id, @Nullable String shop) {
        return Arrays.asList(id, shop == null ? null : Slice.utf8(shop));
    }

    private void changeMetadata(TableMetadata old, StructType schema, Map<String, String> configuration) {
        TableMetadata changed = new TableMetadata(
                old.id(),
                old.name(),
                old.description(),
                schema,
                old.partitionColumns(),
                configuration,
                old.createdTimeMillis());
        assertEquals(
                new CommitOutcome.Committed(1),
                log().commit(new Commit(0, new ReadSet.WholeTable(), testInfo(), List.of(changed))));
    }

    private static CommitInfo testInfo() {
        return new CommitInfo(
                0, "test", Map.of(), OptionalLong.empty(), false, Map.of(), Optional.empty(), Optional.of("test-1"));
    }

    private long dataFiles() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".parquet")
                            && !file.toString().contains("_delta_log"))
                    .count();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    /// Writes the first commit, then can't be reached.
    private record DarkStore(Path log) implements CommitStore {
        @Override
        public String fileOf(long version) {
            return log.resolve(LocalCommitStore.fileName(version)).toString();
        }

        @Override
        public Optional<byte[]> read(long version) throws IOException {
            throw new IOException("disk away");
        }

        @Override
        public boolean exists(long version) throws IOException {
            throw new IOException("disk away");
        }

        @Override
        public Put putIfAbsent(long version, byte[] bytes) throws IOException {
            new LocalCommitStore(log).putIfAbsent(version, bytes);
            throw new IOException("disk away");
        }
    }
}
