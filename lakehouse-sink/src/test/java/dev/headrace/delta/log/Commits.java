package dev.headrace.delta.log;

import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Commits for tests, in few words.
public final class Commits {
    public static final long NOW = 1_763_000_000_000L;
    public static final StructType SCHEMA = StructType.fromDDL("id bigint, day date, `customer_name` string");

    private Commits() {}

    public static TableMetadata metadata(String... partitionColumns) {
        return new TableMetadata(
                "5d8e3a8e-0000-4000-8000-000000000001",
                Optional.empty(),
                Optional.empty(),
                SCHEMA,
                List.of(partitionColumns),
                Map.of("delta.checkpointInterval", "5"),
                OptionalLong.of(NOW));
    }

    /// The first commit of a table, with no rows.
    public static Commit create(String... partitionColumns) {
        return commit(Commit.NO_TABLE, new ReadSet.WholeTable(), Protocol.BASIC, metadata(partitionColumns));
    }

    public static Commit append(long readVersion, Action... actions) {
        return commit(readVersion, new ReadSet.Nothing(), actions);
    }

    public static Commit replaceAll(long readVersion, Action... actions) {
        return commit(readVersion, new ReadSet.WholeTable(), actions);
    }

    public static Commit commit(long readVersion, ReadSet reads, Action... actions) {
        CommitInfo info = new CommitInfo(
                NOW,
                "WRITE",
                Map.of("mode", "Append"),
                readVersion < 0 ? OptionalLong.empty() : OptionalLong.of(readVersion),
                reads instanceof ReadSet.Nothing,
                Map.of("numFiles", 1L),
                Optional.of("test-writer"),
                Optional.of(UUID.randomUUID().toString()));
        return new Commit(readVersion, reads, info, Arrays.asList(actions));
    }

    /// A file without partition values and statistics.
    public static AddFile file(String path) {
        return new AddFile(path, Map.of(), 100, NOW, true, Optional.empty(), Optional.empty());
    }

    public static AddFile fileWithStats(String path, String stats) {
        return new AddFile(path, Map.of(), 100, NOW, true, Optional.of(stats), Optional.empty());
    }

    public static AddFile fileInDay(String path, @Nullable String day) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        values.put("day", day);
        return new AddFile(path, values, 100, NOW, true, Optional.empty(), Optional.empty());
    }

    /// What a compaction writes: the rows were in the table before.
    public static AddFile compacted(String path) {
        return new AddFile(path, Map.of(), 100, NOW, false, Optional.empty(), Optional.empty());
    }

    public static RemoveFile compactedAway(AddFile file) {
        return new RemoveFile(file.path(), NOW, false, file.partitionValues(), file.size(), Optional.empty());
    }

    public static SetTransaction batch(String appId, long version) {
        return new SetTransaction(appId, version, NOW);
    }

    public static List<String> paths(TableSnapshot snapshot) {
        List<String> paths = new ArrayList<>();
        snapshot.files(FileFilter.everything()).forEach(file -> paths.add(file.path()));
        paths.sort(null);
        return paths;
    }

    /// Appends like a streaming query: on top of its own last commit.
    public static void appendAll(TableLog log, String appId, int count) {
        long known = 0;
        for (int i = 0; i < count; i++) {
            CommitOutcome outcome = log.commit(append(known, batch(appId, i), file(appId + "-" + i)));
            if (!(outcome instanceof CommitOutcome.Committed(long version))) {
                throw new AssertionError(outcome);
            }
            known = version;
        }
    }
}
