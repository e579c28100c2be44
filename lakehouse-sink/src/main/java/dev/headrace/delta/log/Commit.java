package dev.headrace.delta.log;

import java.util.ArrayList;
import java.util.List;

/// What a writer wants to become the next version.
///
/// @param readVersion the version on which the actions are based; [#NO_TABLE] to create the table
/// @param reads what the actions depend on
/// @param info who writes; with a transaction id that no other commit has
/// @param actions everything else, in order
public record Commit(long readVersion, ReadSet reads, CommitInfo info, List<Action> actions) {
    /// The "version" before the first.
    public static final long NO_TABLE = -1;

    public Commit {
        actions = List.copyOf(actions);
        if (info.transactionId().isEmpty()) {
            throw new IllegalArgumentException("a commit needs a transaction id");
        }
    }

    /// All lines of the commit file.
    List<Action> lines() {
        List<Action> lines = new ArrayList<>(actions.size() + 1);
        lines.add(info);
        lines.addAll(actions);
        return lines;
    }
}
