package dev.headrace.delta;

import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.TableLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The query that applied changes to a table before this one: its checkpoint was lost or left, or there are two.
///
/// @param id its id
/// @param batch the last batch of it that the table has, as the log has it
record EarlierQuery(String id, String batch) {
    private static final int COMMITS = 50;
    private static final String ID = "queryId";
    private static final String BATCH = "epochId";

    /// Looks through the last commits for another query that applied changes.
    static Optional<EarlierQuery> find(TableLog log, long version, String self) {
        for (long at = version; at >= 0 && at > version - COMMITS; at--) {
            Optional<List<Action>> commit = log.commitOf(at);
            if (commit.isEmpty()) {
                return Optional.empty();
            }
            for (Action action : commit.get()) {
                if (action instanceof CommitInfo info
                        && info.parameters().containsKey("changes")
                        && info.parameters().containsKey(ID)
                        && !self.equals(info.parameters().get(ID))) {
                    return Optional.of(new EarlierQuery(
                            info.parameters().get(ID), info.parameters().getOrDefault(BATCH, "unknown")));
                }
            }
        }
        return Optional.empty();
    }

    /// What it means, for the log.
    String explain(Path table, String self) {
        return table + ": the query " + self + " begins with a new checkpoint, but changes were applied to this table"
                + " before, by the query " + id + " up to its batch " + batch
                + ". Changes that come again change nothing. Those that its source no longer gives, or that it begins behind"
                + " (startingOffsets), are missing from now on: begin where the other query had come to, or earlier.";
    }
}
