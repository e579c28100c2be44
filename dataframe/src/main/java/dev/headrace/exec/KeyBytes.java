package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.RowEncoder;
import dev.headrace.chunk.RowLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarBinaryVector;

/// Puts the bytes of a key behind its columns.
final class KeyBytes implements Operator {
    private final GroupColumns columns;
    private final BufferAllocator allocator;
    private final int[] keys;
    private final RowEncoder encoder;

    KeyBytes(GroupColumns columns, BufferAllocator allocator) {
        this.columns = columns;
        this.allocator = allocator;
        this.keys = IntStream.range(columns.rowColumns(), columns.rowColumns() + columns.keyColumns())
                .toArray();
        this.encoder = new RowEncoder(RowLayout.of(columns.schema().select(keys)), allocator);
    }

    @Override
    public void process(Chunk input, Output out) {
        encoder.encode(IntStream.of(keys).mapToObj(input::column).toList(), input.rowCount());
        List<FieldVector> all = new ArrayList<>();
        try {
            for (int i = 0; i < input.columnCount(); i++) {
                all.add(input.share(i));
            }
            VarBinaryVector bytes = new VarBinaryVector("bytes", allocator);
            all.add(bytes);
            for (int row = 0; row < input.rowCount(); row++) {
                byte[] ofRow = new byte[encoder.length(row)];
                Memory.copy(null, encoder.address(row), ofRow, Memory.BYTES, ofRow.length);
                bytes.setSafe(row, ofRow);
            }
            bytes.setValueCount(input.rowCount());
        } catch (Throwable failed) {
            Closing.all(all);
            throw failed;
        }
        out.accept(new Chunk(columns.schema(), all, input.rowCount()));
    }

    @Override
    public void close() {
        encoder.close();
    }
}
