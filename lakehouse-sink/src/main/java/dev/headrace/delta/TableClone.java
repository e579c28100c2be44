package dev.headrace.delta;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.cancellation.Cancellation;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.DeletionVector;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.delta.store.TablePaths;
import dev.headrace.errors.DataException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.files.OutputFailure;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.sql.Statement;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes a table that has the rows of a version of another one: a shallow one names the other's files, a deep one has
/// copies of them.
///
/// @param then the version of the source
/// @param deep whether to copy files
/// @param properties of the new table, beside those of the source
record TableClone(
        Session session,
        Path source,
        TableSnapshot then,
        Path directory,
        boolean deep,
        Statement.Exists ifExists,
        Map<String, String> properties) {
    private static final StructType RESULT =
            StructType.fromDDL("source_table_size bigint, source_num_of_files bigint, num_removed_files bigint,"
                    + " num_copied_files bigint, removed_files_size bigint, copied_files_size bigint");

    /// @return one row about what was done; none if there was a table, and it was to be kept
    DataFrame run() {
        TableFeatures.checkReadable(source.toString(), then);
        TableAlteration.checkSettable(directory, properties.keySet());
        boolean replaces = ifExists == Statement.Exists.REPLACE;
        WriteRequest request = new WriteRequest(
                then.metadata().schema(),
                then.metadata().partitionColumns(),
                replaces ? WriteKind.OVERWRITE : WriteKind.CREATE,
                replaces ? SchemaChange.OVERWRITE : SchemaChange.NONE);
        try (TableTarget target = new TableTarget(
                directory,
                ChosenLog.open(directory),
                request,
                ParquetWriteOptions.DEFAULT,
                Frames.runtime(session).clock(),
                UUID::randomUUID)) {
            if (target.base().exists() && ifExists == Statement.Exists.KEEP) {
                return session.createDataFrame(List.of(), RESULT);
            }
            target.checkMayBeWritten();
            return Frames.runtime(session).runs().during(() -> commit(target));
        }
    }

    private DataFrame commit(TableTarget target) {
        WriteBase base = target.base();
        TableMetadata metadata = metadata(target);
        Protocol protocol = TableFeatures.upgraded(TableFeatures.union(base.protocol(), then.protocol()), metadata);
        // What the other table demands of writers, this one will, and this is its first write.
        TableFeatures.checkWritable(directory.toString(), protocol, metadata);
        List<AddFile> old = target.currentFiles();
        List<AddFile> files = then.files(FileFilter.everything());
        List<Action> actions = new ArrayList<>();
        if (!base.exists() || !protocol.equals(base.protocol())) {
            actions.add(protocol);
        }
        actions.add(metadata);
        long now = target.now();
        List<Path> copies = new ArrayList<>();
        boolean done = false;
        try {
            List<AddFile> added = deep ? copied(files, target, copies) : named(files);
            // A file that the table names already, as an earlier clone: a commit that removes it, too, would lose it.
            Restore.without(old, added).forEach(file -> actions.add(file.remove(now)));
            actions.addAll(added);
            Map<String, String> parameters = Map.of(
                    "source",
                    "delta.`" + source + "`",
                    "sourceVersion",
                    Long.toString(then.version()),
                    "isShallow",
                    Boolean.toString(!deep));
            Commit commit = new Commit(
                    base.version(),
                    new ReadSet.WholeTable(),
                    Operations.on(base, "CLONE", parameters, target),
                    actions);
            CommitOutcome outcome =
                    Cancellation.ofThread().commit(() -> target.log().commit(commit));
            if (!(outcome instanceof CommitOutcome.Committed(long version))) {
                throw new UnavailableException(
                        "DELTA_CONCURRENT_CHANGE",
                        directory + ": another writer made or changed the table while CLONE was at it. Nothing was"
                                + " committed; look at the table, then run it again.");
            }
            done = true;
            target.committed(new WriteBase(version, metadata, protocol, Optional.empty()));
        } catch (dev.headrace.errors.CommitUnknownException unknown) {
            done = true;
            throw unknown;
        } finally {
            if (!done) {
                Cancellation.<@Nullable Void>toTheEnd(() -> {
                    Vacuum.delete(copies);
                    return null;
                });
            }
        }
        long bytes = bytes(files);
        Object[] row = {
            bytes,
            (long) files.size(),
            (long) old.size(),
            deep ? (long) files.size() : 0L,
            bytes(old),
            deep ? bytes : 0L
        };
        return session.createDataFrame(List.of(RowFactory.create(row)), RESULT);
    }

    private TableMetadata metadata(TableTarget target) {
        TableMetadata of = then.metadata();
        Map<String, String> configuration = new HashMap<>(of.configuration());
        configuration.putAll(properties);
        return new TableMetadata(
                        target.newId().toString(),
                        of.name(),
                        of.description(),
                        of.schema(),
                        of.partitionColumns(),
                        Map.of(),
                        OptionalLong.of(target.now()))
                .withConfiguration(configuration);
    }

    private static long bytes(List<AddFile> files) {
        return files.stream().mapToLong(AddFile::size).sum();
    }

    private List<AddFile> named(List<AddFile> files) {
        return files.stream()
                .map(file -> file.at(
                        uri(DataFile.resolve(source, file.path())),
                        file.deletionVector().map(vector -> DeletionVectors.absolute(source, vector))))
                .toList();
    }

    /// As Hadoop writes it, on the local disk with one slash: Spark compares such texts.
    static String uri(Path file) {
        if (!TablePaths.isLocal(file)) {
            return file.toUri().toString();
        }
        return "file:" + file.toAbsolutePath().normalize().toUri().getRawPath();
    }

    private List<AddFile> copied(List<AddFile> files, TableTarget target, List<Path> copies) {
        List<AddFile> added = new ArrayList<>();
        Map<Path, Path> vectors = new HashMap<>();
        TreeSet<Path> directories = new TreeSet<>();
        for (AddFile file : files) {
            Cancellation.checkThread();
            Path from = DataFile.resolve(source, file.path());
            @Nullable Path below = from.startsWith(source) ? source.relativize(from).getParent() : null;
            // A new name: the directory may hold a file of that name from an earlier clone.
            String name = target.newId() + "-" + from.getFileName();
            DataFile place = new DataFile(directory, below == null ? name : below + "/" + name);
            copy(from, place.file(), copies);
            Optional<DeletionVector> vector = file.deletionVector().map(of -> {
                if (of.storageType().equals("i")) {
                    return of;
                }
                Path to = vectors.computeIfAbsent(DeletionVectors.file(source, of), there -> {
                    Path copy = directory.resolve("deletion_vector_" + target.newId() + ".bin");
                    copy(there, copy, copies);
                    return copy;
                });
                return new DeletionVector("p", uri(to), of.offset(), of.sizeInBytes(), of.cardinality());
            });
            added.add(file.at(place.encodedPath(), vector));
        }
        for (Path copy : copies) {
            for (Path above = copy.getParent();
                    above != null && above.startsWith(directory);
                    above = above.getParent()) {
                directories.add(above);
            }
        }
        directories.descendingSet().forEach(TableClone::force);
        return added;
    }

    private void copy(Path from, Path to, List<Path> copies) {
        copies.add(to);
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
            LocalCommitStore.force(to);
        } catch (NoSuchFileException gone) {
            throw new DataException(
                    "DELTA_FILE_MISSING",
                    source + ": version " + then.version() + " can't be cloned, because its file '" + from
                            + "' is gone: a vacuum has deleted it. Clone a newer version, or restore the file from a copy.",
                    gone);
        } catch (IOException failed) {
            throw OutputFailure.of(to, failed);
        }
    }

    private static void force(Path directory) {
        try {
            LocalCommitStore.force(directory);
        } catch (IOException failed) {
            throw OutputFailure.of(directory, failed);
        }
    }
}
