package dev.headrace.delta.standalone;

import dev.headrace.delta.log.CommitStore;
import dev.headrace.delta.log.LocalCommitStore;
import io.delta.storage.LocalLogStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/// Where Standalone puts commits: as Headrace does, so that of several processes one wins, and a commit is durable when
/// it is there. The library's own store for local disks only keeps the threads of one process apart.
public final class LinkedLogStore extends LocalLogStore {
    /// Called by the library.
    public LinkedLogStore(Configuration configuration) {
        super(configuration);
    }

    @Override
    public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
            throws IOException {
        if (overwrite || !path.getName().matches("\\d{20}\\.json")) {
            super.write(path, actions, overwrite, configuration);
            return;
        }
        StringBuilder lines = new StringBuilder();
        actions.forEachRemaining(line -> lines.append(line).append('\n'));
        long version = Long.parseLong(path.getName().substring(0, 20));
        java.nio.file.Path log = java.nio.file.Path.of(path.getParent().toUri());
        CommitStore.Put put =
                new LocalCommitStore(log).putIfAbsent(version, lines.toString().getBytes(StandardCharsets.UTF_8));
        if (put == CommitStore.Put.TAKEN) {
            throw new FileAlreadyExistsException(path.toString());
        }
    }
}
