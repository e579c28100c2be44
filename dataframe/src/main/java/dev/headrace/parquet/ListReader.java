package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.parquet.encoding.NativeBuffer;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/// Reads a list, or a map, which is a list of structs: its elements, and from their levels where each list begins.
final class ListReader extends ColumnReader {
    private final Shape shape;
    private final ColumnReader elements;
    private final GrowingBitmap validity;
    private final NativeBuffer offsets;

    /// What a list's levels mean.
    ///
    /// @param definition the level from which on it is not null
    /// @param elementDefinition the level from which on it has an element
    /// @param elementRepetition the level at which a further element begins; below it, a new list begins
    /// @param slotDefinition the level from which on there is a slot for the list
    record Shape(int definition, int elementDefinition, int elementRepetition, int slotDefinition) {
        boolean nullable() {
            return definition > slotDefinition;
        }
    }

    ListReader(Shape shape, ColumnReader elements, BufferAllocator allocator) {
        this.shape = shape;
        this.elements = elements;
        this.validity = new GrowingBitmap(allocator);
        this.offsets = new NativeBuffer(allocator);
    }

    @Override
    void startRowGroup(RowGroup group) {
        elements.startRowGroup(group);
    }

    @Override
    void begin(int rows) {
        elements.begin(rows);
    }

    @Override
    void append(int rows) {
        elements.append(rows);
    }

    @Override
    void skip(int rows) {
        elements.skip(rows);
    }

    @Override
    void finish(FieldVector into, int slots) {
        validity.begin(slots);
        long starts = offsets.reserve(4L * (slots + 1)).memoryAddress();
        long bitmap = validity.address();
        Levels levels = elements.levels();
        int slot = 0;
        int present = 0;
        int count = 0;
        for (int i = 0; i < levels.count; i++) {
            int definition = levels.definition[i];
            int repetition = levels.repetition[i];
            if (repetition < shape.elementRepetition && definition >= shape.slotDefinition && slot < slots) {
                Memory.putInt(starts + 4L * slot, count);
                if (definition >= shape.definition) {
                    Memory.setBit(bitmap, slot);
                    present++;
                }
                slot++;
            }
            if (repetition <= shape.elementRepetition && definition >= shape.elementDefinition) {
                count++;
            }
        }
        for (int i = slot; i <= slots; i++) {
            Memory.putInt(starts + 4L * i, count);
        }
        load((ListVector) into, slots, shape.nullable() ? slots - present : 0);
        elements.finish(((ListVector) into).getDataVector(), count);
    }

    private void load(ListVector into, int slots, int nulls) {
        try (ArrowBuf bits = validity.take();
                ArrowBuf starts = offsets.take()) {
            into.loadFieldBuffers(new ArrowFieldNode(slots, nulls), List.of(bits, starts));
        }
    }

    @Override
    Levels levels() {
        return elements.levels();
    }

    @Override
    public void close() {
        elements.close();
        validity.close();
        offsets.close();
    }
}
