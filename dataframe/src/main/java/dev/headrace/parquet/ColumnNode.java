package dev.headrace.parquet;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.variant.Variant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.Field;

/// One column to write, or one nested part of one: takes vectors apart into the leaf columns of the file.
sealed interface ColumnNode {
    /// The leaf columns, in the order of the file.
    Stream<LeafWriter> leaves();

    /// Takes in entries that point at rows of `vector`.
    void append(FieldVector vector, Entries entries);

    /// Takes in rows of a top-level column.
    void append(FieldVector vector, int from, int rows);

    /// A column of the file.
    record Leaf(LeafWriter writer) implements ColumnNode {
        @Override
        public Stream<LeafWriter> leaves() {
            return Stream.of(writer);
        }

        @Override
        public void append(FieldVector vector, Entries entries) {
            writer.append(vector, entries);
        }

        @Override
        public void append(FieldVector vector, int from, int rows) {
            writer.append(vector, from, rows);
        }
    }

    /// A struct.
    ///
    /// @param inner for use of this node alone
    record Struct(boolean nullable, List<ColumnNode> fields, Entries inner) implements ColumnNode {
        Struct(boolean nullable, List<ColumnNode> fields) {
            this(nullable, List.copyOf(fields), new Entries());
        }

        @Override
        public Stream<LeafWriter> leaves() {
            return fields.stream().flatMap(ColumnNode::leaves);
        }

        @Override
        public void append(FieldVector vector, Entries entries) {
            inner.count = 0;
            for (int i = 0; i < entries.count; i++) {
                int row = entries.row[i];
                boolean present = row >= 0 && !(nullable && vector.isNull(row));
                int definition = entries.definition[i] + (present && nullable ? 1 : 0);
                inner.add(definition, entries.repetition[i], present ? row : -1);
            }
            List<FieldVector> children = ((StructVector) vector).getChildrenFromFields();
            for (int i = 0; i < fields.size(); i++) {
                fields.get(i).append(children.get(i), inner);
            }
        }

        @Override
        public void append(FieldVector vector, int from, int rows) {
            if (nullable) {
                Entries all = new Entries();
                all.setRows(from, rows);
                append(vector, all);
                return;
            }
            List<FieldVector> children = ((StructVector) vector).getChildrenFromFields();
            for (int i = 0; i < fields.size(); i++) {
                fields.get(i).append(children.get(i), from, rows);
            }
        }
    }

    /// A list, or a map as a list of structs.
    ///
    /// @param repetition the repetition level of a further element
    /// @param inner for use of this node alone
    record Repeated(boolean nullable, int repetition, ColumnNode element, Entries inner) implements ColumnNode {
        Repeated(boolean nullable, int repetition, ColumnNode element) {
            this(nullable, repetition, element, new Entries());
        }

        @Override
        public Stream<LeafWriter> leaves() {
            return element.leaves();
        }

        @Override
        public void append(FieldVector vector, Entries entries) {
            ListVector list = (ListVector) vector;
            inner.count = 0;
            for (int i = 0; i < entries.count; i++) {
                int row = entries.row[i];
                boolean present = row >= 0 && !(nullable && vector.isNull(row));
                int definition = entries.definition[i] + (present && nullable ? 1 : 0);
                int from = present ? list.getElementStartIndex(row) : 0;
                int to = present ? list.getElementEndIndex(row) : 0;
                if (from == to) {
                    inner.add(definition, entries.repetition[i], -1);
                }
                for (int at = from; at < to; at++) {
                    inner.add(definition + 1, at == from ? entries.repetition[i] : repetition, at);
                }
            }
            element.append(list.getDataVector(), inner);
        }

        @Override
        public void append(FieldVector vector, int from, int rows) {
            Entries all = new Entries();
            all.setRows(from, rows);
            append(vector, all);
        }
    }

    /// A variant: its cells are taken apart into value and metadata.
    record OfVariant(Struct parts, BufferAllocator allocator) implements ColumnNode {
        private static final Field STORED = ArrowTypes.field(new StructField(
                "stored",
                new StructType()
                        .add(SchemaToParquet.VALUE, DataTypes.BinaryType)
                        .add(SchemaToParquet.METADATA, DataTypes.BinaryType),
                true));

        @Override
        public Stream<LeafWriter> leaves() {
            return parts.leaves();
        }

        @Override
        public void append(FieldVector vector, Entries entries) {
            try (StructVector apart = (StructVector) STORED.createVector(allocator)) {
                for (int i = 0; i < entries.count; i++) {
                    if (entries.row[i] >= 0) {
                        put((VarBinaryVector) vector, entries.row[i], apart);
                    }
                }
                apart.setValueCount(vector.getValueCount());
                parts.append(apart, entries);
            }
        }

        @Override
        public void append(FieldVector vector, int from, int rows) {
            try (StructVector apart = (StructVector) STORED.createVector(allocator)) {
                for (int row = from; row < from + rows; row++) {
                    put((VarBinaryVector) vector, row, apart);
                }
                apart.setValueCount(from + rows);
                parts.append(apart, from, rows);
            }
        }

        private static void put(VarBinaryVector vector, int row, StructVector apart) {
            if (vector.isNull(row)) {
                return;
            }
            byte[] cell = vector.get(row);
            int metadata = Variant.metadataLength(cell);
            List<FieldVector> children = apart.getChildrenFromFields();
            ((VarBinaryVector) children.get(0)).setSafe(row, cell, metadata, cell.length - metadata);
            ((VarBinaryVector) children.get(1)).setSafe(row, cell, 0, metadata);
            apart.setIndexDefined(row);
        }
    }
}
