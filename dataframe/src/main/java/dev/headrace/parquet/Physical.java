package dev.headrace.parquet;

import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/// What Parquet's physical types are.
final class Physical {
    private Physical() {}

    /// The bytes of a number.
    static int width(PrimitiveType type) {
        return switch (type.getPrimitiveTypeName()) {
            case INT32, FLOAT -> 4;
            case INT64, DOUBLE -> 8;
            default -> throw new IllegalArgumentException(type + " is not a number");
        };
    }

    static boolean isInteger(PrimitiveType type) {
        PrimitiveTypeName name = type.getPrimitiveTypeName();
        return name == PrimitiveTypeName.INT32 || name == PrimitiveTypeName.INT64;
    }
}
