package dev.headrace.delta.log;

import static dev.headrace.functions.coalesce;
import static dev.headrace.functions.col;
import static dev.headrace.functions.hash;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.pmod;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// Gives a table's log the forms that Delta's protocol allows and that neither Headrace nor the libraries behind it
/// write: checkpoints in parts, checkpoints of version two with sidecars, compacted logs.
public final class LogRewriter {
    private final Session session;
    private final Path table;
    private final Path log;

    /// @param session of one core, so that what it writes is one file
    public LogRewriter(Session session, Path table) {
        this.session = session;
        this.table = table;
        log = table.resolve("_delta_log");
    }

    /// The checkpoint of a version, one file, becomes one of several parts.
    ///
    /// @return the parts
    public List<Path> inParts(long version, int parts) throws IOException {
        Path whole = classic(version);
        DataFrame actions = session.read().parquet(whole.toString());
        List<Path> files = new ArrayList<>();
        for (int part = 1; part <= parts; part++) {
            Path file = log.resolve(String.format("%020d.checkpoint.%010d.%010d.parquet", version, part, parts));
            write(actions.where(share(part - 1, parts)), file);
            files.add(file);
        }
        Files.delete(whole);
        return files;
    }

    /// The checkpoint of a version becomes one of version two, with the files of the table in sidecars.
    ///
    /// @param format of the file that names the sidecars: `json` or `parquet`
    /// @return that file, and the sidecars
    public List<Path> withSidecars(long version, int sidecars, String format) throws IOException {
        Path whole = classic(version);
        DataFrame actions = session.read().parquet(whole.toString());
        Files.createDirectories(log.resolve("_sidecars"));
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < sidecars; i++) {
            Path file = log.resolve("_sidecars").resolve(UUID.randomUUID() + ".parquet");
            write(
                    actions.where("add is not null or remove is not null")
                            .where(share(i, sidecars))
                            .select("add", "remove"),
                    file);
            files.add(file);
        }
        Path top = log.resolve(String.format("%020d.checkpoint.%s.%s", version, UUID.randomUUID(), format));
        DataFrame rest = actions.where("add is null and remove is null").drop("add", "remove");
        rest = rest.selectExpr(columns(rest, "null as checkpointMetadata", "null as sidecar"))
                .union(one(rest, "named_struct('version', " + version + "L)", "null"));
        for (Path file : files) {
            rest = rest.union(one(
                    rest.drop("checkpointMetadata", "sidecar"),
                    "null",
                    "named_struct('path', '" + file.getFileName() + "', 'sizeInBytes', " + Files.size(file)
                            + "L, 'modificationTime', "
                            + Files.getLastModifiedTime(file).toMillis() + "L)"));
        }
        if (format.equals("json")) {
            Files.write(top, rest.toJSON().collectAsList());
        } else {
            // As one relation: each side of a union has files of its own.
            write(session.createDataFrame(rest.collectAsList(), rest.schema()), top);
        }
        Files.delete(whole);
        files.addFirst(top);
        return files;
    }

    private static String[] columns(DataFrame rest, String... more) {
        return Stream.concat(Stream.of(rest.columns()), Stream.of(more)).toArray(String[]::new);
    }

    private static DataFrame one(DataFrame rest, String checkpointMetadata, String sidecar) {
        String[] nulls = Stream.concat(
                        Stream.of(rest.columns()).map(column -> "null as " + column),
                        Stream.of(checkpointMetadata + " as checkpointMetadata", sidecar + " as sidecar"))
                .toArray(String[]::new);
        return rest.limit(1).selectExpr(nulls);
    }

    /// One of the shares that the files' actions are divided into; the first has all other actions.
    private static Column share(int index, int of) {
        return coalesce(pmod(hash(coalesce(col("add.path"), col("remove.path"))), lit(of)), lit(0))
                .equalTo(index);
    }

    /// Writes what the commits of a range come to beside them.
    public Path compact(long from, long to) throws IOException {
        Map<String, Action> last = new LinkedHashMap<>();
        for (long version = from; version <= to; version++) {
            Path commit = log.resolve(LocalCommitStore.fileName(version));
            for (Action action : CommitJson.read(commit.toString(), Files.readAllBytes(commit))) {
                String key = switch (action) {
                    case AddFile add -> add.path() + add.deletionVector();
                    case RemoveFile remove -> remove.path() + remove.deletionVector();
                    case SetTransaction transaction -> "txn " + transaction.appId();
                    case Action other -> other.getClass().getSimpleName();
                };
                last.put(key, action);
            }
        }
        last.remove("CommitInfo");
        last.remove("UnknownAction");
        Path compacted = log.resolve(String.format("%020d.%020d.compacted.json", from, to));
        return Files.write(compacted, CommitJson.write(List.copyOf(last.values())));
    }

    /// Deletes the commits before a version.
    public void forgetCommitsBefore(long version) throws IOException {
        for (long old = 0; old < version; old++) {
            Files.deleteIfExists(log.resolve(LocalCommitStore.fileName(old)));
        }
    }

    private Path classic(long version) {
        return log.resolve(String.format("%020d.checkpoint.parquet", version));
    }

    private void write(DataFrame rows, Path file) throws IOException {
        Path directory = table.resolveSibling(table.getFileName() + "-" + UUID.randomUUID());
        rows.write().parquet(directory.toString());
        try (Stream<Path> all = Files.list(directory)) {
            List<Path> written =
                    all.filter(one -> one.toString().endsWith(".parquet")).toList();
            assertEquals(1, written.size());
            Files.move(written.getFirst(), file);
        }
    }
}
