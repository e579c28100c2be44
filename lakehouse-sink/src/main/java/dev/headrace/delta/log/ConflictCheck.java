package dev.headrace.delta.log;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides whether a commit still means the same after another one that it hadn't seen.
///
/// The rules make the table's history serial: each commit is as if its writer had read the version just before it.
///
/// | the other commit | conflicts with |
/// | --- | --- |
/// | changed protocol or metadata | every commit |
/// | holds a batch of an application whose batch this one holds too | this one |
/// | added rows (`dataChange`) that may be in the read set | this one |
/// | removed rows (`dataChange`) that may be in the read set | this one |
/// | removed a file that this one removes | this one |
///
/// So blind appends never conflict with each other, nor with a compaction.
public final class ConflictCheck {
    private final ReadSet reads;
    private final Set<String> applications = new HashSet<>();
    private final Set<String> removed = new HashSet<>();

    /// @param commit the one that came later
    public ConflictCheck(Commit commit) {
        reads = commit.reads();
        for (Action action : commit.actions()) {
            switch (action) {
                case SetTransaction transaction -> applications.add(transaction.appId());
                case RemoveFile remove -> removed.add(remove.path());
                case AddFile _, AddChangeFile _, TableMetadata _, Protocol _, CommitInfo _, UnknownAction _ -> {}
            }
        }
    }

    /// The first conflict with the commit that made `version`, if there is one.
    public Optional<Conflict> with(long version, List<Action> winner) {
        Optional<CommitInfo> info = infoOf(winner);
        for (Action action : winner) {
            Optional<Conflict> conflict = switch (action) {
                case Protocol protocol ->
                    conflict(Conflict.Kind.PROTOCOL_CHANGED, version, info, "it needs " + protocol.describe());
                case TableMetadata metadata ->
                    conflict(
                            Conflict.Kind.METADATA_CHANGED,
                            version,
                            info,
                            "the schema is now '" + metadata.schema().toDDL() + "'");
                case SetTransaction(String appId, long batch, long _) ->
                    applications.contains(appId)
                            ? conflict(
                                    Conflict.Kind.SAME_APPLICATION,
                                    version,
                                    info,
                                    "batch " + batch + " of '" + appId + "'")
                            : Optional.empty();
                case AddFile add -> added(version, info, add);
                case RemoveFile remove -> removed(version, info, remove);
                case CommitInfo _ -> Optional.empty();
                // It describes what the commit's other actions did.
                case AddChangeFile _ -> Optional.empty();
                case UnknownAction(String kind) -> unknown(version, info, kind);
            };
            if (conflict.isPresent()) {
                return conflict;
            }
        }
        return Optional.empty();
    }

    /// Who made a commit, if it says so.
    static Optional<CommitInfo> infoOf(List<Action> actions) {
        return actions.stream()
                .filter(CommitInfo.class::isInstance)
                .map(CommitInfo.class::cast)
                .findFirst();
    }

    private Optional<Conflict> added(long version, Optional<CommitInfo> info, AddFile add) {
        boolean read = switch (reads) {
            case ReadSet.Nothing() -> false;
            case ReadSet.WholeTable() -> true;
            case ReadSet.Matching(FileFilter filter, var _) -> filter.mayMatch(add);
        };
        return add.dataChange() && read
                ? conflict(Conflict.Kind.ROWS_ADDED, version, info, "file '" + add.path() + "'")
                : Optional.empty();
    }

    private Optional<Conflict> removed(long version, Optional<CommitInfo> info, RemoveFile remove) {
        if (removed.contains(remove.path())) {
            return conflict(Conflict.Kind.FILE_REMOVED, version, info, "file '" + remove.path() + "'");
        }
        boolean read = switch (reads) {
            case ReadSet.Nothing() -> false;
            case ReadSet.WholeTable() -> true;
            case ReadSet.Matching(FileFilter filter, Set<String> leftOut) ->
                !leftOut.contains(remove.path()) && filter.mayMatchPartition(remove.partitionValues());
        };
        return remove.dataChange() && read
                ? conflict(Conflict.Kind.ROWS_REMOVED, version, info, "file '" + remove.path() + "'")
                : Optional.empty();
    }

    /// Domain metadata is never written here.
    private static Optional<Conflict> unknown(long version, Optional<CommitInfo> info, String kind) {
        return kind.equals("domainMetadata")
                ? Optional.empty()
                : conflict(Conflict.Kind.UNKNOWN_CHANGE, version, info, "an action '" + kind + "'");
    }

    private static Optional<Conflict> conflict(
            Conflict.Kind kind, long version, Optional<CommitInfo> info, String subject) {
        return Optional.of(new Conflict(kind, version, info, subject));
    }
}
