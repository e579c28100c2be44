package dev.headrace.delta.log;

import java.io.IOException;
import java.util.Optional;

/// The commit files of one table's log, each written once. All writers of a table, in this process and in others, meet
/// here, and only here.
public interface CommitStore {
    /// The commit file of a version as messages name it.
    String fileOf(long version);

    /// The bytes of a version's commit file; empty if there is none.
    Optional<byte[]> read(long version) throws IOException;

    boolean exists(long version) throws IOException;

    /// Makes `bytes` the commit of `version`, durably, unless that version has a commit already. Whatever happens, a
    /// reader sees either no file or all of it.
    ///
    /// @throws IOException if it is not known whether the bytes are there now
    Put putIfAbsent(long version, byte[] bytes) throws IOException;

    /// What became of a put.
    enum Put {
        WRITTEN,
        /// Another commit has the version.
        TAKEN
    }
}
