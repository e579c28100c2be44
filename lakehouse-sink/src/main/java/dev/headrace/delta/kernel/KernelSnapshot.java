package dev.headrace.delta.kernel;

import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.DeletionVector;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.HeadraceException;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One version of a table as Delta Kernel replays it. Kernel's snapshot keeps caches, so one thread at a time asks it.
final class KernelSnapshot implements TableSnapshot {
    private final Snapshot snapshot;
    private final Engine engine;
    private final Function<Exception, HeadraceException> explained;
    private final TableMetadata metadata;
    private final Protocol protocol;

    /// @param explained makes of an exception of Kernel's one that says which file of the log is at fault
    KernelSnapshot(Snapshot snapshot, Engine engine, Function<Exception, HeadraceException> explained) {
        this.snapshot = snapshot;
        this.engine = engine;
        this.explained = explained;
        metadata = KernelActions.metadata(snapshot);
        protocol = KernelActions.protocol(snapshot);
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
            Optional<Long> last = snapshot.getLatestTransactionVersion(engine, appId);
            return last.isPresent() ? OptionalLong.of(last.get()) : OptionalLong.empty();
        } catch (RuntimeException kernelFailed) {
            throw explained.apply(kernelFailed);
        }
    }

    @Override
    public synchronized List<AddFile> files(FileFilter filter) {
        List<AddFile> files = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> batches =
                snapshot.getScanBuilder().build().getScanFiles(engine, true)) {
            while (batches.hasNext()) {
                collect(batches.next(), filter, files);
            }
        } catch (HeadraceException ours) {
            throw ours;
        } catch (RuntimeException | IOException kernelFailed) {
            throw explained.apply(kernelFailed);
        }
        return files;
    }

    private static void collect(FilteredColumnarBatch batch, FileFilter filter, List<AddFile> files)
            throws IOException {
        try (CloseableIterator<Row> rows = batch.getRows()) {
            while (rows.hasNext()) {
                AddFile file = addFile(struct(rows.next(), "add"));
                if (filter.mayMatch(file)) {
                    files.add(file);
                }
            }
        }
    }

    private static AddFile addFile(Row add) {
        int stats = add.getSchema().indexOf("stats");
        int deletionVector = add.getSchema().indexOf("deletionVector");
        return new AddFile(
                add.getString(add.getSchema().indexOf("path")),
                strings(add.getMap(add.getSchema().indexOf("partitionValues"))),
                add.getLong(add.getSchema().indexOf("size")),
                add.getLong(add.getSchema().indexOf("modificationTime")),
                add.getBoolean(add.getSchema().indexOf("dataChange")),
                stats < 0 || add.isNullAt(stats) ? Optional.empty() : Optional.of(add.getString(stats)),
                add.isNullAt(deletionVector)
                        ? Optional.empty()
                        : Optional.of(deletionVector(add.getStruct(deletionVector))));
    }

    private static DeletionVector deletionVector(Row vector) {
        int offset = vector.getSchema().indexOf("offset");
        return new DeletionVector(
                vector.getString(vector.getSchema().indexOf("storageType")),
                vector.getString(vector.getSchema().indexOf("pathOrInlineDv")),
                vector.isNullAt(offset) ? OptionalInt.empty() : OptionalInt.of(vector.getInt(offset)),
                vector.getInt(vector.getSchema().indexOf("sizeInBytes")),
                vector.getLong(vector.getSchema().indexOf("cardinality")));
    }

    private static Row struct(Row row, String field) {
        return row.getStruct(row.getSchema().indexOf(field));
    }

    private static Map<String, @Nullable String> strings(MapValue map) {
        ColumnVector keys = map.getKeys();
        ColumnVector values = map.getValues();
        Map<String, @Nullable String> strings = new LinkedHashMap<>();
        for (int i = 0; i < map.getSize(); i++) {
            strings.put(keys.getString(i), values.isNullAt(i) ? null : values.getString(i));
        }
        return strings;
    }
}
