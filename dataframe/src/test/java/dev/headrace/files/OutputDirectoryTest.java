package dev.headrace.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.SessionSettings;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutputDirectoryTest {
    private static final StructType SCHEMA = StructType.fromDDL("id int, shop string, day date");

    @TempDir
    Path root;

    private final RootAllocator allocator = new RootAllocator();

    @AfterEach
    void noMemoryIsLeft() {
        allocator.close();
    }

    @Test
    void aNewDirectoryAppearsWithAllItsFilesAtTheCommit() throws IOException {
        try (SinkBatch batch = begin(SaveMode.ERROR_IF_EXISTS)) {
            write(batch, 0, row(1, "a", 0));
            write(batch, 1, row(2, "b", 0));

            assertFalse(Files.exists(root.resolve("out")));

            Map<String, Long> written = batch.commit();

            assertEquals(2, written.get("numOutputRows"));
            assertEquals(2, written.get("numFiles"));
            assertEquals(12, written.get("bytesWritten"));
        }
        assertEquals(List.of("1,a,0", "2,b,0"), lines());
        assertTrue(Files.exists(root.resolve("out/_SUCCESS")));
        assertNothingElseIsLeft();
    }

    @Test
    void withoutACommitNothingIsLeft() throws IOException {
        try (SinkBatch batch = begin(SaveMode.ERROR_IF_EXISTS)) {
            write(batch, 0, row(1, "a", 0));
        }
        try (Stream<Path> left = Files.list(root)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aPartThatIsGivenUpLeavesNoFile() throws IOException {
        save(SaveMode.ERROR_IF_EXISTS, row(1, "a", 0));
        try (SinkBatch batch = begin(SaveMode.APPEND, "shop");
                ChunkBuilder builder = new ChunkBuilder(SCHEMA, allocator)) {
            builder.add(row(2, "b", 0));
            builder.add(row(3, "c", 0));
            TaskWriter task = batch.openTask(0);
            try (Chunk chunk = builder.build()) {
                task.write(chunk);
            }
            assertEquals(2, staged());

            task.abort();

            assertEquals(0, staged());
        }
    }

    private long staged() throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve("out/_temporary"))) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void appendedRowsJoinThoseThatAreThere() throws IOException {
        save(SaveMode.ERROR_IF_EXISTS, row(1, "a", 0));
        try (SinkBatch given = begin(SaveMode.APPEND)) {
            write(given, 0, row(9, "x", 0));
        }
        save(SaveMode.APPEND, row(2, "b", 0));

        assertEquals(List.of("1,a,0", "2,b,0"), lines());
        assertNothingElseIsLeft();
    }

    @Test
    void overwritingReplacesTheWholeDirectory() throws IOException {
        save(SaveMode.OVERWRITE, row(1, "a", 0));
        save(SaveMode.OVERWRITE, row(2, "b", 0));

        assertEquals(List.of("2,b,0"), lines());
        assertNothingElseIsLeft();
    }

    /// It may be all that there is of the directory, or what another write has just moved aside.
    @ParameterizedTest
    @EnumSource(SaveMode.class)
    void whatAKilledOverwriteHasMovedAsideStays(SaveMode mode) throws IOException {
        Path left = Files.createDirectories(root.resolve(".out.replaced-" + UUID.randomUUID() + "/day=1"));
        Files.writeString(left.resolve("part-00000"), "0,z,0");

        save(mode, row(2, "b", 0));

        assertEquals(List.of("2,b,0"), lines());
        assertEquals("0,z,0", Files.readString(left.resolve("part-00000")));
    }

    @Test
    void anOverwriteWhoseOldFilesStayIsDone() throws IOException {
        save(SaveMode.OVERWRITE, row(1, "a", 0));
        // As long as the system allows, so that it is too long under the name of what is replaced.
        Path deep = root.resolve("out");
        for (int left = longest(deep); left > 0; left = longest(deep)) {
            deep = deep.resolve("d".repeat(left > 250 ? 200 : left - 1));
        }
        Files.createDirectories(deep);

        save(SaveMode.OVERWRITE, row(2, "b", 0));

        assertEquals(List.of("2,b,0"), lines());
        String left = names(root).stream()
                .filter(name -> name.startsWith(".out.replaced-"))
                .findFirst()
                .orElseThrow();
        Files.move(root.resolve(left), root.resolve("x"));
    }

    private static int longest(Path above) {
        return 4_085 - above.toString().length();
    }

    /// Whether its directory is there or not yet.
    @Test
    void aSymbolicLinkStaysAndItsDirectoryIsWritten() throws IOException {
        Path directory = root.resolve("elsewhere/d");
        Files.createDirectories(directory.getParent());
        Path link = Files.createSymbolicLink(root.resolve("out"), Path.of("elsewhere/d"));
        for (SaveMode mode : List.of(SaveMode.ERROR_IF_EXISTS, SaveMode.OVERWRITE, SaveMode.OVERWRITE)) {
            save(mode, row(mode.ordinal(), "a", 0));

            assertTrue(Files.isSymbolicLink(link));
            assertEquals(List.of(mode.ordinal() + ",a,0"), lines());
        }
        save(SaveMode.APPEND, row(9, "a", 0));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(2, lines().size());
        try (Stream<Path> beside = Files.list(directory.getParent())) {
            assertEquals(List.of(directory), beside.toList());
        }
    }

    @Test
    void aLinkBelowALinkIsFollowedFromWhereItReallyIs() throws IOException {
        Path release = Files.createDirectories(root.resolve("releases/v1"));
        Files.createDirectory(root.resolve("releases/shared"));
        Files.createSymbolicLink(root.resolve("current"), release);
        Files.createSymbolicLink(release.resolve("out"), Path.of("../shared/out"));
        assertEquals(
                root.toRealPath().resolve("releases/shared/../shared/out").normalize(),
                OutputDirectory.behindLinks(root.resolve("current/out")).normalize());
    }

    @Test
    void aTaskThatIsRunAgainReplacesItsFile() throws IOException {
        try (SinkBatch batch = begin(SaveMode.ERROR_IF_EXISTS)) {
            write(batch, 0, row(1, "a", 0));
            write(batch, 0, row(1, "b", 0));
            batch.commit();
        }
        assertEquals(List.of("1,b,0"), lines());
    }

    @Test
    void anExistingTargetIsAnErrorOrIgnored() throws IOException {
        save(SaveMode.ERROR_IF_EXISTS, row(1, "a", 0));
        save(SaveMode.IGNORE, row(2, "b", 0));

        QueryException error = assertThrows(QueryException.class, () -> begin(SaveMode.ERROR_IF_EXISTS));

        assertEquals(
                "[PATH_ALREADY_EXISTS] '" + root + "/out' exists. Choose mode(\"overwrite\"), mode(\"append\") or "
                        + "mode(\"ignore\"), or another path.",
                error.getMessage());
        assertEquals(List.of("1,a,0"), lines());
    }

    @Test
    void ofTwoWritersOfOneNewDirectoryOneWins() throws IOException {
        try (SinkBatch first = begin(SaveMode.ERROR_IF_EXISTS);
                SinkBatch second = begin(SaveMode.ERROR_IF_EXISTS)) {
            write(first, 0, row(1, "a", 0));
            write(second, 0, row(2, "b", 0));
            first.commit();

            assertEquals(
                    "PATH_ALREADY_EXISTS",
                    assertThrows(QueryException.class, second::commit).code());
        }
        assertEquals(List.of("1,a,0"), lines());
        assertNothingElseIsLeft();
    }

    @Test
    void bothOfTwoFirstAppendsKeepTheirRows() throws IOException {
        try (SinkBatch first = begin(SaveMode.APPEND);
                SinkBatch second = begin(SaveMode.APPEND)) {
            write(first, 0, row(1, "a", 0));
            write(second, 0, row(2, "b", 0));
            first.commit();
            second.commit();
        }
        assertEquals(List.of("1,a,0", "2,b,0"), lines());
        assertTrue(Files.exists(root.resolve("out/_SUCCESS")));
        assertNothingElseIsLeft();
    }

    @Test
    void ofTwoThatWouldRatherNotFindADirectoryTheSecondDoesNothing() throws IOException {
        try (SinkBatch first = begin(SaveMode.IGNORE);
                SinkBatch second = begin(SaveMode.IGNORE)) {
            write(first, 0, row(1, "a", 0));
            write(second, 0, row(2, "b", 0));
            first.commit();

            assertEquals(Map.of("numOutputRows", 0L), second.commit());
        }
        assertEquals(List.of("1,a,0"), lines());
        assertNothingElseIsLeft();
    }

    @Test
    void theNextWritePutsBackWhatAKilledOneMovedAside() throws IOException {
        save(SaveMode.APPEND, row(1, "a", 0));
        killedBetweenTheMovesOfShopB();

        save(SaveMode.APPEND, row(3, "c", 0));

        assertEquals(List.of("part.txt"), names(root.resolve("out/shop=b")));
        assertNothingElseIsLeft();
    }

    @Test
    void aWriteThatHadBegunBeforePutsItBackToo() throws IOException {
        save(SaveMode.APPEND, row(1, "a", 0));
        try (SinkBatch batch = begin(SaveMode.APPEND, "shop")) {
            write(batch, 0, row(3, "b", 0));
            killedBetweenTheMovesOfShopB();
            batch.commit();
        }
        assertEquals(2, names(root.resolve("out/shop=b")).size());
        assertNothingElseIsLeft();
    }

    private void killedBetweenTheMovesOfShopB() throws IOException {
        Path staging = root.resolve("out/_temporary/x");
        Path aside = staging.resolve("_replaced/shop=b/_rows");
        Files.createDirectories(aside);
        Files.writeString(aside.resolve("part.txt"), "2,1\n");
        Files.createDirectories(staging.resolve("shop=b"));
        Files.createFile(staging.resolve(".lock"));
    }

    @Test
    void anInterruptDoesNotMakeACommitFailThatIsDone() throws IOException {
        save(SaveMode.APPEND, row(1, "a", 0));
        try (SinkBatch batch = begin(SaveMode.OVERWRITE)) {
            write(batch, 0, row(2, "b", 0));
            Thread.currentThread().interrupt();
            batch.commit();
        }
        assertTrue(Thread.interrupted());
        assertEquals(List.of("2,b,0"), lines());
        assertNothingElseIsLeft();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void partitionColumnsBecomeDirectories() throws IOException {
        try (SinkBatch batch = begin(SaveMode.ERROR_IF_EXISTS, "day", "SHOP")) {
            write(batch, 0, row(1, "a", 0), row(2, "b/c", 1), row(3, null, 0), row(4, "a", 0));
            batch.commit();
        }
        List<String> files = new ArrayList<>();
        for (InputFile file : InputFiles.list(List.of(root + "/out"))) {
            files.add(file.partition() + " " + Files.readAllLines(file.path()));
        }
        assertEquals(
                List.of(
                        "{day=Optional[1970-01-01], shop=Optional.empty} [3]",
                        "{day=Optional[1970-01-01], shop=Optional[a]} [1, 4]",
                        "{day=Optional[1970-01-02], shop=Optional[b/c]} [2]"),
                files);
    }

    /// In an order in which rows of a directory never follow each other, and so many that they are dealt out twice.
    @Test
    void aTaskHasFewFilesOpenAndWritesOneToADirectory() throws IOException {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger mostOpen = new AtomicInteger();
        PartFiles counted = (file, schema) -> {
            mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
            return new LineWriter(file, open::decrementAndGet);
        };
        PartitionedSchema schema = PartitionedSchema.of(SCHEMA, options("shop"));
        AtomicLong rows = new AtomicLong();
        TaskWriter writer = new PartitionedWriter(
                root.resolve("out"),
                new PartName("part-0", "", "txt"),
                schema,
                new FileOutput("txt", counted),
                rows,
                2,
                0);
        for (int round = 0; round < 2; round++) {
            try (ChunkBuilder builder = new ChunkBuilder(SCHEMA, allocator)) {
                for (int shop = 0; shop < 100; shop++) {
                    builder.add(row(round, "s" + shop, shop));
                }
                try (Chunk chunk = builder.build()) {
                    writer.write(chunk);
                }
            }
        }
        writer.close();

        assertEquals(200, rows.get());
        assertEquals(0, open.get());
        assertEquals(2, mostOpen.get());
        List<InputFile> files = InputFiles.list(List.of(root + "/out"));
        assertEquals(100, files.size());
        for (InputFile file : files) {
            String day = file.partition().get("shop").orElseThrow().substring(1);
            assertEquals(List.of("0," + day, "1," + day), Files.readAllLines(file.path()));
        }
        assertEquals(100, OutputDirectory.filesBelow(root).size());
    }

    @Test
    void aTaskThatIsGivenUpWhileRowsWaitLeavesNothing() throws IOException {
        save(SaveMode.ERROR_IF_EXISTS, row(1, "a", 0));
        try (SinkBatch batch = begin(SaveMode.APPEND, "shop");
                ChunkBuilder builder = new ChunkBuilder(SCHEMA, allocator)) {
            for (int shop = 0; shop < 100; shop++) {
                builder.add(row(shop, "s" + shop, shop));
            }
            TaskWriter writer = batch.openTask(0);
            try (Chunk chunk = builder.build()) {
                writer.write(chunk);
            }
            Cancellation query = new Cancellation();
            query.cancel();
            query.within(() -> assertThrows(QueryCancelledException.class, writer::close));
            writer.abort();

            assertEquals(0, staged());
        }
    }

    @Test
    void aTaskThatFailsWhenItWritesRowsThatWaitedLeavesNothing() throws IOException {
        AtomicInteger begun = new AtomicInteger();
        PartFiles failing = (file, schema) -> {
            if (begun.incrementAndGet() > 50) {
                throw new IllegalStateException("the disk is full");
            }
            return new LineWriter(file, () -> {});
        };
        PartitionedSchema schema = PartitionedSchema.of(SCHEMA, options("shop"));
        TaskWriter writer = new PartitionedWriter(
                root.resolve("out"),
                new PartName("part-0", "", "txt"),
                schema,
                new FileOutput("txt", failing),
                new AtomicLong(),
                2,
                0);
        try (ChunkBuilder builder = new ChunkBuilder(SCHEMA, allocator)) {
            for (int shop = 0; shop < 100; shop++) {
                builder.add(row(0, "s" + shop, shop));
            }
            try (Chunk chunk = builder.build()) {
                writer.write(chunk);
            }
        }
        assertThrows(IllegalStateException.class, writer::close);

        writer.abort();

        assertEquals(List.of(), OutputDirectory.filesBelow(root));
    }

    @Test
    void rowsThatAreTooManyForAFileGoToTheNext() throws IOException {
        FileOutput output = new FileOutput("txt", (file, schema) -> new LineWriter(file, () -> {})).withMostRows(2);
        try (SinkBatch batch = begin(SaveMode.ERROR_IF_EXISTS, output, "shop")) {
            write(batch, 0, row(1, "a", 0), row(2, "b", 0), row(3, "a", 0), row(4, "a", 0), row(5, "a", 0));
            write(batch, 1, row(6, "a", 0), row(7, "a", 0));

            assertEquals(Map.of("numOutputRows", 7L, "numFiles", 4L, "bytesWritten", 28L), batch.commit());
        }
        List<String> files = new ArrayList<>();
        for (InputFile file : InputFiles.list(List.of(root + "/out"))) {
            String name = file.path().getFileName().toString();
            files.add(file.partition() + " " + name.replaceAll("-[^.]*", "") + " " + Files.readAllLines(file.path()));
        }
        assertEquals(
                List.of(
                        "{shop=Optional[a]} part.c000.txt [1,0, 3,0]",
                        "{shop=Optional[a]} part.c001.txt [4,0, 5,0]",
                        "{shop=Optional[a]} part.c000.txt [6,0, 7,0]",
                        "{shop=Optional[b]} part.c000.txt [2,0]"),
                files);
    }

    @Test
    void allFilesOfATaskThatIsGivenUpAreGone() throws IOException {
        AtomicInteger begun = new AtomicInteger();
        PartFiles failing = (file, schema) -> {
            if (begun.incrementAndGet() == 3) {
                throw new IllegalStateException("the disk is full");
            }
            return new LineWriter(file, () -> {});
        };
        TaskWriter writer = new PartWriter(
                root.resolve("out"),
                new PartName("part-0", "", "txt"),
                SCHEMA,
                new FileOutput("txt", failing, 1),
                new AtomicLong());
        try (ChunkBuilder builder = new ChunkBuilder(SCHEMA, allocator)) {
            for (int id = 0; id < 3; id++) {
                builder.add(row(id, "a", 0));
            }
            try (Chunk chunk = builder.build()) {
                assertThrows(IllegalStateException.class, () -> writer.write(chunk));
            }
        }
        assertEquals(2, OutputDirectory.filesBelow(root).size());

        writer.abort();

        assertEquals(List.of(), OutputDirectory.filesBelow(root));
    }

    @Test
    void partitionColumnsMustExistAndLeaveSomething() {
        assertEquals(
                "[UNRESOLVED_COLUMN] partitionBy: 'shopp' is not a column of the rows to write (id, shop, day). Did you "
                        + "mean 'shop'?",
                assertThrows(QueryException.class, () -> begin(SaveMode.APPEND, "shopp"))
                        .getMessage());
        assertEquals(
                "[ALL_COLUMNS_PARTITIONED] partitionBy names all columns (id, shop, day), so the files would hold nothing. "
                        + "Leave at least one out.",
                assertThrows(QueryException.class, () -> begin(SaveMode.APPEND, "id", "shop", "day"))
                        .getMessage());
    }

    private void save(SaveMode mode, List<Object> row) {
        try (SinkBatch batch = begin(mode)) {
            write(batch, 0, row);
            batch.commit();
        }
    }

    private SinkBatch begin(SaveMode mode, String... partitionColumns) {
        return begin(mode, new FileOutput("txt", (file, schema) -> new LineWriter(file, () -> {})), partitionColumns);
    }

    private SinkBatch begin(SaveMode mode, FileOutput output, String... partitionColumns) {
        return OutputDirectory.begin(options(partitionColumns), mode, SCHEMA, output);
    }

    private ConnectorOptions options(String... partitionColumns) {
        return new ConnectorOptions(
                "lines",
                Map.of(),
                Optional.empty(),
                List.of(root + "/out"),
                List.of(partitionColumns),
                new SessionSettings(ZoneOffset.UTC, 2));
    }

    @SafeVarargs
    private void write(SinkBatch batch, int task, List<Object>... rows) {
        try (ChunkBuilder builder = new ChunkBuilder(SCHEMA, allocator);
                TaskWriter writer = batch.openTask(task)) {
            Arrays.stream(rows).forEach(builder::add);
            try (Chunk chunk = builder.build()) {
                writer.write(chunk);
            }
        }
    }

    private static List<Object> row(int id, String shop, int day) {
        return Arrays.asList(id, shop == null ? null : Slice.utf8(shop), day);
    }

    private List<String> lines() throws IOException {
        TreeSet<String> lines = new TreeSet<>();
        for (InputFile file : InputFiles.list(List.of(root + "/out"))) {
            lines.addAll(Files.readAllLines(file.path()));
        }
        return List.copyOf(lines);
    }

    private void assertNothingElseIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(root)) {
            assertEquals(List.of(root.resolve("out")), left.toList());
        }
        try (Stream<Path> left = Files.walk(root.resolve("out"))) {
            assertFalse(left.anyMatch(path -> path.toString().contains("_temporary")));
        }
    }

    private record LineWriter(Path file, Runnable closed) implements TaskWriter {
        private LineWriter {
            append(file, "");
        }

        private static void append(Path file, String line) {
            try {
                Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public void write(Chunk rows) {
            for (int row = 0; row < rows.rowCount(); row++) {
                StringBuilder line = new StringBuilder();
                for (int column = 0; column < rows.columnCount(); column++) {
                    line.append(column == 0 ? "" : ",").append(Cell.read(rows.column(column), row));
                }
                append(file, line.append('\n').toString());
            }
        }

        @Override
        public void close() {
            closed.run();
        }
    }
}
