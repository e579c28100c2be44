package dev.headrace.columns;

import dev.headrace.chunk.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/// A column of arrays or of maps; a map is an array of structs of key and value.
///
/// A value is written as [#begin], for each element [#append] and the element at that row of [#elements], [#end].
public final class ListWriter extends ColumnWriter {
    private final ColumnWriter elements;
    private final boolean map;
    private final Block offsetBlock;
    private long offsets;
    /// The number of rows whose end is known.
    private int rows;
    /// The number of elements appended.
    private int count;

    ListWriter(ColumnWriter elements, boolean map, Optional<BufferAllocator> allocator) {
        super(allocator);
        this.elements = elements;
        this.map = map;
        this.offsetBlock = new Block(allocator);
    }

    /// Where the elements are written.
    public ColumnWriter elements() {
        return elements;
    }

    /// Begins the value of a row.
    public void begin(int row) {
        fill(row);
    }

    /// The row of [#elements] for one more element of the value that was begun, with room for it; null until written.
    public int append() {
        if (count == elements.capacity()) {
            elements.ensure(count + 1);
        }
        return count++;
    }

    /// Ends the value of a row.
    public void end(int row) {
        rows = row + 1;
        Memory.putInt(offsets + rows * 4L, count);
        setValid(row);
    }

    /// Ends the rows before `row` that have not been written, and takes back everything from `row` on.
    private void fill(int row) {
        if (rows > row) {
            rows = row;
        }
        int committed = Memory.getInt(offsets + rows * 4L);
        if (committed < count) {
            elements.clear(committed, count);
            count = committed;
        }
        while (rows < row) {
            Memory.putInt(offsets + ++rows * 4L, count);
        }
    }

    @Override
    public long byteCount(int rows) {
        return elements.byteCount(count) + 4L * rows;
    }

    @Override
    void grow(int kept, int capacity) {
        boolean fresh = offsetBlock.capacity() == 0;
        offsetBlock.ensure((capacity + 1) * 4L, fresh ? 0 : (kept + 1) * 4L);
        offsets = offsetBlock.address();
        if (fresh) {
            Memory.putInt(offsets, 0);
        }
    }

    @Override
    void forget(int from, int to) {
        if (offsets != 0 && from <= rows) {
            fill(from);
        }
    }

    @Override
    void writeCell(int row, Object cell) {
        begin(row);
        if (cell instanceof Map<?, ?> entries) {
            entries.forEach((key, value) -> elements.write(append(), Arrays.asList(key, value)));
        } else {
            ((List<?>) cell).forEach(element -> elements.write(append(), element));
        }
        end(row);
    }

    @Override
    Object value(int row) {
        int start = Memory.getInt(offsets + row * 4L);
        int end = Memory.getInt(offsets + row * 4L + 4);
        if (map) {
            return entries(start, end);
        }
        List<@Nullable Object> values = new ArrayList<>(end - start);
        for (int i = start; i < end; i++) {
            values.add(elements.read(i));
        }
        return values;
    }

    private Map<Object, @Nullable Object> entries(int start, int end) {
        StructWriter entry = (StructWriter) elements;
        Map<Object, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = start; i < end; i++) {
            values.put(
                    Objects.requireNonNull(entry.field(0).read(i)),
                    entry.field(1).read(i));
        }
        return values;
    }

    @Override
    void loadBuffers(FieldVector target, ArrowFieldNode node, ArrowBuf validity) {
        if (offsets == 0) {
            // There are no rows, as where all arrays around this one are empty.
            grow(0, 0);
        }
        fill(node.getLength());
        int elementCount = count;
        try (ArrowBuf ends = offsetBlock.take()) {
            ends.writerIndex((node.getLength() + 1) * 4L);
            target.loadFieldBuffers(node, List.of(validity, ends));
        }
        elements.load(((ListVector) target).getDataVector(), elementCount);
        offsets = 0;
        rows = 0;
        count = 0;
    }

    @Override
    void restart() {
        rows = 0;
        count = 0;
        elements.reset();
    }

    @Override
    public void close() {
        super.close();
        elements.close();
        offsetBlock.close();
        offsets = 0;
        rows = 0;
        count = 0;
    }
}
