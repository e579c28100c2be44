package dev.headrace.delta;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a table's log says of the table: who made which version, and what it is now.
final class TableHistory {
    private static final StructType HISTORY =
            StructType.fromDDL("version bigint, timestamp timestamp, operation string, "
                    + "operationParameters map<string, string>, readVersion bigint, isBlindAppend boolean, "
                    + "operationMetrics map<string, string>, engineInfo string");
    private static final StructType DETAIL = StructType.fromDDL("format string, id string, name string, "
            + "description string, location string, createdAt timestamp, lastVersion bigint, "
            + "partitionColumns array<string>, numFiles bigint, sizeInBytes bigint, properties map<string, string>, "
            + "minReaderVersion int, minWriterVersion int, tableFeatures array<string>");

    private final Session session;
    private final TableLog log;

    TableHistory(Session session, TableLog log) {
        this.session = session;
        this.log = log;
    }

    /// The versions that the log still has, the newest first.
    DataFrame versions(TableSnapshot latest, int limit) {
        List<Row> rows = new ArrayList<>();
        for (long version = latest.version(); version >= 0 && rows.size() < limit; version--) {
            Optional<List<Action>> commit = log.commitOf(version);
            if (commit.isEmpty()) {
                break;
            }
            rows.add(row(version, commit.get()));
        }
        return session.createDataFrame(rows, HISTORY);
    }

    private static Row row(long version, List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof CommitInfo info) {
                Map<String, String> metrics = new LinkedHashMap<>();
                info.metrics().forEach((name, value) -> metrics.put(name, value.toString()));
                return RowFactory.create(
                        version,
                        Instant.ofEpochMilli(info.timestampMillis()),
                        info.operation(),
                        info.parameters(),
                        info.readVersion().isPresent() ? info.readVersion().getAsLong() : null,
                        info.isBlindAppend(),
                        metrics,
                        info.engine().orElse(null));
            }
        }
        @Nullable Object[] unknown = new @Nullable Object[HISTORY.size()];
        unknown[0] = version;
        return RowFactory.create(unknown);
    }

    /// One row about the newest version.
    DataFrame detail(TableSnapshot latest) {
        List<AddFile> files = latest.files(FileFilter.everything());
        TreeSet<String> features = new TreeSet<>(latest.protocol().readerFeatures());
        features.addAll(latest.protocol().writerFeatures());
        Row row = RowFactory.create(
                "delta",
                latest.metadata().id(),
                latest.metadata().name().orElse(null),
                latest.metadata().description().orElse(null),
                log.location(),
                latest.metadata().createdTimeMillis().isPresent()
                        ? Instant.ofEpochMilli(
                                latest.metadata().createdTimeMillis().getAsLong())
                        : null,
                latest.version(),
                latest.metadata().partitionColumns(),
                (long) files.size(),
                files.stream().mapToLong(AddFile::size).sum(),
                latest.metadata().configuration(),
                latest.protocol().minReaderVersion(),
                latest.protocol().minWriterVersion(),
                new ArrayList<>(features));
        return session.createDataFrame(List.of(row), DETAIL);
    }
}
