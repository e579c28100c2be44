package dev.headrace.parquet;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Slice;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.variant.VariantBuilder;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.Field;

/// Reads a variant: its parts as a struct, from which the cells are put together.
final class VariantReader extends ColumnReader {
    private final ColumnReader stored;
    private final VariantParts parts;
    private final Field field;
    private final int metadata;
    private final int value;
    private final BufferAllocator allocator;

    VariantReader(ColumnReader stored, StructType type, VariantParts parts, BufferAllocator allocator) {
        this.stored = stored;
        this.parts = parts;
        this.field = ArrowTypes.field(new StructField("stored", type, true));
        this.metadata = type.indexOf(SchemaToParquet.METADATA).orElseThrow();
        this.value = type.indexOf(SchemaToParquet.VALUE).orElse(-1);
        this.allocator = allocator;
    }

    @Override
    void startRowGroup(RowGroup group) {
        stored.startRowGroup(group);
    }

    @Override
    void begin(int rows) {
        stored.begin(rows);
    }

    @Override
    void append(int rows) {
        stored.append(rows);
    }

    @Override
    void skip(int rows) {
        stored.skip(rows);
    }

    @Override
    void finish(FieldVector into, int slots) {
        VarBinaryVector cells = (VarBinaryVector) into;
        try (StructVector struct = (StructVector) field.createVector(allocator)) {
            stored.finish(struct, slots);
            List<FieldVector> columns = struct.getChildrenFromFields();
            cells.allocateNew(slots);
            for (int slot = 0; slot < slots; slot++) {
                if (!struct.isNull(slot)) {
                    byte[] cell = parts.isWhole() ? whole(columns, slot) : shredded(struct, columns, slot);
                    cells.setSafe(slot, cell);
                }
            }
            cells.setValueCount(slots);
        }
    }

    private byte[] whole(List<FieldVector> columns, int slot) {
        byte[] names = bytes(columns.get(metadata), slot);
        byte[] rest = bytes(columns.get(value), slot);
        byte[] cell = new byte[names.length + rest.length];
        System.arraycopy(names, 0, cell, 0, names.length);
        System.arraycopy(rest, 0, cell, names.length, rest.length);
        return cell;
    }

    private byte[] shredded(StructVector struct, List<FieldVector> columns, int slot) {
        VariantBuilder out = new VariantBuilder();
        parts.append(out, Cell.read(struct, slot), bytes(columns.get(metadata), slot));
        return out.build().bytes();
    }

    private static byte[] bytes(FieldVector binaries, int slot) {
        return ((Slice) Objects.requireNonNullElse(Cell.read(binaries, slot), Slice.utf8(""))).bytes();
    }

    @Override
    Levels levels() {
        return stored.levels();
    }

    @Override
    public void close() {
        stored.close();
    }
}
