package dev.headrace.chunk;

import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.NullType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.StructVector;

/// How rows of certain types are written as bytes, for the keys of hash tables and joins and for state.
///
/// ```text
/// row     = null bits, one per leaf, in 8-byte words
///           one 8-byte word per leaf (16 bytes for a decimal)
///           the bytes of variable-length leaves, each padded with zeros to 8 bytes
/// leaf    = a column, or the presence of a struct followed by its fields' leaves
/// word    = the value, sign-extended; for a variable-length leaf: offset from the row's start << 32 | length
/// ```
///
/// Two rows have equal bytes exactly when they are equal as grouping keys: null equals null, NaN equals NaN, -0.0
/// equals 0.0. The layout is part of the checkpoint format.
public final class RowLayout {
    private final List<DataType> types;
    private final List<Leaf> leaves = new ArrayList<>();
    private final int fixedBytes;
    private final boolean variable;

    /// A place in the row: which value, and where its word lies.
    ///
    /// @param path from the column down through struct fields
    record Leaf(int[] path, DataType type, Kind kind, int bit, int offset) {}

    enum Kind {
        PRESENCE,
        BIT,
        BYTE,
        SHORT,
        INT,
        LONG,
        FLOAT,
        DOUBLE,
        DECIMAL,
        BYTES,
        NESTED,
        NOTHING
    }

    public RowLayout(List<DataType> types) {
        this.types = List.copyOf(types);
        List<Leaf> unplaced = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            collect(types.get(i), new int[] {i}, unplaced);
        }
        int offset = (unplaced.size() + 63) / 64 * 8;
        boolean anyVariable = false;
        for (int i = 0; i < unplaced.size(); i++) {
            Leaf leaf = unplaced.get(i);
            leaves.add(new Leaf(leaf.path(), leaf.type(), leaf.kind(), i, offset));
            offset += leaf.kind() == Kind.DECIMAL ? 16 : leaf.kind() == Kind.PRESENCE ? 0 : 8;
            anyVariable |= leaf.kind() == Kind.BYTES || leaf.kind() == Kind.NESTED;
        }
        this.fixedBytes = offset;
        this.variable = anyVariable;
    }

    /// The layout of a schema's columns.
    public static RowLayout of(StructType schema) {
        return new RowLayout(
                schema.fieldList().stream().map(StructField::dataType).toList());
    }

    private static void collect(DataType type, int[] path, List<Leaf> out) {
        out.add(new Leaf(path, type, kind(type), 0, 0));
        if (type instanceof StructType struct) {
            for (int i = 0; i < struct.size(); i++) {
                int[] child = java.util.Arrays.copyOf(path, path.length + 1);
                child[path.length] = i;
                collect(struct.field(i).dataType(), child, out);
            }
        }
    }

    private static Kind kind(DataType type) {
        return switch (type) {
            case NullType _ -> Kind.NOTHING;
            case BooleanType _ -> Kind.BIT;
            case dev.headrace.types.ByteType _ -> Kind.BYTE;
            case dev.headrace.types.ShortType _ -> Kind.SHORT;
            case dev.headrace.types.IntegerType _,
                    dev.headrace.types.DateType _,
                    dev.headrace.types.YearMonthIntervalType _ -> Kind.INT;
            case dev.headrace.types.LongType _,
                    dev.headrace.types.TimestampType _,
                    dev.headrace.types.TimestampNTZType _,
                    dev.headrace.types.DayTimeIntervalType _ -> Kind.LONG;
            case FloatType _ -> Kind.FLOAT;
            case DoubleType _ -> Kind.DOUBLE;
            case DecimalType _ -> Kind.DECIMAL;
            case dev.headrace.types.StringType _, dev.headrace.types.BinaryType _, dev.headrace.types.VariantType _ ->
                Kind.BYTES;
            case dev.headrace.types.ArrayType _, dev.headrace.types.MapType _ -> Kind.NESTED;
            case StructType _ -> Kind.PRESENCE;
        };
    }

    public List<DataType> types() {
        return types;
    }

    List<Leaf> leaves() {
        return leaves;
    }

    /// The bytes of a row without its variable-length part.
    int fixedBytes() {
        return fixedBytes;
    }

    boolean isVariable() {
        return variable;
    }

    /// The vector of a leaf; for struct fields the field's own, whose nulls don't include the struct's.
    static FieldVector vector(List<FieldVector> columns, Leaf leaf) {
        FieldVector vector = columns.get(leaf.path()[0]);
        for (int i = 1; i < leaf.path().length; i++) {
            vector = ((StructVector) vector).getChildrenFromFields().get(leaf.path()[i]);
        }
        return vector;
    }

    /// The bytes of a row whose every value is null.
    public int bytesOfNullRow() {
        return fixedBytes;
    }

    /// Writes a row whose every value is null.
    public void writeNullRow(long address) {
        Memory.fill(address, fixedBytes, (byte) 0);
        for (Leaf leaf : leaves) {
            long word = address + leaf.bit() / 64 * 8L;
            Memory.putLong(word, Memory.getLong(word) | 1L << (leaf.bit() & 63));
        }
    }

    /// Reads rows back into columns.
    ///
    /// @param addresses where each row starts, off heap
    /// @param schema names and types of the columns, the types being this layout's
    /// @return new vectors, owned by the caller
    public List<FieldVector> decode(
            long[] addresses, int from, int count, StructType schema, BufferAllocator allocator) {
        List<FieldVector> columns = new ArrayList<>();
        try {
            for (StructField field : schema) {
                FieldVector column = ArrowTypes.field(field).createVector(allocator);
                columns.add(column);
                allocate(column, count);
            }
            for (Leaf leaf : leaves) {
                RowDecoding.decode(leaf, vector(columns, leaf), addresses, from, count);
            }
            columns.forEach(column -> column.setValueCount(count));
            return columns;
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
    }

    private static void allocate(FieldVector vector, int rows) {
        if (vector instanceof NullVector || vector instanceof BaseVariableWidthVector) {
            return;
        }
        vector.setInitialCapacity(Math.max(rows, 1));
        vector.allocateNew();
        if (vector instanceof BaseFixedWidthVector || vector instanceof BitVector) {
            vector.getValidityBuffer().setZero(0, vector.getValidityBuffer().capacity());
        }
    }
}
