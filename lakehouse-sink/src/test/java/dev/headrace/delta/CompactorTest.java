package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.SinkId;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamWriteRequest.OutputKind;
import dev.headrace.connector.TemporaryTables;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.RemoveFile;
import dev.headrace.delta.log.SetTransaction;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of a stream that appends, put together between its batches.
class CompactorTest {
    private static final StructType ROWS = StructType.fromDDL("id bigint, shop string");
    private static final int BATCHES = 400;
    private static final Duration ANY = Duration.ofHours(1);

    @TempDir
    private Path directory;

    private final BufferAllocator allocator = new RootAllocator();
    private final AtomicLong nanos = new AtomicLong();
    private final List<DeltaStreamingSink> sinks = new ArrayList<>();
    private Map<String, String> properties = Map.of();
    private List<String> partitionBy = List.of();
    private Optional<Duration> budget = Optional.empty();

    @AfterEach
    void nothingLeaks() {
        sinks.forEach(DeltaStreamingSink::close);
        allocator.close();
    }

    /// Time stands still here, so each call does all that is due. A batch has as much work behind it in the end as in
    /// the beginning, but for the levels.
    @Test
    void manyBatchesLeaveFewFilesForLittleWork() {
        properties = Map.of("delta.checkpointInterval", "10000");
        CountingLog log = new CountingLog(log());
        DeltaStreamingSink sink = sink(log, "query");
        for (int batch = 0; batch < BATCHES; batch++) {
            write(sink, batch, "a", batch);
            sink.maintain(ANY, () -> false);
            if (batch == 0) {
                log.reads = 0;
            }
        }

        assertEquals(0, log.reads, "nobody else writes: what there is need not be read");
        List<AddFile> live = files();
        assertTrue(live.size() <= 3 * 15, live.size() + " files");
        assertEquals(ids(0, BATCHES), idsInTable());
        Work work = work();
        assertTrue(work.rows <= 2 * BATCHES, work.rows + " rows written anew");
        assertTrue(work.commits <= BATCHES / 15, work.commits + " commits");
        assertEquals(16, work.filesPerCommit);
    }

    /// What compactions have done.
    private record Work(long rows, int commits, long filesPerCommit) {}

    private Work work() {
        long rows = 0;
        int commits = 0;
        long most = 0;
        for (List<Action> actions : optimizations()) {
            commits++;
            most = Math.max(
                    most, actions.stream().filter(RemoveFile.class::isInstance).count());
            for (Action action : actions) {
                if (action instanceof AddFile file) {
                    rows += rowsOf(file);
                }
            }
        }
        return new Work(rows, commits, most);
    }

    @Test
    void aCommitOfItsOwnChangesNoRow() {
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 16);
        sink.maintain(ANY, () -> false);

        assertEquals(1, files().size());
        List<Action> actions = optimizations().getFirst();
        assertTrue(
                actions.stream().allMatch(action -> switch (action) {
                    case AddFile file -> !file.dataChange();
                    case RemoveFile file -> !file.dataChange();
                    default -> action instanceof CommitInfo;
                }),
                actions.toString());
        CommitInfo info = infoOf(actions);
        assertEquals(Map.of("auto", "true", "queryId", "query"), info.parameters());
        assertEquals(16, info.metrics().get("numRemovedFiles"));
        assertEquals(1, info.metrics().get("numAddedFiles"));
        assertEquals(files().getFirst().size(), info.metrics().get("numAddedBytes"));
        assertEquals(
                "{\"numRecords\":16,\"minValues\":{\"id\":0,\"shop\":\"a\"},\"maxValues\":{\"id\":15,\"shop\":\"a\"},"
                        + "\"nullCount\":{\"id\":0,\"shop\":0}}",
                files().getFirst().stats().orElseThrow());
        assertEquals(OptionalLong.of(15), log().latest().orElseThrow().lastTransaction("query"));
    }

    @Test
    void whatDoesNotFitIntoTheTimeGoesOnBehindTheNextBatch() {
        budget = Optional.of(Duration.ofMillis(5));
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 16);
        // Each look at the clock takes a millisecond, and there is one after each chunk.
        ticking = true;
        int batch = 16;
        int pieces = 0;
        while (optimizations().isEmpty()) {
            write(sink, batch, "a", batch);
            batch++;
            sink.maintain(Duration.ZERO, () -> false);
            pieces++;
        }
        ticking = false;

        assertTrue(pieces > 2, pieces + " pieces");
        assertEquals(17, infoOf(optimizations().getFirst()).metrics().get("numRemovedFiles"));
        assertEquals(pieces, files().size());
        assertEquals(ids(0, batch), idsInTable());
    }

    private boolean ticking;

    private long nanoTime() {
        return ticking ? nanos.addAndGet(1_000_000) : nanos.get();
    }

    @Test
    void itEndsWhenTheQueryStops() {
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 16);

        sink.maintain(ANY, () -> true);

        assertEquals(List.of(), optimizations());
    }

    @Test
    void whatIsHalfDoneWhenTheQueryEndsLeavesNoFile() throws IOException {
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 16);
        int[] asked = {0};
        sink.maintain(ANY, () -> asked[0]++ == 3);
        assertEquals(17, dataFiles());

        sink.close();

        assertEquals(16, dataFiles());
        assertEquals(ids(0, 16), idsInTable());
    }

    @Test
    void aProcessThatEndsHalfWayLeavesAFileThatNothingNames() throws IOException {
        DeltaStreamingSink killed = sink(log(), "query");
        appendMany(killed, 0, 16);
        int[] asked = {0};
        killed.maintain(ANY, () -> asked[0]++ == 3);
        DeltaStreamingSink restarted = sink(log(), "query");
        write(restarted, 15, "a", 15);
        write(restarted, 16, "a", 16);
        restarted.maintain(ANY, () -> false);

        assertEquals(1, files().size());
        assertEquals(19, dataFiles());
        assertEquals(ids(0, 17), idsInTable());
    }

    @Test
    void anotherQueryGoesOnWhereOneHasEnded() {
        try (DeltaStreamingSink first = sink(log(), "first")) {
            appendMany(first, 0, 15);
        }
        DeltaStreamingSink second = sink(log(), "second");
        appendMany(second, 15, 16);
        second.maintain(ANY, () -> false);

        assertEquals(1, files().size());
        assertEquals(ids(0, 16), idsInTable());
    }

    @Test
    void rowsThatAnotherWriterAddsMeanwhileStay() {
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 16);
        DeltaStreamingSink other = sink(log(), "other");
        write(other, 0, "b", 100);

        sink.maintain(ANY, () -> false);
        write(other, 1, "b", 101);
        write(sink, 16, "a", 16);
        sink.maintain(ANY, () -> false);

        assertEquals(1, optimizations().size());
        assertEquals(Set.of(0L, 15L, 16L, 100L, 101L), some(0, 15, 16, 100, 101));
        assertEquals(19, idsInTable().size());
    }

    private Set<Long> some(long... wanted) {
        Set<Long> all = Set.copyOf(idsInTable());
        return LongStream.of(wanted).boxed().filter(all::contains).collect(Collectors.toSet());
    }

    @Test
    void rowsThatAnotherWriterRemovesMeanwhileDoNotComeBack() throws IOException {
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 16);
        int[] asked = {0};
        sink.maintain(ANY, () -> asked[0]++ == 3);
        remove(files().stream()
                .filter(file -> file.stats().orElseThrow().contains("{\"id\":7,"))
                .toList());

        sink.maintain(ANY, () -> false);

        assertEquals(List.of(), optimizations());
        assertEquals(15, files().size());
        assertEquals(16, dataFiles(), "what was written is deleted");
        sink.maintain(ANY, () -> false);
        assertEquals(List.of(), optimizations(), "it waits for the next batch");

        write(sink, 16, "a", 16);
        sink.maintain(ANY, () -> false);
        List<Long> expected = new ArrayList<>(ids(0, 17));
        expected.remove(7L);
        assertEquals(1, files().size());
        assertEquals(expected, idsInTable());
    }

    @Test
    void rowsThatAnotherWriterHasRemovedBeforeTheLastBatchDoNotComeBack() {
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 15);
        sink.maintain(ANY, () -> false);
        remove(files().subList(0, 1));
        List<Long> left = idsInTable();

        write(sink, 15, "a", 15);
        write(sink, 16, "a", 16);
        sink.maintain(ANY, () -> false);

        assertEquals(1, optimizations().size());
        assertEquals(Stream.concat(left.stream(), Stream.of(15L, 16L)).toList(), idsInTable());
    }

    /// The writer has read the table again, without a write of its own: another driver has committed its batch.
    @Test
    void whatTheWriterHasReadBesidesIsSeen() throws IOException {
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 16);
        int[] asked = {0};
        sink.maintain(ANY, () -> asked[0]++ == 3);
        remove(files().stream()
                .filter(file -> file.stats().orElseThrow().contains("{\"id\":7,"))
                .toList());
        commit(16, List.of(new SetTransaction("query", 16, 0)));
        write(sink, 16, "a", 16);

        sink.maintain(ANY, () -> false);

        List<Long> expected = new ArrayList<>(ids(0, 16));
        expected.remove(7L);
        assertEquals(expected, idsInTable());
        assertEquals(List.of(), optimizations());
        assertEquals(16, dataFiles(), "what was written is deleted");
        appendMany(sink, 17, 18);
        sink.maintain(ANY, () -> false);
        expected.add(17L);
        assertEquals(1, files().size());
        assertEquals(expected, idsInTable());
    }

    /// Before they are compressed, rows seem to be a file each. Files that were made of several would be as small
    /// again.
    @Test
    void smallFilesBecomeOneHoweverLargeItSeems() {
        properties = Map.of("delta.targetFileSize", "64kb");
        DeltaStreamingSink sink = sink(log(), "query");
        for (int batch = 0; batch < 16; batch++) {
            write(sink, batch, ("" + batch).repeat(70_000), batch);
        }
        assertTrue(files().stream().allMatch(file -> file.size() < 65_536 / 16), () -> files().toString());
        int[] asked = {0};
        sink.maintain(ANY, () -> asked[0]++ > 1_000);

        assertEquals(1, optimizations().size());
        assertEquals(1, files().size());
        assertEquals(ids(0, 16), idsInTable());
    }

    @Test
    void aBudgetOfNothingIsANo() {
        budget = Optional.of(Duration.ZERO);
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 16);
        sink.maintain(ANY, () -> false);

        assertEquals(List.of(), optimizations());
        WriteBase table = new WriteBase(15, log().latest().orElseThrow().metadata(), Protocol.BASIC, Optional.empty());
        assertFalse(settings().appliesTo(table));
        budget = Optional.of(Duration.ofMillis(1));
        assertTrue(settings().appliesTo(table));
    }

    @Test
    void aChangedTableIsReadAnew() {
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 16);
        int[] asked = {0};
        sink.maintain(ANY, () -> asked[0]++ == 3);
        TableSnapshot now = log().latest().orElseThrow();
        commit(now.version(), List.of(now.metadata().withConfiguration(Map.of("owner", "me"))));

        sink.maintain(ANY, () -> false);
        assertEquals(List.of(), optimizations());

        write(sink, 16, "a", 16);
        sink.maintain(ANY, () -> false);
        assertEquals(1, files().size());
        assertEquals(
                Map.of("owner", "me"), log().latest().orElseThrow().metadata().configuration());
        assertEquals(ids(0, 17), idsInTable());
    }

    @Test
    void theTableMayForbidIt() {
        properties = Map.of("delta.autoOptimize.autoCompact", "false");
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 20);
        sink.maintain(ANY, () -> false);

        assertEquals(20, files().size());
    }

    @Test
    void theTableMayForbidItWhileTheQueryRuns() {
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 10);
        TableSnapshot now = log().latest().orElseThrow();
        Map<String, String> forbidden = new HashMap<>(now.metadata().configuration());
        forbidden.put("delta.autoOptimize.autoCompact", "false");
        commit(now.version(), List.of(now.metadata().withConfiguration(forbidden)));
        appendMany(sink, 10, 20);
        sink.maintain(ANY, () -> false);

        assertEquals(20, files().size());
    }

    @Test
    void partitionsAreApart() {
        partitionBy = List.of("shop");
        DeltaStreamingSink sink = sink(log(), "query");
        for (int batch = 0; batch < 16; batch++) {
            write(sink, batch, batch % 2 == 0 ? "a" : "b", batch);
        }
        sink.maintain(ANY, () -> false);
        assertEquals(16, files().size());

        for (int batch = 16; batch < 32; batch++) {
            write(sink, batch, "a", batch);
        }
        sink.maintain(ANY, () -> false);

        assertEquals(9, files().size());
        assertEquals(
                Set.of("a=1", "b=8"),
                files().stream()
                        .collect(Collectors.groupingBy(
                                file -> "" + file.partitionValues().get("shop"), Collectors.counting()))
                        .entrySet()
                        .stream()
                        .map(Object::toString)
                        .collect(Collectors.toSet()));
        assertEquals(ids(0, 32), idsInTable());
    }

    @Test
    void filesGrowToTheSizeThatTheTableSays() {
        properties = Map.of("delta.targetFileSize", "4kb");
        DeltaStreamingSink sink = sink(log(), "query");
        for (int batch = 0; batch < 60; batch++) {
            write(sink, batch, "a", batch);
            sink.maintain(ANY, () -> false);
        }

        long whole = files().stream().filter(file -> file.size() >= 2_048).count();
        assertTrue(files().stream().allMatch(file -> file.size() <= 6_000), files().toString());
        assertTrue(files().size() - whole < 16, files().toString());
        assertEquals(ids(0, 60), idsInTable());
    }

    @Test
    void aFileThatCanNotBeReadIsLeftAlone() throws IOException {
        DeltaStreamingSink sink = sink(log(), "query");
        appendMany(sink, 0, 16);
        Path lost = DataFile.resolve(directory, files().getFirst().path());
        Path kept = Files.move(lost, lost.resolveSibling("kept"));
        sink.maintain(ANY, () -> false);
        assertEquals(List.of(), optimizations());
        Files.move(kept, lost);

        appendMany(sink, 16, 31);
        sink.maintain(ANY, () -> false);
        assertEquals(List.of(), optimizations(), "the sixteen are not tried again");
        appendMany(sink, 31, 32);
        sink.maintain(ANY, () -> false);
        assertEquals(17, files().size());
        assertEquals(ids(0, 32), idsInTable());
    }

    private DeltaStreamingSink sink(TableLog log, String queryId) {
        WriteRequest request =
                new WriteRequest(ROWS, partitionBy, WriteKind.APPEND, SchemaChange.NONE).withProperties(properties);
        TableTarget target = new TableTarget(
                directory, log, request, ParquetWriteOptions.DEFAULT, Clock.systemUTC(), UUID::randomUUID);
        StreamWriteRequest query = new StreamWriteRequest(
                queryId,
                SinkId.of(queryId),
                Optional.empty(),
                ROWS,
                OutputKind.APPEND,
                List.of(),
                directory,
                new TemporaryTables());
        Compactor compactor =
                new Compactor(target, settings(), Map.of("queryId", queryId), new ParquetFooters(), this::nanoTime);
        DeltaStreamingSink sink = new DeltaStreamingSink(target, query, compactor);
        sinks.add(sink);
        return sink;
    }

    private AutoCompaction settings() {
        return new AutoCompaction(true, Optional.empty(), OptionalInt.empty(), OptionalLong.empty(), budget);
    }

    private TableLog log() {
        return new KernelTableLog(directory);
    }

    private void appendMany(DeltaStreamingSink sink, int from, int to) {
        for (int batch = from; batch < to; batch++) {
            write(sink, batch, "a", batch);
        }
    }

    private void write(DeltaStreamingSink sink, long batchId, String shop, long id) {
        try (SinkBatch batch = sink.begin(batchId)) {
            try (SinkBatch.TaskWriter task = batch.openTask(0);
                    ChunkBuilder rows = new ChunkBuilder(ROWS, allocator)) {
                rows.add(List.of(id, Slice.utf8(shop)));
                try (Chunk chunk = rows.build()) {
                    task.write(chunk);
                }
            }
            batch.commit();
        }
    }

    private void remove(List<AddFile> files) {
        commit(
                log().latest().orElseThrow().version(),
                files.stream().map(file -> file.remove(0)).toList());
    }

    private void commit(long on, List<? extends Action> actions) {
        CommitInfo info = new CommitInfo(
                0,
                "OTHER",
                Map.of(),
                OptionalLong.of(on),
                false,
                Map.of(),
                Optional.empty(),
                Optional.of("" + UUID.randomUUID()));
        log().commit(new Commit(on, new ReadSet.Nothing(), info, List.copyOf(actions)));
    }

    private List<AddFile> files() {
        return log().latest().orElseThrow().files(FileFilter.everything());
    }

    private long dataFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        }
    }

    /// The commits that put files together.
    private List<List<Action>> optimizations() {
        long last = log().latest().orElseThrow().version();
        return LongStream.rangeClosed(0, last)
                .mapToObj(version -> log().commitOf(version).orElseThrow())
                .filter(actions -> infoOf(actions).operation().equals("OPTIMIZE"))
                .toList();
    }

    private static CommitInfo infoOf(List<Action> actions) {
        return actions.stream()
                .filter(CommitInfo.class::isInstance)
                .map(CommitInfo.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static long rowsOf(AddFile file) {
        return Long.parseLong(file.stats().orElseThrow().replaceAll("^\\D*(\\d+).*", "$1"));
    }

    private static List<Long> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(id -> (long) id).toList();
    }

    private List<Long> idsInTable() {
        try {
            return KernelReader.read(directory).stream()
                    .map(row -> (Long) Objects.requireNonNull(row.getFirst()))
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
