package dev.headrace.parse;

import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;

/// The types of values in texts that say nothing of types.
public final class InferredTypes {
    /// What holds every bigint.
    private static final DecimalType WHOLE = new DecimalType(20, 0);

    private InferredTypes() {}

    /// The type of values of both types, of those that are found in JSON and XML: string, if they have nothing in
    /// common.
    public static DataType widest(DataType a, DataType b) {
        if (a.equals(b)) {
            return a;
        }
        boolean numbers = isNumber(a) && isNumber(b);
        if (numbers && (a.equals(DataTypes.DoubleType) || b.equals(DataTypes.DoubleType))) {
            return DataTypes.DoubleType;
        }
        if (numbers) {
            DecimalType left = a instanceof DecimalType decimal ? decimal : WHOLE;
            DecimalType right = b instanceof DecimalType decimal ? decimal : WHOLE;
            int scale = Math.max(left.scale(), right.scale());
            int range = Math.max(left.precision() - left.scale(), right.precision() - right.scale());
            return range + scale > DecimalType.MAX_PRECISION
                    ? DataTypes.DoubleType
                    : new DecimalType(range + scale, scale);
        }
        return isTime(a) && isTime(b) ? DataTypes.TimestampType : DataTypes.StringType;
    }

    private static boolean isNumber(DataType type) {
        return type.equals(DataTypes.LongType) || type.equals(DataTypes.DoubleType) || type instanceof DecimalType;
    }

    private static boolean isTime(DataType type) {
        return type.equals(DataTypes.DateType)
                || type.equals(DataTypes.TimestampType)
                || type.equals(DataTypes.TimestampNTZType);
    }
}
