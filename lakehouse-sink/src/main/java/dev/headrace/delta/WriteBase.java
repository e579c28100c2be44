package dev.headrace.delta;

import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.TableMetadata;
import java.util.List;
import java.util.Optional;

/// The table as a writer knows it: the version to commit on, or what a table that isn't there yet will be.
///
/// @param version [Commit#NO_TABLE] if there is no table
/// @param files the files in that version, if they are known without reading the log
record WriteBase(long version, TableMetadata metadata, Protocol protocol, Optional<List<AddFile>> files) {
    WriteBase {
        files = files.map(List::copyOf);
    }

    boolean exists() {
        return version != Commit.NO_TABLE;
    }
}
