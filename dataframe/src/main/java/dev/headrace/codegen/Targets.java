package dev.headrace.codegen;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Memory;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructField;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.StructVector;

/// Makes the vectors that generated code writes to, and completes them when it has.
final class Targets {
    private Targets() {}

    /// A vector for `rows` values of an expression: all marked as present, booleans false. The caller closes it.
    ///
    /// @param bytesPerRow the space for strings and binaries to begin with
    static FieldVector allocate(
            BoundExpr expr, StructField field, int rows, double bytesPerRow, BufferAllocator allocator) {
        FieldVector vector = ArrowTypes.field(field).createVector(allocator);
        if (vector instanceof NullVector) {
            return vector;
        }
        try {
            if (vector instanceof BaseVariableWidthVector bytes) {
                bytes.setInitialCapacity(rows, Math.max(bytesPerRow, 1));
            } else {
                vector.setInitialCapacity(rows);
            }
            vector.allocateNew();
            markPresent(vector, expr);
            return vector;
        } catch (Throwable failed) {
            vector.close();
            throw failed;
        }
    }

    private static void markPresent(FieldVector vector, BoundExpr expr) {
        if (expr instanceof BoundExpr.MakeStruct(List<BoundExpr> values, var _)) {
            List<FieldVector> children = ((StructVector) vector).getChildrenFromFields();
            for (int i = 0; i < children.size(); i++) {
                markPresent(children.get(i), values.get(i));
            }
        } else if (expr.type().isNested() || vector instanceof NullVector) {
            return;
        }
        ArrowBuf validity = vector.getValidityBuffer();
        Memory.fill(validity.memoryAddress(), validity.capacity(), (byte) 0xff);
    }

    /// Sets the number of values that have been written.
    static void complete(FieldVector vector, BoundExpr expr, int rows) {
        markWritten(vector, expr, rows);
        vector.setValueCount(rows);
    }

    private static void markWritten(FieldVector vector, BoundExpr expr, int rows) {
        if (vector instanceof BaseVariableWidthVector bytes) {
            bytes.setLastSet(rows - 1);
        } else if (expr instanceof BoundExpr.MakeStruct(List<BoundExpr> values, var _)) {
            List<FieldVector> children = ((StructVector) vector).getChildrenFromFields();
            for (int i = 0; i < children.size(); i++) {
                markWritten(children.get(i), values.get(i), rows);
            }
        }
    }

    /// The space that `rows` strings or binaries took, per row.
    static double bytesPerRow(FieldVector vector, int rows) {
        return vector instanceof BaseVariableWidthVector && rows > 0
                ? vector.getOffsetBuffer().getInt(4L * rows) / (double) rows
                : 0;
    }
}
