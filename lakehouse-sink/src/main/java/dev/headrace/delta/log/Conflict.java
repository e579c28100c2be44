package dev.headrace.delta.log;

import java.time.Instant;
import java.util.Optional;

/// Why a commit can't follow another one that came first.
///
/// @param kind what the other one did
/// @param version the other one's version
/// @param winner who made it, if it says so
/// @param subject what it is about: a file, an application
public record Conflict(Kind kind, long version, Optional<CommitInfo> winner, String subject) {
    /// What the commit that came first did.
    public enum Kind {
        /// It changed what readers and writers must understand.
        PROTOCOL_CHANGED("changed the table's protocol"),
        /// It changed the schema, the partitioning or a property.
        METADATA_CHANGED("changed the table's schema or properties"),
        /// It committed a batch of the same application.
        SAME_APPLICATION("committed a batch of the same query"),
        /// It added rows that this commit should have seen.
        ROWS_ADDED("added rows"),
        /// It removed rows that this commit had seen.
        ROWS_REMOVED("removed rows"),
        /// It removed a file that this commit removes.
        FILE_REMOVED("removed a file that this write removes too"),
        /// It did something whose meaning is not known here.
        UNKNOWN_CHANGE("made a change of a kind that Headrace doesn't know");

        private final String did;

        Kind(String did) {
            this.did = did;
        }
    }

    /// Who did what, such as
    /// `version 7 ('WRITE' by 'Spark/4.1' at 2026-11-20T10:00:00Z, mode=Append) added rows: file 'a'`.
    public String describe() {
        return "version " + version + winner.map(Conflict::who).orElse("") + " " + kind.did + ": " + subject;
    }

    private static String who(CommitInfo info) {
        StringBuilder who = new StringBuilder(" ('" + info.operation() + "'");
        info.engine().ifPresent(engine -> who.append(" by '").append(engine).append("'"));
        who.append(" at ").append(Instant.ofEpochMilli(info.timestampMillis()));
        info.parameters()
                .forEach(
                        (key, value) -> who.append(", ").append(key).append('=').append(value));
        return who.append(')').toString();
    }
}
