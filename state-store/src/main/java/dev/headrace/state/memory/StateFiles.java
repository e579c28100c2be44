package dev.headrace.state.memory;

import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.ResourceException;
import dev.headrace.state.KeyGroups;
import dev.headrace.state.StateSchema;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// The files of a store: its runs, and its schema.
final class StateFiles {
    private static final String ROWS = "rows, ";
    private static final String EXPIRING = "expiring true";

    /// Files smaller than this are taken for equally large.
    private static final long SMALL_BYTES = 64 * 1024;

    private final Path directory;
    private final KeyGroups groups;
    private final RunMerge merge;
    private final TreeSet<Run> runs = new TreeSet<>(Run.ORDER);

    /// Held for reading while a chain of runs is read, for writing while merged runs are deleted.
    private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();

    /// How runs that follow each other become one.
    interface RunMerge {
        /// Writes what the inputs, the oldest first, come to.
        void merge(List<Run> inputs, Run merged);
    }

    private StateFiles(Path directory, KeyGroups groups, RunMerge merge) {
        this.directory = directory;
        this.groups = groups;
        this.merge = merge;
    }

    static StateFiles open(Path directory, StateSchema schema, KeyGroups groups, RunMerge merge) {
        try {
            WholeFile.createDirectories(directory);
            StateFiles files = new StateFiles(directory, groups, merge);
            files.checkSchema(schema);
            try (Stream<Path> all = Files.list(directory)) {
                for (Path file : all.toList()) {
                    if (file.toString().endsWith(".tmp")) {
                        Files.delete(file);
                    }
                    Run.of(file).ifPresent(files.runs::add);
                }
            }
            files.dropMerged();
            return files;
        } catch (IOException e) {
            throw failed(directory, "opening", e);
        }
    }

    static HeadraceException failed(Path file, String doing, IOException e) {
        String text = file + ": " + doing + " failed: " + e.getMessage() + ".";
        boolean full = String.valueOf(e.getMessage()).contains("No space left");
        return full
                ? new ResourceException("DISK_FULL", text + " Free some space and start the query again.", e)
                : new CheckpointException("STATE_IO_ERROR", text, e);
    }

    private void checkSchema(StateSchema schema) throws IOException {
        List<String> now =
                List.of(schema.key().json(), schema.value().json(), kind(schema), "key groups " + groups.count());
        Path file = directory.resolve("schema");
        if (!Files.exists(file)) {
            WholeFile.write(file, now);
            return;
        }
        List<String> before = readSchema(file);
        List<String> widened = List.of(
                widened(before.get(0), schema.key()),
                widened(before.get(1), schema.value()),
                before.get(2),
                before.get(3));
        if (!now.equals(widened)) {
            throw new CheckpointException(
                    "STATE_SCHEMA_MISMATCH",
                    directory + ": " + difference(schema, before)
                            + " A query's grouping and aggregates must stay the same: bring back the old query, or start with a "
                            + "new checkpointLocation.");
        }
    }

    /// The schema that state was kept with, in JSON, when what may be null now may be so and its columns have the
    /// comments and other metadata of now: rows lie the same.
    private static String widened(String before, StructType now) {
        return widened(DataType.fromJson(before), now).json();
    }

    private static DataType widened(DataType before, DataType now) {
        if (before instanceof StructType then && now instanceof StructType current && then.size() == current.size()) {
            List<StructField> fields = new ArrayList<>();
            for (int i = 0; i < then.size(); i++) {
                fields.add(widened(then.field(i), current.field(i)));
            }
            return new StructType(fields);
        }
        if (before instanceof ArrayType(DataType then, boolean nulls)
                && now instanceof ArrayType(DataType current, boolean currentNulls)) {
            return new ArrayType(widened(then, current), nulls || currentNulls);
        }
        if (before instanceof MapType(DataType key, DataType then, boolean nulls)
                && now instanceof MapType(DataType currentKey, DataType current, boolean currentNulls)) {
            return new MapType(widened(key, currentKey), widened(then, current), nulls || currentNulls);
        }
        return before;
    }

    private static StructField widened(StructField before, StructField now) {
        return new StructField(
                before.name(),
                widened(before.dataType(), now.dataType()),
                before.nullable() || now.nullable(),
                now.metadata());
    }

    private static String kind(StateSchema schema) {
        return (schema.kind() == StateSchema.Kind.ROWS ? ROWS : "") + (schema.expiring() ? EXPIRING : "expiring false");
    }

    private static List<String> readSchema(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() != 4) {
            throw new CheckpointException("STATE_FILE_DAMAGED", file + " is damaged: it should have four lines.");
        }
        return lines;
    }

    static StateSchema schemaIn(Path directory) {
        Path file = directory.resolve("schema");
        try {
            List<String> lines = readSchema(file);
            return new StateSchema(
                    lines.get(2).startsWith(ROWS) ? StateSchema.Kind.ROWS : StateSchema.Kind.MAP,
                    (StructType) DataType.fromJson(lines.get(0)),
                    (StructType) DataType.fromJson(lines.get(1)),
                    lines.get(2).endsWith(EXPIRING));
        } catch (IOException e) {
            throw failed(file, "reading", e);
        }
    }

    /// Whether there is a run in a directory, which need not be there.
    static boolean anyIn(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.anyMatch(file -> Run.of(file).isPresent());
        } catch (IOException e) {
            throw failed(directory, "reading", e);
        }
    }

    private static String difference(StateSchema schema, List<String> before) {
        return different("key", schema.key(), before.get(0))
                .or(() -> different("value", schema.value(), before.get(1)))
                .orElse("the state was kept with '" + before.get(2) + "', '" + before.get(3)
                        + "', which is different now.");
    }

    private static Optional<String> different(String part, StructType now, String json) {
        StructType then = (StructType) DataType.fromJson(json);
        for (int i = 0; i < Math.max(now.size(), then.size()); i++) {
            Optional<StructField> old = i < then.size() ? Optional.of(then.field(i)) : Optional.empty();
            Optional<StructField> current = i < now.size() ? Optional.of(now.field(i)) : Optional.empty();
            if (old.isEmpty()
                    || current.isEmpty()
                    || !widened(old.get(), current.get()).equals(current.get())) {
                // Of types within types only JSON says which may be null.
                boolean within = text(old, DataType::simpleString).equals(text(current, DataType::simpleString));
                Function<DataType, String> type = within ? DataType::json : DataType::simpleString;
                return Optional.of("column " + i + " of the state's " + part + " was " + text(old, type)
                        + " and is now " + text(current, type) + ".");
            }
        }
        return Optional.empty();
    }

    private static String text(Optional<StructField> field, Function<DataType, String> type) {
        return field.map(f -> "'" + f.name() + " " + type.apply(f.dataType()) + (f.nullable() ? "'" : " not null'"))
                .orElse("absent");
    }

    KeyGroups groups() {
        return groups;
    }

    /// The newest version that can be read.
    synchronized long latest() {
        return runs.stream().mapToLong(Run::to).max().orElse(0);
    }

    /// Uses the runs that together give a version, in order. Merged ones are not deleted meanwhile.
    ///
    /// @throws CheckpointException if there is a gap
    void read(long version, Consumer<Run> use) {
        inUse.readLock().lock();
        try {
            chain(version).forEach(use);
        } finally {
            inUse.readLock().unlock();
        }
    }

    private synchronized List<Run> chain(long version) {
        List<Run> chain = new ArrayList<>();
        long reached = 0;
        while (reached < version) {
            long from = reached;
            Run next = runs.stream()
                    .filter(run -> run.from() == from && run.to() <= version)
                    .findFirst()
                    .orElseThrow(() -> missing(version, from));
            chain.add(next);
            reached = next.to();
        }
        return chain;
    }

    private CheckpointException missing(long version, long after) {
        return new CheckpointException(
                "STATE_FILE_MISSING",
                directory + ": version " + version + " of the state can't be read: there is "
                        + (runs.isEmpty() ? "no file of any version" : "no file for the version after " + after)
                        + ". Restore it from a copy of the checkpoint, or start with a new checkpoint directory."
                        + (runs.isEmpty()
                                ? " If nothing was lost, an operator keeps state here that kept none when the query last"
                                        + " ran: the query is another one, or runs otherwise in this version of Headrace."
                                : ""));
    }

    Run runOf(long from, long to) {
        return Run.in(directory, from, to);
    }

    synchronized void add(Run run) {
        runs.add(run);
    }

    synchronized int count() {
        return runs.size();
    }

    /// Deletes runs that only later versions than the run's need, left by a run of the query that was cut off. The run
    /// itself may have one in its place, which is replaced when it is whole: until then what it says can be read.
    synchronized void dropBehind(Run next) {
        for (Run run : List.copyOf(runs)) {
            if (run.to() > next.from() && !run.equals(next)) {
                delete(run);
            }
        }
    }

    /// Deletes runs that have become part of another one, which a crash has left beside it.
    private synchronized void dropMerged() {
        long reached = 0;
        for (Run run : List.copyOf(runs)) {
            if (run.to() <= reached) {
                delete(run);
            }
            reached = Math.max(reached, run.to());
        }
    }

    private synchronized void delete(Run run) {
        try {
            Files.deleteIfExists(run.file());
            runs.remove(run);
        } catch (IOException e) {
            throw failed(run.file(), "deleting", e);
        }
    }

    /// Merges the runs of versions up to `oldest` where enough of about the same size have come together, and deletes
    /// those that are merged. The cost, over time, is that of the changes times the number of merge levels.
    void compact(long oldest) {
        while (true) {
            List<Run> inputs = mergeable(oldest);
            if (inputs.isEmpty()) {
                return;
            }
            Run merged = runOf(inputs.getFirst().from(), inputs.getLast().to());
            merge.merge(inputs, merged);
            inUse.writeLock().lock();
            try {
                replace(inputs, merged);
            } finally {
                inUse.writeLock().unlock();
            }
        }
    }

    private synchronized void replace(List<Run> inputs, Run merged) {
        runs.add(merged);
        inputs.forEach(this::delete);
    }

    /// The tail of the chain that is worth merging.
    private List<Run> mergeable(long oldest) {
        List<Run> chain = new ArrayList<>();
        synchronized (this) {
            long reached = 0;
            for (Run run : runs) {
                if (run.from() == reached && run.to() <= oldest) {
                    chain.add(run);
                    reached = run.to();
                }
            }
        }
        int count = Tiers.tail(chain.stream()
                .mapToLong(run -> Math.max(SMALL_BYTES, size(run)))
                .toArray());
        return chain.subList(chain.size() - count, chain.size());
    }

    private static long size(Run run) {
        try {
            return Files.size(run.file());
        } catch (IOException e) {
            throw failed(run.file(), "reading", e);
        }
    }
}
