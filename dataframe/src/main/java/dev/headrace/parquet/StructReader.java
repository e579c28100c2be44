package dev.headrace.parquet;

import dev.headrace.parquet.encoding.Bits;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/// Reads a struct: its fields, and from the levels of one of them which structs are null.
final class StructReader extends ColumnReader {
    private final Shape shape;
    private final List<ColumnReader> fields;
    private final ColumnReader witness;
    private final boolean extraWitness;
    private final GrowingBitmap validity;

    /// What a struct's levels mean.
    ///
    /// @param definition the level from which on it is not null
    /// @param repetition its level
    /// @param slotDefinition the level from which on there is a slot for it
    /// @param inLists whether the levels that tell about it have repetition levels
    record Shape(int definition, int repetition, int slotDefinition, boolean inLists) {
        boolean nullable() {
            return definition > slotDefinition;
        }
    }

    /// @param witness the reader whose levels tell about nulls: one of the fields, or another that only reads levels
    StructReader(Shape shape, List<ColumnReader> fields, ColumnReader witness, BufferAllocator allocator) {
        this.shape = shape;
        this.fields = List.copyOf(fields);
        this.witness = witness;
        this.extraWitness = !fields.contains(witness);
        this.validity = new GrowingBitmap(allocator);
    }

    private Stream<ColumnReader> readers() {
        return extraWitness ? Stream.concat(fields.stream(), Stream.of(witness)) : fields.stream();
    }

    @Override
    void startRowGroup(RowGroup group) {
        readers().forEach(reader -> reader.startRowGroup(group));
    }

    @Override
    void begin(int rows) {
        readers().forEach(reader -> reader.begin(rows));
    }

    @Override
    void append(int rows) {
        readers().forEach(reader -> reader.append(rows));
    }

    @Override
    void skip(int rows) {
        readers().forEach(reader -> reader.skip(rows));
    }

    @Override
    void finish(FieldVector into, int slots) {
        if (shape.nullable()) {
            validity.begin(slots);
            int present = setPresent(witness.levels(), slots);
            try (ArrowBuf bits = validity.take()) {
                into.loadFieldBuffers(new ArrowFieldNode(slots, slots - present), List.of(bits));
            }
        } else {
            into.loadFieldBuffers(
                    new ArrowFieldNode(slots, 0), List.of(into.getAllocator().getEmpty()));
        }
        List<FieldVector> children = ((StructVector) into).getChildrenFromFields();
        for (int i = 0; i < fields.size(); i++) {
            fields.get(i).finish(children.get(i), slots);
        }
    }

    private int setPresent(Levels levels, int slots) {
        long bitmap = validity.address();
        int slot = 0;
        int present = 0;
        long bits = 0;
        for (int i = 0; i < levels.count && slot < slots; i++) {
            int definition = levels.definition[i];
            if (shape.inLists && (levels.repetition[i] > shape.repetition || definition < shape.slotDefinition)) {
                continue;
            }
            if (definition >= shape.definition) {
                bits |= 1L << (slot & 31);
                present++;
            }
            slot++;
            if ((slot & 31) == 0) {
                Bits.or(bitmap, slot - 32, bits);
                bits = 0;
            }
        }
        Bits.or(bitmap, slot & ~31, bits);
        return present;
    }

    @Override
    Levels levels() {
        return witness.levels();
    }

    @Override
    public void close() {
        readers().forEach(ColumnReader::close);
        validity.close();
    }
}
