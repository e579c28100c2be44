package dev.headrace.delta;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A stream of changes that a test feeds, and the table that they are applied to.
final class ChangeStream {
    private final Session session;
    private final Path directory;
    private final MemoryStream stream;
    private final Changes changes;
    private UnaryOperator<DataFrame> read;

    /// @param read what the query makes of the stream before its changes are applied
    ChangeStream(Session session, Path directory, String schema, UnaryOperator<DataFrame> read, Changes changes) {
        this.session = session;
        this.directory = directory;
        this.stream = new MemoryStream(StructType.fromDDL(schema));
        this.changes = changes;
        this.read = read;
    }

    ChangeStream(Session session, Path directory, String schema, Changes changes) {
        this(session, directory, schema, UnaryOperator.identity(), changes);
    }

    /// Changes what the query makes of the stream.
    ChangeStream read(UnaryOperator<DataFrame> newRead) {
        read = newRead;
        return this;
    }

    /// Adds one row to the stream; texts and numbers as Java has them.
    ChangeStream add(@Nullable Object... values) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (@Nullable Object value : values) {
            cells.add(value instanceof String text ? Slice.utf8(text) : value);
        }
        stream.add(List.of(cells));
        return this;
    }

    /// Starts the query, lets it apply all there is in batches of at most so many rows, and stops it.
    ChangeStream run(long maxRows) throws TimeoutException {
        return run(maxRows, Map.of());
    }

    /// Runs the query with options for the sink.
    ChangeStream run(Map<String, String> options) throws TimeoutException {
        return run(Long.MAX_VALUE, options);
    }

    private ChangeStream run(long maxRows, Map<String, String> options) throws TimeoutException {
        stream.limitBatches(maxRows);
        StreamingQuery query = read.apply(Frames.of(session, stream, "changes"))
                .writeStream()
                .format("delta")
                .options(options)
                .applyChanges(changes)
                .option("checkpointLocation", checkpoint().toString())
                .trigger(Trigger.AvailableNow())
                .start(table().toString());
        query.awaitTermination();
        return this;
    }

    /// Runs the query with all there is in one batch.
    ChangeStream run() throws TimeoutException {
        return run(Long.MAX_VALUE);
    }

    /// Makes the checkpoint forget that its last batch was committed, as if the query had died just before it wrote
    /// that down.
    void forgetLastCommit() throws IOException {
        forgetLastCommit(checkpoint());
    }

    static void forgetLastCommit(Path checkpoint) throws IOException {
        try (Stream<Path> files = Files.list(checkpoint.resolve("commits"))) {
            Path last = files.filter(file -> file.getFileName().toString().matches("\\d+"))
                    .max(Comparator.comparingLong(
                            file -> Long.parseLong(file.getFileName().toString())))
                    .orElseThrow();
            Files.delete(last);
        }
    }

    Path table() {
        return directory.resolve("table");
    }

    Path checkpoint() {
        return directory.resolve("checkpoint");
    }

    /// The table's rows as texts, by Headrace's reader, sorted.
    List<String> rows(String... columns) {
        DataFrame table = session.read().format("delta").load(table().toString());
        DataFrame chosen = columns.length == 0
                ? table
                : table.select(columns[0], java.util.Arrays.copyOfRange(columns, 1, columns.length));
        return chosen.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    /// All columns of the table's rows as texts, by Delta Kernel's reader, sorted.
    List<String> rowsByKernel() throws IOException {
        return KernelReader.read(table()).stream()
                .map(row -> row.toString().replace(", ", ","))
                .sorted()
                .toList();
    }
}
