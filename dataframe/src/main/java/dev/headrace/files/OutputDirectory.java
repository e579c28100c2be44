package dev.headrace.files;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.DiscardedBatch;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.SinkBatch;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A directory of part files that a batch query writes: readers see all of its files or none.
///
/// Tasks write into a hidden staging directory. What the commit does with it depends on the save mode:
///
/// - A directory that did not exist, and one to be overwritten, are staged beside the target (`.name.staging-<id>`) and
///   renamed into place whole. An old directory is moved aside first (`.name.replaced-<id>`) and deleted last, so a
///   crash loses neither; what could not be deleted stays, since it may be all that a crash has left.
/// - Rows to be appended are staged inside (`_temporary/<id>`) and moved in file by file, each whole; `_SUCCESS` is
///   absent meanwhile.
/// - Rows that replace only the partitions they are in (`partitionOverwriteMode` `dynamic`) are staged there, too, and
///   their directories moved in one by one ([ReplacedPartitions]).
/// - In a store, which can't rename a directory at once, so is everything; files that are replaced are deleted when the
///   new ones are there. Until `_SUCCESS` is there, readers may see some of either.
///
/// Files and directories are forced to disk before they are renamed. Part files are named
/// `part-<task>-<id>.c000.<extension>`; with partition columns they lie in `key=value` directories. With buckets the
/// bucket's number stands in the name, as Spark reads it: `part-<task>-<id>_<bucket>.c000.<extension>`. Of
/// rows that are too many for a file the next one is `.c001`.
public final class OutputDirectory implements SinkBatch {
    static final String PARTITION_OVERWRITE_MODE = "partitionOverwriteMode";

    /// For an overwrite: the directory below the target that it replaces whole, such as `day=2026-01-31`; what is
    /// written lies in it.
    public static final String REPLACED_PARTITION = "replacedPartition";

    private static final String SUCCESS = "_SUCCESS";
    private static final String TEMPORARY = "_temporary";
    private static final String REPLACED = ".replaced-";

    private static final Logger LOG = LoggerFactory.getLogger(OutputDirectory.class);

    private final Path target;
    private Path staging;
    private final SaveMode mode;
    /// Whether the directory was there.
    private final boolean existed;
    /// Whether files are moved into the directory one by one.
    private boolean into;
    private final boolean replacesPartitions;
    private final Optional<String> replacedPartition;
    private final String id;
    private final PartitionedSchema schema;
    private final FileOutput output;
    private final AtomicLong rows = new AtomicLong();
    private boolean committed;

    private OutputDirectory(
            Path target,
            SaveMode mode,
            boolean replacesPartitions,
            Optional<String> replacedPartition,
            PartitionedSchema schema,
            FileOutput output)
            throws IOException {
        this.target = target;
        this.mode = mode;
        this.replacesPartitions = replacesPartitions;
        this.replacedPartition = replacedPartition;
        this.existed = exists(target);
        this.into = !DurableFiles.isLocal(target) || existed && !replacesAll();
        this.schema = schema;
        this.output = output;
        this.id = UUID.randomUUID().toString();
        if (into && DurableFiles.isLocal(target)) {
            ReplacedPartitions.putBackAll(target, target.resolve(TEMPORARY));
        }
        this.staging = into ? inside() : target.resolveSibling("." + target.getFileName() + ".staging-" + id);
        Files.createDirectories(staging);
    }

    /// Where rows are staged that are moved into a directory that is there.
    private Path inside() {
        return target.resolve(TEMPORARY).resolve(id);
    }

    /// Begins to write to the directory that the options name.
    ///
    /// @param options for the path, the partition columns and the session time zone
    /// @param schema of the rows, partition columns included
    /// @param output how the format writes files
    /// @throws QueryException `PATH_ALREADY_EXISTS` under [SaveMode#ERROR_IF_EXISTS]; `MISSING_PATH`; for partition
    ///     columns that don't exist or leave nothing to write
    public static SinkBatch begin(ConnectorOptions options, SaveMode mode, StructType schema, FileOutput output) {
        Path target = InputFiles.path(options.singlePath()).toAbsolutePath().normalize();
        boolean exists;
        try {
            target = behindLinks(target);
            exists = exists(target);
        } catch (IOException failed) {
            throw OutputFailure.of(target, failed);
        }
        if (exists && mode == SaveMode.ERROR_IF_EXISTS) {
            throw alreadyExists(target);
        }
        if (exists && mode == SaveMode.IGNORE) {
            return new DiscardedBatch();
        }
        if (exists && !Files.isDirectory(target)) {
            throw notADirectory(options, target);
        }
        boolean partitionsOnly = replacesPartitions(options, mode);
        Optional<String> replaced = options.get(REPLACED_PARTITION);
        if ((mode == SaveMode.APPEND || partitionsOnly || replaced.isPresent()) && Manifest.isIn(target)) {
            throw new QueryException(
                    "SINK_OF_ANOTHER_QUERY",
                    "'" + target
                            + "' is the output of a streaming query: readers read what its manifest lists, so appended files"
                            + " would not be seen. Write to another path, or choose mode(\"overwrite\").");
        }
        PartitionedSchema partitioned = PartitionedSchema.of(schema, options);
        try {
            return new OutputDirectory(target, mode, partitionsOnly, replaced, partitioned, output);
        } catch (IOException failed) {
            throw OutputFailure.of(target, failed);
        }
    }

    private boolean replacesAll() {
        return mode != SaveMode.APPEND && !replacesPartitions && replacedPartition.isEmpty();
    }

    private static boolean replacesPartitions(ConnectorOptions options, SaveMode mode) {
        return switch (options.get(PARTITION_OVERWRITE_MODE, "static").toLowerCase(Locale.ROOT)) {
            case "static" -> false;
            case "dynamic" ->
                mode == SaveMode.OVERWRITE && !options.partitionColumns().isEmpty();
            default -> throw options.invalid(PARTITION_OVERWRITE_MODE, "static or dynamic");
        };
    }

    static QueryException notADirectory(ConnectorOptions options, Path target) {
        return new QueryException(
                "PATH_NOT_A_DIRECTORY",
                "format(\"" + options.format() + "\") writes a directory, but '" + target + "' is a file.");
    }

    private static QueryException alreadyExists(Path target) {
        return new QueryException(
                "PATH_ALREADY_EXISTS",
                "'" + target
                        + "' exists. Choose mode(\"overwrite\"), mode(\"append\") or mode(\"ignore\"), or another path.");
    }

    @Override
    public TaskWriter openTask(int task) {
        PartName name = new PartName(String.format("part-%05d-%s", task, id), "", output.extension());
        return schema.isOneFile()
                ? new PartWriter(staging, name, schema.data(), output, rows)
                : new PartitionedWriter(staging, name, schema, output, rows);
    }

    @Override
    public Map<String, Long> commit() {
        if (committed) {
            return Map.of();
        }
        try {
            List<Path> parts = filesBelow(staging);
            if (parts.isEmpty() && (!existed || replacesAll()) && schema.isOneFile()) {
                // A file without rows says what columns there are.
                openTask(0).close();
                parts = filesBelow(staging);
            }
            long bytes = 0;
            for (Path part : parts) {
                bytes += Files.size(part);
            }
            if (!DurableFiles.isLocal(target)) {
                moveIntoStore(parts);
            } else if (into) {
                moveIn(parts);
            } else if (!moveWhole()) {
                if (mode == SaveMode.IGNORE) {
                    close();
                    committed = true;
                    return Map.of("numOutputRows", 0L);
                }
                moveIntoNew();
            }
            committed = true;
            return Map.of("numOutputRows", rows.get(), "numFiles", (long) parts.size(), "bytesWritten", bytes);
        } catch (IOException failed) {
            throw OutputFailure.of(target, failed);
        }
    }

    /// @return false if another write has made the directory since this one began, and this one is not to replace it
    private boolean moveWhole() throws IOException {
        Files.write(staging.resolve(SUCCESS), new byte[0]);
        forceDirectories(staging);
        Path replaced = target.resolveSibling("." + target.getFileName() + REPLACED + id);
        boolean replaces = mode == SaveMode.OVERWRITE && replacesAll() && Files.exists(target);
        if (replaces) {
            Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            if (replaces) {
                Files.move(replaced, target, StandardCopyOption.ATOMIC_MOVE);
            } else if (Files.exists(target)) {
                return false;
            }
            throw failed;
        }
        committed = true;
        try {
            DurableFiles.force(parent(target));
        } catch (IOException failed) {
            throw OutputFailure.notDurable(target, failed);
        }
        if (replaces) {
            deleteReplaced(replaced);
        }
        return true;
    }

    /// A write whose rows are there has not failed because what it has moved aside stays.
    private void deleteReplaced(Path replaced) {
        try {
            deleteTree(replaced);
        } catch (IOException failed) {
            LOG.warn("'{}' is what '{}' has replaced, and could not be deleted: delete it", replaced, target, failed);
        }
    }

    /// Moves files into the directory that another write has made.
    private void moveIntoNew() throws IOException {
        if (replacesAll() || Manifest.isIn(target)) {
            throw alreadyExists(target);
        }
        Files.deleteIfExists(staging.resolve(SUCCESS));
        Path inside = inside();
        Files.createDirectories(parent(inside));
        Files.move(staging, inside, StandardCopyOption.ATOMIC_MOVE);
        staging = inside;
        into = true;
        moveIn(filesBelow(staging));
    }

    /// Moves files, which a store may do by copying them, and then deletes those that they replace.
    private void moveIntoStore(List<Path> parts) throws IOException {
        Files.deleteIfExists(target.resolve(SUCCESS));
        List<Path> old = replacedFiles(parts);
        List<Path> moved = new ArrayList<>();
        try {
            for (Path part : parts) {
                Path place = target.resolve(staging.relativize(part));
                Files.createDirectories(parent(place));
                moved.add(place);
                Files.move(part, place);
            }
        } catch (IOException | RuntimeException failed) {
            takeOut(moved, failed);
            throw failed;
        }
        for (Path file : old) {
            Files.deleteIfExists(file);
        }
        if (replacesAll()) {
            // An empty directory would still be a manifest, which lists none of the new files.
            deleteTree(target.resolve(Manifest.DIRECTORY));
        }
        deleteTree(staging);
        deleteIfEmpty(parent(staging));
        Files.write(target.resolve(SUCCESS), new byte[0]);
    }

    private List<Path> replacedFiles(List<Path> parts) throws IOException {
        List<Path> directories =
                replacesAll() ? List.of(target.getFileSystem().getPath("")) : replacedPartitions(parts);
        List<Path> files = new ArrayList<>();
        for (Path directory : directories) {
            files.addAll(filesBelow(target.resolve(directory)));
        }
        files.removeIf(file -> file.startsWith(target.resolve(TEMPORARY)));
        return files;
    }

    private static void takeOut(List<Path> moved, Exception failed) {
        for (Path file : moved) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException | RuntimeException alsoFailed) {
                failed.addSuppressed(alsoFailed);
            }
        }
    }

    private List<Path> replacedPartitions(List<Path> parts) {
        return replacedPartition
                .map(directory -> List.of(target.getFileSystem().getPath(directory)))
                .orElseGet(() -> replacesPartitions ? partitions(parts) : List.of());
    }

    private void moveIn(List<Path> parts) throws IOException {
        Files.deleteIfExists(target.resolve(SUCCESS));
        // Again: what was killed since this write began would come back into what it adds or replaces.
        ReplacedPartitions.putBackAll(target, target.resolve(TEMPORARY));
        List<Path> partitions = replacedPartitions(parts);
        if (partitions.isEmpty()) {
            add(parts);
        } else {
            forceDirectories(staging);
            new ReplacedPartitions(target, staging, ReplacedPartitions.Moves.ATOMIC, ReplacedPartitions.Locks.OF_FILES)
                    .replace(partitions);
        }
        deleteTree(staging);
        deleteIfEmpty(parent(staging));
        Files.write(target.resolve(SUCCESS), new byte[0]);
        DurableFiles.force(target);
    }

    private void add(List<Path> parts) throws IOException {
        List<Path> moved = new ArrayList<>();
        Set<Path> changed = new LinkedHashSet<>();
        try {
            for (Path part : parts) {
                Path place = target.resolve(staging.relativize(part));
                Files.createDirectories(parent(place));
                Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
                moved.add(place);
                for (Path above = parent(place); above.startsWith(target); above = parent(above)) {
                    changed.add(above);
                }
            }
            for (Path directory : changed) {
                DurableFiles.force(directory);
            }
        } catch (IOException failed) {
            takeOut(moved, failed);
            throw failed;
        }
    }

    private List<Path> partitions(List<Path> parts) {
        return parts.stream()
                .map(part -> staging.relativize(parent(part)))
                .distinct()
                .toList();
    }

    /// The directory that a symbolic link stands for, which may not be there yet: the link stays where it is.
    static Path behindLinks(Path directory) throws IOException {
        if (!DurableFiles.isLocal(directory) || !Files.isSymbolicLink(directory)) {
            return directory;
        }
        try {
            return directory.toRealPath();
        } catch (NoSuchFileException notYet) {
            // What `..` of a link means follows from where its directory is really.
            return behindLinks(parent(directory).toRealPath().resolve(Files.readSymbolicLink(directory)));
        }
    }

    /// In a store that does not answer, [Files#exists] would say no: rows would be written twice, or left out.
    private static boolean exists(Path path) throws IOException {
        if (DurableFiles.isLocal(path)) {
            return Files.exists(path);
        }
        try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    /// The files below a directory, by name; none if it is not there.
    static List<Path> filesBelow(Path directory) throws IOException {
        if (!exists(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void forceDirectories(Path directory) throws IOException {
        List<Path> directories = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            all.filter(Files::isDirectory).forEach(directories::add);
        }
        for (Path each : directories.reversed()) {
            DurableFiles.force(each);
        }
    }

    static void deleteIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException _) {
            // what another writer has put there
            return;
        }
    }

    /// Deletes a directory and all that is in it, if it is there.
    public static void delete(String path) {
        Path directory = InputFiles.path(path);
        try {
            deleteTree(directory);
        } catch (IOException failed) {
            throw OutputFailure.of(directory, failed);
        }
    }

    static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path visited, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /// The directory of a path that has one: all paths here are absolute, and none is the root.
    static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    @Override
    public void close() {
        if (committed || ReplacedPartitions.isAsideIn(staging)) {
            return;
        }
        try {
            deleteTree(staging);
            if (into) {
                deleteIfEmpty(parent(staging));
            }
            if (into && !existed) {
                // or the same write, once more, would find it there
                deleteIfEmpty(target);
            }
        } catch (IOException failed) {
            throw OutputFailure.of(staging, failed);
        }
    }
}
