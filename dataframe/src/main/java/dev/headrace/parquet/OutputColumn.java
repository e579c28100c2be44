package dev.headrace.parquet;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Memory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.TransferPair;
import org.jspecify.annotations.Nullable;

/// One column of the chunks: read from the file, or made beside it. Used like a [ColumnReader].
sealed interface OutputColumn extends AutoCloseable {
    static OutputColumn of(ParquetColumn column, ColumnPlanner planner, FileInput input, BufferAllocator allocator) {
        return switch (column) {
            case ParquetColumn.Stored(var field) ->
                new FromFile(planner.plan(field).open(input, allocator), allocator);
            case ParquetColumn.Constant constant -> new Constant(constant, allocator);
            case ParquetColumn.RowPosition _ -> new Position(allocator);
        };
    }

    void startRowGroup(RowGroup group);

    void begin(int rows);

    void append(int rows);

    void skip(int rows);

    /// The vector of what was appended; the caller owns it.
    FieldVector finish(Field field, int rows);

    @Override
    void close();

    /// A column of the file.
    record FromFile(ColumnReader reader, BufferAllocator allocator) implements OutputColumn {
        @Override
        public void startRowGroup(RowGroup group) {
            reader.startRowGroup(group);
        }

        @Override
        public void begin(int rows) {
            reader.begin(rows);
        }

        @Override
        public void append(int rows) {
            reader.append(rows);
        }

        @Override
        public void skip(int rows) {
            reader.skip(rows);
        }

        @Override
        public FieldVector finish(Field field, int rows) {
            FieldVector vector = field.createVector(allocator);
            try {
                reader.finish(vector, rows);
                return vector;
            } catch (RuntimeException failed) {
                vector.close();
                throw failed;
            }
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    /// The same value in every row: made once, shared by all chunks.
    final class Constant implements OutputColumn {
        private final ParquetColumn.Constant column;
        private final BufferAllocator allocator;
        private @Nullable FieldVector repeated;

        Constant(ParquetColumn.Constant column, BufferAllocator allocator) {
            this.column = column;
            this.allocator = allocator;
        }

        @Override
        public void startRowGroup(RowGroup group) {}

        @Override
        public void begin(int rows) {}

        @Override
        public void append(int rows) {}

        @Override
        public void skip(int rows) {}

        @Override
        public FieldVector finish(Field field, int rows) {
            FieldVector all = repeated == null ? repeat(field) : repeated;
            repeated = all;
            TransferPair pair = all.getTransferPair(field, allocator);
            pair.splitAndTransfer(0, rows);
            return (FieldVector) pair.getTo();
        }

        private FieldVector repeat(Field field) {
            FieldVector vector = field.createVector(allocator);
            vector.setInitialCapacity(Chunk.TARGET_ROWS);
            vector.allocateNew();
            for (int i = 0; i < Chunk.TARGET_ROWS; i++) {
                Cell.write(vector, i, column.value().value());
            }
            vector.setValueCount(Chunk.TARGET_ROWS);
            return vector;
        }

        @Override
        public void close() {
            if (repeated != null) {
                repeated.close();
                repeated = null;
            }
        }
    }

    /// The number of the row within its file.
    final class Position implements OutputColumn {
        private final BufferAllocator allocator;
        private long[] positions = new long[0];
        private long next;
        private int count;

        Position(BufferAllocator allocator) {
            this.allocator = allocator;
        }

        @Override
        public void startRowGroup(RowGroup group) {
            next = group.metadata().getRowIndexOffset();
        }

        @Override
        public void begin(int rows) {
            count = 0;
            if (positions.length < rows) {
                positions = new long[rows];
            }
        }

        @Override
        public void append(int rows) {
            for (int i = 0; i < rows; i++) {
                positions[count++] = next++;
            }
        }

        @Override
        public void skip(int rows) {
            next += rows;
        }

        @Override
        public FieldVector finish(Field field, int rows) {
            BigIntVector vector = (BigIntVector) field.createVector(allocator);
            vector.allocateNew(rows);
            vector.setValueCount(rows);
            long validity = vector.getValidityBuffer().memoryAddress();
            Memory.fill(validity, rows / 8, (byte) -1);
            for (int i = rows / 8 * 8; i < rows; i++) {
                Memory.setBit(validity, i);
            }
            long data = vector.getDataBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                Memory.putLong(data + 8L * i, positions[i]);
            }
            return vector;
        }

        @Override
        public void close() {}
    }
}
