package dev.headrace.delta;

import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.DeletionVector;
import dev.headrace.delta.log.FileStatistics;
import dev.headrace.delta.log.RemoveFile;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The files of a table that are smaller than half of what they should be, in a version, and which of them are due to
/// be put together.
///
/// Those of a partition have levels by their numbers of rows: with 16 as the number that is many, files of 1 to 15
/// rows, of 16 to 255, and so on. When a level has many files they are put together and become one of a higher level.
/// So a row is written anew once for each level, however many files come, and a level has few files at rest. A level is
/// also due when it has the bytes of a whole file.
final class SmallFiles {
    /// Of files that don't say how many rows they have.
    private static final long BYTES_OF_ROW = 64;

    private final int many;
    private final long fileBytes;
    private final Map<Map<String, @Nullable String>, Map<String, Small>> byPartition = new HashMap<>();
    private long version;

    private record Small(AddFile file, int level) {}

    /// Files of one partition that are due.
    record Due(int level, List<AddFile> files) {}

    /// @param version that has these files
    /// @param many how many of a level are put together
    /// @param fileBytes about how large files should be
    SmallFiles(long version, List<AddFile> files, int many, long fileBytes) {
        this.version = version;
        this.many = many;
        this.fileBytes = fileBytes;
        files.stream()
                .sorted(Comparator.comparingLong(AddFile::modificationTimeMillis))
                .forEach(this::add);
    }

    long version() {
        return version;
    }

    long fileBytes() {
        return fileBytes;
    }

    /// Goes on to the next version.
    ///
    /// @param actions of its commit
    void apply(List<? extends Action> actions) {
        version++;
        for (Action action : actions) {
            if (action instanceof RemoveFile gone) {
                remove(gone.path(), gone.partitionValues());
            }
        }
        // A file whose deletion vector changes is removed and added in one commit.
        for (Action action : actions) {
            if (action instanceof AddFile file) {
                remove(file.path(), file.partitionValues());
                add(file);
            }
        }
    }

    private void add(AddFile file) {
        if (file.size() < fileBytes / 2) {
            byPartition
                    .computeIfAbsent(file.partitionValues(), _ -> new LinkedHashMap<>())
                    .put(file.path(), new Small(file, level(file)));
        }
    }

    private void remove(String path, Map<String, @Nullable String> partition) {
        if (partition.isEmpty() && !byPartition.containsKey(partition)) {
            // Other writers need not say which partition they have taken a file out of.
            byPartition.values().removeIf(files -> files.remove(path) != null && files.isEmpty());
            return;
        }
        byPartition.computeIfPresent(partition, (_, files) -> {
            files.remove(path);
            return files.isEmpty() ? null : files;
        });
    }

    private int level(AddFile file) {
        long rows =
                FileStatistics.read(file.stats(), new StructType()).rowCount().orElse(file.size() / BYTES_OF_ROW);
        rows -= file.deletionVector().map(DeletionVector::cardinality).orElse(0L);
        int level = 0;
        for (long left = rows / many; left > 0; left /= many) {
            level++;
        }
        return level;
    }

    /// What is due: small files first, because of them most go for the least work.
    ///
    /// @param partitions those to look at; the ones in which nothing is due are taken out
    List<Due> due(Set<Map<String, @Nullable String>> partitions) {
        List<Due> due = new ArrayList<>();
        partitions.removeIf(partition -> {
            int before = due.size();
            addDue(byPartition.getOrDefault(partition, Map.of()), due);
            return due.size() == before;
        });
        due.sort(Comparator.comparingInt(Due::level));
        return due;
    }

    private void addDue(Map<String, Small> files, List<Due> due) {
        SortedMap<Integer, List<AddFile>> byLevel = new TreeMap<>();
        for (Small small : files.values()) {
            byLevel.computeIfAbsent(small.level(), _ -> new ArrayList<>()).add(small.file());
        }
        byLevel.forEach((level, ofLevel) -> {
            List<AddFile> next = new ArrayList<>();
            long bytes = 0;
            for (AddFile file : ofLevel) {
                if (bytes + file.size() > fileBytes) {
                    due.add(new Due(level, List.copyOf(next)));
                    next.clear();
                    bytes = 0;
                }
                next.add(file);
                bytes += file.size();
            }
            if (next.size() >= many) {
                due.add(new Due(level, next));
            }
        });
    }

    /// Whether files are what they were.
    boolean has(List<AddFile> files) {
        return files.stream().allMatch(file -> {
            Small small =
                    byPartition.getOrDefault(file.partitionValues(), Map.of()).get(file.path());
            return small != null && small.file().deletionVector().equals(file.deletionVector());
        });
    }

    /// Leaves files alone from now on.
    void forget(List<AddFile> files) {
        files.forEach(file -> remove(file.path(), file.partitionValues()));
    }
}
