package dev.headrace.files;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.DiscardedBatch;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// The batches of a streaming query as files of a directory, each exactly once.
///
/// Tasks write into `_temporary/<batch>`. The commit moves the files to their places, under names that say the query
/// and the batch, and then adds one entry to the [Manifest]: that is the moment at which readers see them, all or none.
/// What a crash has left of a batch that is not in the manifest is deleted when the sink is opened again.
final class ManifestSink implements StreamingSink {
    private static final String STAGING = "_temporary";

    private final Path target;
    private final Manifest manifest;
    private final String queryId;
    private final FileOutput output;
    private final PartitionedSchema schema;
    private long last;

    private ManifestSink(Path target, Manifest manifest, String queryId, FileOutput output, PartitionedSchema schema)
            throws IOException {
        this.target = target;
        this.manifest = manifest;
        this.queryId = queryId;
        this.output = output;
        this.schema = schema;
        this.last = manifest.lastBatch().orElse(-1L);
    }

    /// Opens the directory, which only this query may write from now on.
    ///
    /// @throws QueryException `UNSUPPORTED_OUTPUT_MODE`, `PATH_NOT_A_DIRECTORY`, `PATH_ALREADY_EXISTS`,
    ///     `SINK_OF_ANOTHER_QUERY`
    static StreamingSink open(ConnectorOptions options, StreamWriteRequest request, FileOutput output) {
        if (request.outputMode() != StreamWriteRequest.OutputKind.APPEND) {
            throw new QueryException(
                    "UNSUPPORTED_OUTPUT_MODE",
                    "writeStream().format(\"" + options.format() + "\") adds files and can't change rows that it has"
                            + " written. Use outputMode(\"append\") or outputMode(\"changelog\"), or format(\"delta\").");
        }
        Path target = directory(options);
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw OutputDirectory.notADirectory(options, target);
        }
        try {
            Manifest manifest = Manifest.of(target);
            claim(target, manifest, request.queryId());
            ManifestSink sink = new ManifestSink(
                    target, manifest, request.queryId(), output, PartitionedSchema.of(request.schema(), options));
            sink.deleteLeftovers();
            return sink;
        } catch (IOException failed) {
            throw OutputFailure.of(target, failed);
        }
    }

    /// Where the files go.
    static Path directory(ConnectorOptions options) {
        return InputFiles.localPath(options.singlePath()).toAbsolutePath().normalize();
    }

    private static void claim(Path target, Manifest manifest, String queryId) throws IOException {
        String writer = manifest.writer().orElse("");
        if (writer.equals(queryId)) {
            return;
        }
        if (!writer.isEmpty() || manifest.lastBatch().isPresent()) {
            throw new QueryException(
                    "SINK_OF_ANOTHER_QUERY",
                    "'" + target + "' is the output of " + (writer.isEmpty() ? "another query" : "query " + writer)
                            + ", and its batches are numbered by that query. Go on with that query's checkpoint, or write to"
                            + " another path.");
        }
        if (Files.isDirectory(target) && hasFiles(target)) {
            throw new QueryException(
                    "PATH_ALREADY_EXISTS",
                    "'" + target
                            + "' has files that no streaming query has written. Readers of a stream's output read what"
                            + " its manifest lists, so they would not be seen any more. Write to another path.");
        }
        Files.createDirectories(OutputDirectory.behindLinks(target));
        manifest.create(queryId);
    }

    private static boolean hasFiles(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(OutputDirectory.behindLinks(directory))) {
            return all.anyMatch(Files::isRegularFile);
        }
    }

    /// Of a batch that was written and not committed.
    private void deleteLeftovers() throws IOException {
        OutputDirectory.deleteTree(target.resolve(STAGING));
        String mark = mark(last + 1);
        try (Stream<Path> all = Files.walk(OutputDirectory.behindLinks(target))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (file.getFileName().toString().contains(mark + ".c")) {
                    Files.delete(file);
                }
            }
        }
    }

    private String mark(long batch) {
        return "-" + queryId + "-b" + batch;
    }

    @Override
    public OptionalLong lastCommitted() {
        return last < 0 ? OptionalLong.empty() : OptionalLong.of(last);
    }

    @Override
    public SinkBatch begin(long batchId) {
        return batchId <= last ? new DiscardedBatch() : new Batch(batchId);
    }

    @Override
    public void close() {}

    private final class Batch implements SinkBatch {
        private final long id;
        private final Path staging;
        private final AtomicLong rows = new AtomicLong();

        Batch(long id) {
            this.id = id;
            this.staging = target.resolve(STAGING).resolve(Long.toString(id));
        }

        @Override
        public TaskWriter openTask(int task) {
            PartName name = new PartName("part-%05d".formatted(task), mark(id), output.extension());
            return new LazyWriter(() -> schema.isOneFile()
                    ? new PartWriter(staging, name, schema.data(), output, rows)
                    : new PartitionedWriter(staging, name, schema, output, rows));
        }

        @Override
        public Map<String, Long> commit() {
            try {
                List<Manifest.Entry> entries = moveIn();
                manifest.commit(id, entries);
                last = id;
                OutputDirectory.deleteTree(target.resolve(STAGING));
                long bytes = entries.stream().mapToLong(Manifest.Entry::bytes).sum();
                return Map.of("numOutputRows", rows.get(), "numFiles", (long) entries.size(), "bytesWritten", bytes);
            } catch (IOException failed) {
                throw OutputFailure.of(target, failed);
            }
        }

        private List<Manifest.Entry> moveIn() throws IOException {
            List<Manifest.Entry> entries = new ArrayList<>();
            Set<Path> directories = new HashSet<>();
            for (Path part : OutputDirectory.filesBelow(staging)) {
                Path place = target.resolve(staging.relativize(part));
                Files.createDirectories(OutputDirectory.parent(place));
                Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
                for (Path above = OutputDirectory.parent(place);
                        above.startsWith(target);
                        above = OutputDirectory.parent(above)) {
                    directories.add(above);
                }
                entries.add(new Manifest.Entry(
                        place,
                        Files.size(place),
                        Files.getLastModifiedTime(place).toMillis()));
            }
            for (Path directory : directories) {
                DurableFiles.force(directory);
            }
            return entries;
        }

        @Override
        public void close() {
            try {
                OutputDirectory.deleteTree(staging);
            } catch (IOException failed) {
                throw OutputFailure.of(staging, failed);
            }
        }
    }
}
