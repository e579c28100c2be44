package dev.headrace.delta;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What some versions of a table changed, to be read: `option("readChangeFeed", true)`.
///
/// @param first the first version
/// @param last the last one
record ChangeFeedTable(TableLog log, ChangeFeed feed, long first, long last) implements BatchTable {
    /// @throws QueryException `MISSING_OPTION`, `CONFLICTING_OPTIONS`, `DELTA_NO_SUCH_VERSION`,
    ///     `DELTA_CHANGE_FEED_DISABLED`, `DELTA_CHANGE_FEED_SCHEMA_CHANGED`
    static ChangeFeedTable open(Path path, TableLog log, ConnectorOptions options, ParquetFooters footers) {
        TableSnapshot latest = log.latest().orElseThrow(() -> DeltaErrors.tableNotFound(path));
        TableFeatures.checkReadable(path.toString(), latest);
        SourceOptions range = SourceOptions.of(options);
        long first = range.startingVersion()
                .or(() -> range.startingTime().map(log::firstCommitSince))
                .orElseThrow(() -> new QueryException(
                        "MISSING_OPTION",
                        "format(\"delta\") option '" + SourceOptions.READ_CHANGE_FEED + "' needs '"
                                + SourceOptions.STARTING_VERSION + "' or '" + SourceOptions.STARTING_TIMESTAMP
                                + "': where the changes begin."));
        long last = range.endingVersion().isEmpty() && range.endingTime().isEmpty()
                ? latest.version()
                : range.lastVersion(log);
        if (first > latest.version() + 1 || last > latest.version() || first < 0) {
            throw new QueryException(
                    "DELTA_NO_SUCH_VERSION",
                    path + " has no changes of the versions " + first + " to " + last + ": its newest version is "
                            + latest.version() + ".");
        }
        ChangeFeed feed = new ChangeFeed(
                path,
                latest.metadata(),
                range.deriveChanges(),
                options.session().zone(),
                footers);
        if (first <= last) {
            feed.check(log.atVersion(first).metadata(), first);
        }
        return new ChangeFeedTable(log, feed, first, last);
    }

    @Override
    public StructType schema() {
        return feed.schema();
    }

    @Override
    public String description() {
        return "delta changes " + feed.table() + "@v" + first + "-v" + last;
    }

    @Override
    public Scan scan(ScanRequest request) {
        List<Split> splits = new ArrayList<>();
        for (long version = first; version <= last; version++) {
            for (FeedFile file : feed.of(version, commit(version))) {
                splits.addAll(feed.splits(file, request));
            }
        }
        return () -> splits;
    }

    private List<Action> commit(long version) {
        return log.commitOf(version)
                .orElseThrow(
                        () -> new DataException(
                                "DELTA_SOURCE_VERSIONS_LOST",
                                feed.table() + ": the commit of version " + version
                                        + " was cleaned up, so its changes are not known any more. Read from a later version on."));
    }
}
