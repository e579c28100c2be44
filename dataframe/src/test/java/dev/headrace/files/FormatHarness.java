package dev.headrace.files;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.SessionSettings;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.connector.Split;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.arrow.memory.RootAllocator;

/// Reads and writes files through a connector, with rows as text, and checks that no memory is left.
public final class FormatHarness implements AutoCloseable {
    private final RootAllocator allocator = new RootAllocator();
    private final Connector connector;
    private final Path root;

    public FormatHarness(Connector connector, Path root) {
        this.connector = connector;
        this.root = root;
    }

    public Path file(String name, String content) {
        return file(name, content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    public Path file(String name, byte[] content) {
        Path file = root.resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return file;
    }

    /// What was read.
    ///
    /// @param rows each as a list of cells, as text
    /// @param metrics summed over the splits
    public record Result(StructType schema, List<String> rows, Map<String, Long> metrics) {}

    public BatchTable open(String ddl, Map<String, String> options, String... paths) {
        return (BatchTable) ((Connector.BatchReadable) connector).openTable(options(ddl, options, paths));
    }

    private ConnectorOptions options(String ddl, Map<String, String> options, String... paths) {
        List<String> resolved =
                Arrays.stream(paths).map(path -> root + "/" + path).toList();
        return new ConnectorOptions(
                connector.format(),
                options,
                ddl.isEmpty() ? Optional.empty() : Optional.of(StructType.fromDDL(ddl)),
                resolved,
                List.of(),
                new SessionSettings(ZoneOffset.UTC, 2));
    }

    /// @param ddl the schema; empty to have it inferred
    public Result read(String ddl, Map<String, String> options, String... paths) {
        BatchTable table = open(ddl, options, paths);
        return read(table, ScanRequest.all(table.schema()));
    }

    /// Reads some columns only.
    public Result read(BatchTable table, String... columns) {
        List<ScanColumn> asked = new ArrayList<>();
        for (String column : columns) {
            int ordinal = table.schema().fieldIndex(column);
            asked.add(new ScanColumn.Stored(ordinal, table.schema().field(ordinal)));
        }
        return read(table, new ScanRequest(asked, List.of(), OptionalLong.empty()));
    }

    public Result read(BatchTable table, ScanRequest request) {
        List<String> rows = new ArrayList<>();
        Map<String, Long> metrics = new TreeMap<>();
        for (Split split : table.scan(request).splits()) {
            try (ChunkReader reader = split.open(allocator)) {
                for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                    append(rows, chunk);
                    chunk.close();
                }
                reader.metrics().forEach((name, value) -> metrics.merge(name, value, Long::sum));
            }
        }
        return new Result(request.outputSchema(), rows, metrics);
    }

    /// How many rows each chunk has.
    public List<Integer> chunks(String path) {
        BatchTable table = open("", Map.of(), path);
        List<Integer> counts = new ArrayList<>();
        for (Split split : table.scan(ScanRequest.all(table.schema())).splits()) {
            try (ChunkReader reader = split.open(allocator)) {
                for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                    counts.add(chunk.rowCount());
                    chunk.close();
                }
            }
        }
        return counts;
    }

    private static void append(List<String> rows, Chunk chunk) {
        for (int row = 0; row < chunk.rowCount(); row++) {
            List<Object> cells = new ArrayList<>();
            for (int column = 0; column < chunk.columnCount(); column++) {
                Object cell = Cell.read(chunk.column(column), row);
                cells.add(
                        cell instanceof Slice slice && chunk.type(column) instanceof dev.headrace.types.BinaryType
                                ? java.util.HexFormat.of().formatHex(slice.bytes())
                                : cell);
            }
            rows.add(cells.toString());
        }
    }

    /// Writes rows of [Cell] objects as one task.
    public Map<String, Long> write(
            String ddl, Map<String, String> options, SaveMode mode, String path, List<? extends List<?>> rows) {
        StructType schema = StructType.fromDDL(ddl);
        Connector.BatchWritable writable = (Connector.BatchWritable) connector;
        try (SinkBatch batch = writable.beginWrite(options("", options, path), mode, schema);
                ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
            try (TaskWriter task = batch.openTask(0)) {
                for (List<?> row : rows) {
                    builder.add(row);
                    if (builder.rowCount() == 100) {
                        writeChunk(task, builder);
                    }
                }
                writeChunk(task, builder);
            }
            return batch.commit();
        }
    }

    private static void writeChunk(TaskWriter task, ChunkBuilder builder) {
        try (Chunk chunk = builder.build()) {
            task.write(chunk);
        }
    }

    /// The text of all part files of a written directory.
    public String written(String path) {
        StringBuilder text = new StringBuilder();
        for (InputFile file : InputFiles.list(List.of(root + "/" + path))) {
            byte[] content = LineBlocks.readAll(file, java.nio.charset.StandardCharsets.UTF_8);
            text.append(new String(
                    content, 0, content.length - LineBlocks.PADDING, java.nio.charset.StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    @Override
    public void close() {
        allocator.close();
    }
}
