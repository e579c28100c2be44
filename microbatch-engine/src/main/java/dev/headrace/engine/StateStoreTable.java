package dev.headrace.engine;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.engine.log.BatchId;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.QueryException;
import dev.headrace.state.StateBackend;
import dev.headrace.state.StateReader;
import dev.headrace.state.StateSchema;
import dev.headrace.state.StateVersion;
import dev.headrace.state.VersionedState;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/// The state of one operator as a batch has left it: a row per entry, `key` and `value` as structs. A scan reads a copy
/// of the state's files, so the query may run meanwhile.
final class StateStoreTable implements BatchTable {
    private static final String KEY = "key";
    private static final String VALUE = "value";
    private static final String PARTITION = "partition_id";

    private final Path checkpoint;
    private final String directory;
    private final BatchId batch;
    private final StateBackend backend;
    private final StateSchema state;
    private final StructType schema;

    StateStoreTable(Path checkpoint, int operator, BatchId batch, StateBackend backend) {
        this.checkpoint = checkpoint;
        this.directory = QueryPipeline.stateDirectory(operator);
        this.batch = batch;
        this.backend = backend;
        this.state = backend.schemaIn(checkpoint.resolve(directory));
        this.schema = new StructType()
                .add(KEY, state.key(), false)
                .add(VALUE, state.value(), false)
                .add(PARTITION, DataTypes.IntegerType, false);
    }

    @Override
    public StructType schema() {
        return schema;
    }

    @Override
    public String description() {
        return "state " + checkpoint + "/" + directory + " after batch " + batch;
    }

    @Override
    public Scan scan(ScanRequest request) {
        List<Split> all = List.of(allocator -> new Entries(request.outputSchema(), allocator));
        return () -> all;
    }

    /// The entries of the version that the batch has left.
    private final class Entries implements ChunkReader {
        private final StructType asked;
        private final BufferAllocator allocator;
        private final CheckpointCopy copy;
        private final VersionedState store;
        private final StateReader reader;
        private final ChunkReader entries;

        Entries(StructType asked, BufferAllocator allocator) {
            this.asked = asked;
            this.allocator = allocator;
            copy = CheckpointCopy.of(checkpoint, List.of(directory));
            try {
                store = backend.openAny(copy.directory().resolve(directory), state, allocator);
            } catch (Throwable failed) {
                copy.close();
                throw failed;
            }
            try {
                reader = store.read(new StateVersion(batch.value() + 1));
            } catch (Throwable failed) {
                store.close();
                copy.close();
                if (failed instanceof CheckpointException missing
                        && missing.code().equals("STATE_FILE_MISSING")) {
                    throw notRetained(missing);
                }
                throw failed;
            }
            entries = reader.scan();
        }

        private QueryException notRetained(CheckpointException missing) {
            return new QueryException(
                    "BATCH_NOT_RETAINED",
                    checkpoint + ": the state that batch " + batch
                            + " has left is not kept any more. How many batches are kept is said by '"
                            + TriggerLoop.RETAIN + "'.",
                    missing);
        }

        @Override
        public @Nullable Chunk next() {
            Chunk chunk = entries.next();
            if (chunk == null) {
                return null;
            }
            try (chunk) {
                List<FieldVector> columns = new ArrayList<>();
                for (StructField field : asked.fieldList()) {
                    columns.add(column(field, chunk));
                }
                return new Chunk(asked, columns, chunk.rowCount());
            }
        }

        private FieldVector column(StructField field, Chunk entry) {
            return switch (field.name()) {
                case KEY -> struct(field, entry, state.key(), 0);
                case VALUE -> struct(field, entry, state.value(), state.key().size());
                default -> zeros(field, entry.rowCount());
            };
        }

        /// @param field may have fewer fields than are stored
        private FieldVector struct(StructField field, Chunk entry, StructType stored, int first) {
            StructVector struct = (StructVector) ArrowTypes.field(field).createVector(allocator);
            struct.allocateNew();
            List<StructField> fields = ((StructType) field.dataType()).fieldList();
            for (int i = 0; i < fields.size(); i++) {
                int column = first + stored.indexOf(fields.get(i).name()).getAsInt();
                try (FieldVector shared = entry.share(column)) {
                    shared.makeTransferPair((FieldVector) struct.getChildByOrdinal(i))
                            .transfer();
                }
            }
            for (int row = 0; row < entry.rowCount(); row++) {
                struct.setIndexDefined(row);
            }
            struct.setValueCount(entry.rowCount());
            return struct;
        }

        private FieldVector zeros(StructField field, int rows) {
            IntVector vector = (IntVector) ArrowTypes.field(field).createVector(allocator);
            vector.allocateNew(rows);
            for (int row = 0; row < rows; row++) {
                vector.set(row, 0);
            }
            vector.setValueCount(rows);
            return vector;
        }

        @Override
        public void close() {
            Closing.all(List.of(entries, reader, store, copy));
        }
    }
}
