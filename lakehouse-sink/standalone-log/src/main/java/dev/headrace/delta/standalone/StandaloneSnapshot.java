package dev.headrace.delta.standalone;

import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.HeadraceException;
import io.delta.standalone.data.CloseableIterator;
import io.delta.standalone.internal.SnapshotImpl;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/// One version of a table as Delta Standalone replays it. One thread at a time asks it.
final class StandaloneSnapshot implements TableSnapshot {
    private final SnapshotImpl snapshot;
    private final Function<Exception, HeadraceException> explained;
    private final TableMetadata metadata;
    private final Protocol protocol;

    /// @param explained makes of an exception of Standalone's one that says which file of the log is at fault
    StandaloneSnapshot(SnapshotImpl snapshot, Function<Exception, HeadraceException> explained) {
        this.snapshot = snapshot;
        this.explained = explained;
        metadata = StandaloneActions.metadata(snapshot.getMetadata());
        protocol = new Protocol(
                snapshot.protocol().getMinReaderVersion(),
                snapshot.protocol().getMinWriterVersion(),
                Set.of(),
                Set.of());
    }

    @Override
    public long version() {
        return snapshot.getVersion();
    }

    @Override
    public TableMetadata metadata() {
        return metadata;
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    @Override
    public synchronized OptionalLong lastTransaction(String appId) {
        try {
            scala.Option<?> last = snapshot.transactions().get(appId);
            return last.isEmpty() ? OptionalLong.empty() : OptionalLong.of((Long) last.get());
        } catch (Exception failed) {
            throw explained.apply(failed);
        }
    }

    @Override
    public synchronized List<AddFile> files(FileFilter filter) {
        List<AddFile> files = new ArrayList<>();
        try (CloseableIterator<io.delta.standalone.actions.AddFile> all =
                snapshot.scan().getFiles()) {
            while (all.hasNext()) {
                AddFile file = StandaloneActions.addFile(all.next());
                if (filter.mayMatch(file)) {
                    files.add(file);
                }
            }
        } catch (Exception failed) {
            throw explained.apply(failed);
        }
        return files;
    }
}
