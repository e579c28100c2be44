package dev.headrace.function;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.util.List;

/// Binds Spark's hashes: the hash of each argument is the seed of the next one's.
final class HashBinder {
    private static final int SEED = 42;

    private HashBinder() {}

    static BoundExpr murmur3(String name, List<BoundExpr> arguments) {
        BoundExpr seed = new BoundExpr.Literal(Scalar.of(SEED));
        return chain(name, "Murmur3Hash.hash", seed, DataTypes.IntegerType, arguments);
    }

    static BoundExpr xxhash64(String name, List<BoundExpr> arguments) {
        BoundExpr seed = new BoundExpr.Literal(Scalar.of((long) SEED));
        return chain(name, "XxHash64.hash", seed, DataTypes.LongType, arguments);
    }

    private static BoundExpr chain(
            String name, String target, BoundExpr seed, DataType result, List<BoundExpr> arguments) {
        BoundExpr hash = seed;
        for (int i = 0; i < arguments.size(); i++) {
            BoundExpr argument = arguments.get(i);
            if (!supported(argument.type())) {
                throw ScalarBinder.mismatch(
                        name,
                        i,
                        argument,
                        "a type without maps, and without decimals of over 18 digits in arrays and structs");
            }
            boolean wide = argument.type() instanceof DecimalType(int precision, int _) && precision > 18;
            hash = ScalarBinder.call(
                    name,
                    wide ? target + "WideDecimal" : target,
                    ScalarFunction.Nulls.CALLED_NEVER_NULL,
                    result,
                    List.of(argument, hash));
        }
        return hash;
    }

    private static boolean supported(DataType type) {
        return switch (type) {
            case MapType _, VariantType _ -> false;
            case ArrayType(DataType element, boolean _) -> supportedWithin(element);
            case StructType struct -> struct.fieldList().stream().allMatch(field -> supportedWithin(field.dataType()));
            case DataType _ -> true;
        };
    }

    private static boolean supportedWithin(DataType type) {
        return supported(type) && !(type instanceof DecimalType(int precision, int _) && precision > 18);
    }
}
