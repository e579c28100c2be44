package dev.headrace.delta;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddChangeFile;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;

/// The files in which a change of rows notes what it did, where the table has `delta.enableChangeDataFeed`: the rows as
/// they were and as they are, with the column [#TYPE]. Thread-safe until [#finish].
final class ChangeFeedFiles implements AutoCloseable {
    static final StructField TYPE = new StructField("_change_type", DataTypes.StringType, true);
    static final String DIRECTORY = "_change_data/";

    /// What happened to a row.
    enum Type {
        INSERT("insert"),
        DELETE("delete"),
        BEFORE_UPDATE("update_preimage"),
        AFTER_UPDATE("update_postimage");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private final DataWriters writers;
    private final StructType schema;

    ChangeFeedFiles(TableTarget target, TableMetadata table) {
        schema = table.schema().add(TYPE);
        TableMetadata ofFiles = new TableMetadata(
                table.id(),
                table.name(),
                table.description(),
                schema,
                table.partitionColumns(),
                table.configuration(),
                table.createdTimeMillis());
        writers = new DataWriters(target, ofFiles, DIRECTORY);
    }

    /// Notes that the same happened to some rows, which are borrowed.
    ///
    /// @param rows the table's columns
    void write(Chunk rows, Type type) {
        if (rows.rowCount() == 0) {
            return;
        }
        BufferAllocator allocator = rows.column(0).getAllocator();
        List<FieldVector> columns = new ArrayList<>();
        for (int i = 0; i < rows.columnCount(); i++) {
            columns.add(rows.share(i));
        }
        columns.add(constant(type.text(), rows.rowCount(), allocator));
        try (Chunk typed = new Chunk(schema, columns, rows.rowCount())) {
            writers.writeKept(typed);
        }
    }

    private static FieldVector constant(String text, int count, BufferAllocator allocator) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        VarCharVector vector = new VarCharVector(ArrowTypes.field(TYPE), allocator);
        vector.allocateNew((long) bytes.length * count, count);
        for (int row = 0; row < count; row++) {
            vector.set(row, bytes);
        }
        vector.setValueCount(count);
        return vector;
    }

    /// Completes the files.
    List<WrittenFile> finish() {
        return writers.finish();
    }

    static List<Action> actions(List<WrittenFile> files) {
        List<Action> actions = new ArrayList<>();
        for (WrittenFile file : files) {
            actions.add(new AddChangeFile(
                    file.action().path(),
                    file.action().partitionValues(),
                    file.action().size()));
        }
        return actions;
    }

    void handOver() {
        writers.handOver();
    }

    @Override
    public void close() {
        writers.close();
    }
}
