package dev.headrace.delta.kernel;

import dev.headrace.delta.log.DeletionVector;
import dev.headrace.delta.log.RemoveFile;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The files that a checkpoint says were taken out of the table. Kernel's snapshots leave them out.
final class RemovedFiles {
    private static final StructType VECTOR = new StructType()
            .add("storageType", StringType.STRING)
            .add("pathOrInlineDv", StringType.STRING)
            .add("offset", IntegerType.INTEGER)
            .add("sizeInBytes", IntegerType.INTEGER)
            .add("cardinality", LongType.LONG);
    private static final StructType REMOVE = new StructType()
            .add("path", StringType.STRING)
            .add("deletionTimestamp", LongType.LONG)
            .add("dataChange", BooleanType.BOOLEAN)
            .add("size", LongType.LONG)
            .add("deletionVector", VECTOR);
    private static final StructType SCHEMA =
            new StructType().add(Sidecars.COLUMN).add("remove", REMOVE);

    private final CheckpointRows rows;
    private final List<RemoveFile> found = new ArrayList<>();

    private RemovedFiles(Engine engine) {
        this.rows = new CheckpointRows(engine);
    }

    /// @param log the table's `_delta_log`
    /// @param checkpoint its files without the sidecars
    /// @throws IOException if one can't be read, or is not there
    static List<RemoveFile> of(Engine engine, Path log, List<Path> checkpoint) throws IOException {
        RemovedFiles removed = new RemovedFiles(engine);
        for (Path file : checkpoint) {
            for (String sidecar : removed.read(file)) {
                removed.read(log.resolve("_sidecars").resolve(sidecar));
            }
        }
        return removed.found;
    }

    /// @return the sidecars that it names
    private List<String> read(Path file) throws IOException {
        List<String> sidecars = new ArrayList<>();
        rows.forEach(file, SCHEMA, row -> {
            Sidecars.name(row).ifPresent(sidecars::add);
            if (!row.isNullAt(1)) {
                found.add(removeFile(row.getStruct(1)));
            }
        });
        return sidecars;
    }

    private static RemoveFile removeFile(Row remove) {
        int time = REMOVE.indexOf("deletionTimestamp");
        int size = REMOVE.indexOf("size");
        int vector = REMOVE.indexOf("deletionVector");
        return new RemoveFile(
                remove.getString(REMOVE.indexOf("path")),
                remove.isNullAt(time) ? 0 : remove.getLong(time),
                remove.getBoolean(REMOVE.indexOf("dataChange")),
                Map.of(),
                remove.isNullAt(size) ? 0 : remove.getLong(size),
                remove.isNullAt(vector)
                        ? Optional.empty()
                        : Optional.of(KernelSnapshot.deletionVector(remove.getStruct(vector))));
    }
}
