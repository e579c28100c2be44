package dev.headrace.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.errors.CheckpointException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which files of a directory a streaming query has committed: the log `_spark_metadata`, in Spark's format. Batch N is
/// the file `N`, one JSON object per file after the line `v1`; every tenth batch is `N.compact`, with the files of all
/// batches so far. Who reads the directory reads what the log lists and nothing else.
final class Manifest {
    static final String DIRECTORY = "_spark_metadata";

    private static final String VERSION = "v1";
    private static final String COMPACT = ".compact";
    private static final String WRITER = ".headrace-query";
    private static final long BLOCK_BYTES = 32L << 20;
    private static final int COMPACT_INTERVAL = 10;

    private final Path root;
    private final Path log;

    /// A committed file.
    record Entry(Path path, long bytes, long modifiedMillis) {
        /// Not one of the manifest: each read of a directory asks for that, and few have to load Jackson for it.
        private static final ObjectMapper MAPPER = new ObjectMapper();

        /// Adds the file that a line says was written, or removes one that was deleted.
        ///
        /// @throws IllegalArgumentException if the line says neither
        private static void apply(String line, Map<Path, Entry> entries) throws JsonProcessingException {
            JsonNode node = MAPPER.readTree(line);
            Path path = Path.of(URI.create(node.required("path").textValue()));
            if (node.required("action").textValue().equals("delete")) {
                entries.remove(path);
            } else {
                long bytes = node.required("size").longValue();
                entries.put(
                        path,
                        new Entry(path, bytes, node.required("modificationTime").longValue()));
            }
        }

        private String line() {
            return MAPPER.createObjectNode()
                    .put("path", path.toUri().toString())
                    .put("size", bytes)
                    .put("isDir", false)
                    .put("modificationTime", modifiedMillis)
                    .put("blockReplication", 1)
                    .put("blockSize", BLOCK_BYTES)
                    .put("action", "add")
                    .toString();
        }
    }

    private Manifest(Path root) {
        this.root = root;
        this.log = root.resolve(DIRECTORY);
    }

    /// The manifest of a directory, which may not have been begun.
    static Manifest of(Path root) {
        return new Manifest(root.toAbsolutePath().normalize());
    }

    /// Whether the directory has one.
    static boolean isIn(Path root) {
        return Files.isDirectory(root.resolve(DIRECTORY));
    }

    /// The query that writes the directory, if one of ours has begun to.
    Optional<String> writer() throws IOException {
        Path file = log.resolve(WRITER);
        return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    }

    /// Begins the manifest.
    void create(String query) throws IOException {
        Files.createDirectories(log);
        DurableFiles.write(log.resolve(WRITER), query + "\n");
        DurableFiles.force(root);
    }

    /// The newest batch that is committed; empty before the first.
    Optional<Long> lastBatch() throws IOException {
        NavigableMap<Long, Path> batches = batches();
        return batches.isEmpty() ? Optional.empty() : Optional.of(batches.lastKey());
    }

    /// The log's files by batch; of a compacted batch the compact one.
    private NavigableMap<Long, Path> batches() throws IOException {
        NavigableMap<Long, Path> batches = new TreeMap<>();
        if (!Files.isDirectory(log)) {
            return batches;
        }
        try (Stream<Path> files = Files.list(log)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                boolean compact = name.endsWith(COMPACT);
                String number = compact ? name.substring(0, name.length() - COMPACT.length()) : name;
                if (number.matches("\\d{1,18}") && (compact || !batches.containsKey(Long.parseLong(number)))) {
                    batches.put(Long.parseLong(number), file);
                }
            }
        }
        return batches;
    }

    /// All committed files, in the order of the batches.
    ///
    /// @throws CheckpointException `MANIFEST_DAMAGED`
    List<Entry> entries() throws IOException {
        return entriesOf(batches());
    }

    private List<Entry> entriesOf(NavigableMap<Long, Path> batches) throws IOException {
        long from = 0;
        for (Map.Entry<Long, Path> batch : batches.entrySet()) {
            if (isCompact(batch.getValue())) {
                from = batch.getKey();
            }
        }
        Map<Path, Entry> entries = new LinkedHashMap<>();
        for (Path file : batches.tailMap(from, true).values()) {
            read(file, entries);
        }
        return new ArrayList<>(entries.values());
    }

    private static boolean isCompact(Path file) {
        return file.getFileName().toString().endsWith(COMPACT);
    }

    private void read(Path file, Map<Path, Entry> entries) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.isEmpty() || !lines.getFirst().equals(VERSION)) {
            throw damaged(file, "its first line is not " + VERSION, null);
        }
        for (String line : lines.subList(1, lines.size())) {
            try {
                Entry.apply(line, entries);
            } catch (JsonProcessingException | IllegalArgumentException broken) {
                throw damaged(file, "the line '" + line + "' is not a file's entry", broken);
            }
        }
    }

    private static CheckpointException damaged(Path file, String what, @Nullable Exception cause) {
        String text = "'" + file + "' says which files of a stream's output are committed, and is damaged: " + what
                + ". Restore it from a backup, or write the output anew.";
        return cause == null
                ? new CheckpointException("MANIFEST_DAMAGED", text)
                : new CheckpointException("MANIFEST_DAMAGED", text, cause);
    }

    /// Commits the files of a batch: they are visible when this returns. Does nothing if the batch is committed.
    void commit(long batch, List<Entry> files) throws IOException {
        NavigableMap<Long, Path> before = batches();
        if (!before.isEmpty() && before.lastKey() >= batch) {
            return;
        }
        boolean compact = (batch + 1) % COMPACT_INTERVAL == 0;
        List<Entry> all = new ArrayList<>(compact ? entriesOf(before) : List.of());
        all.addAll(files);
        StringBuilder text = new StringBuilder(VERSION);
        all.forEach(entry -> text.append('\n').append(entry.line()));
        Path temporary = log.resolve("." + batch + ".tmp");
        Files.writeString(temporary, text);
        DurableFiles.force(temporary);
        try {
            Files.createLink(log.resolve(batch + (compact ? COMPACT : "")), temporary);
        } catch (FileAlreadyExistsException _) {
            // another run of the query has committed the same batch
            Files.delete(temporary);
            return;
        }
        Files.delete(temporary);
        DurableFiles.force(log);
        if (compact) {
            forget(before);
        }
    }

    /// Deletes what a compact file has taken in, but for the newest files: a reader may have just listed them.
    private static void forget(NavigableMap<Long, Path> before) throws IOException {
        long newestCompact = -1;
        for (Map.Entry<Long, Path> batch : before.entrySet()) {
            if (isCompact(batch.getValue())) {
                newestCompact = batch.getKey();
            }
        }
        for (Path old : before.headMap(newestCompact, false).values()) {
            Files.deleteIfExists(old);
        }
    }
}
