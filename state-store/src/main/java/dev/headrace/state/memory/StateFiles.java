package dev.headrace.state.memory;

import dev.headrace.chunk.Memory;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.ResourceException;
import dev.headrace.state.KeyGroups;
import dev.headrace.state.StateSchema;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The files of a store: its runs, and its schema.
final class StateFiles {
    /// How many runs of about the same size are merged into one.
    private static final int FAN_IN = 8;

    private final Path directory;
    private final KeyGroups groups;
    private final TreeSet<Run> runs = new TreeSet<>(Run.ORDER);

    /// Held for reading while a chain of runs is read, for writing while merged runs are deleted.
    private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();

    private StateFiles(Path directory, KeyGroups groups) {
        this.directory = directory;
        this.groups = groups;
    }

    static StateFiles open(Path directory, StateSchema schema, KeyGroups groups) {
        try {
            Files.createDirectories(directory);
            StateFiles files = new StateFiles(directory, groups);
            files.checkSchema(schema);
            try (Stream<Path> all = Files.list(directory)) {
                for (Path file : all.toList()) {
                    if (file.toString().endsWith(".tmp")) {
                        Files.delete(file);
                    }
                    Run.of(file).ifPresent(files.runs::add);
                }
            }
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
        String now = schema.key().json() + "\n" + schema.value().json() + "\nexpiring " + schema.expiring()
                + "\nkey groups " + groups.count() + "\n";
        Path file = directory.resolve("schema");
        if (!Files.exists(file)) {
            Path temporary = directory.resolve("schema.tmp");
            Files.writeString(temporary, now);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        List<String> before = readSchema(file);
        if (!now.equals(String.join("\n", before) + "\n")) {
            throw new CheckpointException(
                    "STATE_SCHEMA_MISMATCH",
                    directory + ": " + difference(schema, before)
                            + " A query's grouping and aggregates must stay the same: bring back the old query, or start with a "
                            + "new checkpointLocation.");
        }
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
                    (StructType) DataType.fromJson(lines.get(0)),
                    (StructType) DataType.fromJson(lines.get(1)),
                    lines.get(2).equals("expiring true"));
        } catch (IOException e) {
            throw failed(file, "reading", e);
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
            if (!old.equals(current)) {
                return Optional.of("column " + i + " of the state's " + part + " was " + text(old) + " and is now "
                        + text(current) + ".");
            }
        }
        return Optional.empty();
    }

    private static String text(Optional<StructField> field) {
        return field.map(f -> "'" + f.name() + " " + f.dataType().simpleString() + "'")
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
                    .orElseThrow(() -> new CheckpointException(
                            "STATE_FILE_MISSING",
                            directory + ": version " + version
                                    + " of the state can't be read: there is no file for the version "
                                    + "after " + from
                                    + ". Restore it from a copy of the checkpoint, or start with a new "
                                    + "checkpoint directory."));
            chain.add(next);
            reached = next.to();
        }
        return chain;
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

    /// Deletes runs that only later versions than `version` need, left by a run of the query that was cut off.
    synchronized void dropAfter(long version) {
        for (Run run : List.copyOf(runs)) {
            if (run.to() > version) {
                delete(run);
            }
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
            merge(inputs, merged);
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

    /// The longest tail of the chain whose runs are each not much larger than all after them together.
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
        if (chain.size() < FAN_IN) {
            return List.of();
        }
        long bytes = 0;
        int first = chain.size();
        while (first > 0 && (chain.size() - first < FAN_IN || size(chain.get(first - 1)) <= bytes)) {
            first--;
            bytes += size(chain.get(first));
        }
        return chain.subList(first, chain.size());
    }

    private static long size(Run run) {
        try {
            return Files.size(run.file());
        } catch (IOException e) {
            throw failed(run.file(), "reading", e);
        }
    }

    /// One reader of a merge.
    ///
    /// @param age larger for newer runs
    private record Cursor(RunReader reader, int age) {}

    private void merge(List<Run> inputs, Run merged) {
        Comparator<Cursor> order = Comparator.<Cursor>comparingInt(
                        c -> groups.groupOf(c.reader().hash()))
                .thenComparingLong(c -> c.reader().hash())
                .thenComparing(c -> c.reader().key(), java.util.Arrays::compareUnsigned)
                .thenComparing(Comparator.comparingInt(Cursor::age).reversed());
        PriorityQueue<Cursor> queue = new PriorityQueue<>(order);
        List<RunReader> readers = new ArrayList<>();
        try (RunWriter writer = new RunWriter(merged, groups)) {
            for (int i = 0; i < inputs.size(); i++) {
                RunReader reader = RunReader.open(inputs.get(i), groups.count());
                readers.add(reader);
                if (reader.next()) {
                    queue.add(new Cursor(reader, i));
                }
            }
            byte[] last = new byte[0];
            boolean any = false;
            while (!queue.isEmpty()) {
                Cursor newest = queue.poll();
                RunReader entry = newest.reader();
                boolean superseded = any && java.util.Arrays.equals(last, entry.key());
                if (!superseded && !(entry.isDeletion() && merged.from() == 0)) {
                    writer.add(
                            entry.hash(),
                            entry.key(),
                            Memory.BYTES,
                            entry.key().length,
                            entry.value(),
                            Memory.BYTES,
                            entry.isDeletion() ? -1 : entry.value().length,
                            entry.expiry());
                }
                last = entry.key();
                any = true;
                if (entry.next()) {
                    queue.add(newest);
                }
            }
            writer.finish();
        } catch (IOException e) {
            throw failed(merged.file(), "writing", e);
        } finally {
            readers.forEach(RunReader::close);
        }
    }
}
