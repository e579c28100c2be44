package dev.headrace.engine.stateful;

import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// The last column of an edge whose rows come and go: [#ADDED] for a row that is new, [#REMOVED] for one that is no
/// longer there.
final class ChangeColumn {
    static final int ADDED = 1;
    static final int REMOVED = -1;
    static final StructField FIELD = new StructField("_change", DataTypes.IntegerType, false);

    private ChangeColumn() {}

    static StructType addTo(StructType schema) {
        return schema.add(FIELD);
    }

    /// A column with the same change in each row, which the caller closes.
    static FieldVector of(int change, int rows, BufferAllocator allocator) {
        IntVector vector = new IntVector(FIELD.name(), allocator);
        vector.allocateNew(rows);
        for (int i = 0; i < rows; i++) {
            vector.set(i, change);
        }
        vector.setValueCount(rows);
        return vector;
    }
}
