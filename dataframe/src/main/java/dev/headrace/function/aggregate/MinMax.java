package dev.headrace.function.aggregate;

import dev.headrace.function.AggregateFunction;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// The least or greatest value that is not null; null if there are none. `bool_and` and `bool_or` are these of
/// booleans.
record MinMax(String name, Extreme extreme, DataType resultType) implements AggregateFunction {
    enum Extreme {
        MIN,
        MAX
    }

    @Override
    public boolean inBlocks() {
        return true;
    }

    @Override
    public List<StructField> partialFields() {
        return List.of(new StructField(name, resultType, true));
    }

    @Override
    public GroupAccumulator newAccumulator(BufferAllocator allocator) {
        boolean max = extreme == Extreme.MAX;
        return switch (resultType) {
            case BooleanType _,
                    ByteType _,
                    ShortType _,
                    IntegerType _,
                    DateType _,
                    LongType _,
                    TimestampType _,
                    TimestampNTZType _,
                    AnsiIntervalType _ -> new FixedExtreme(resultType, max, allocator);
            case FloatType _, DoubleType _ -> new FixedExtreme(resultType, max, allocator);
            case StringType _, BinaryType _ -> new BytesExtreme(resultType, max, allocator);
            case DecimalType decimal -> new DecimalExtreme(decimal, max, allocator);
            case NullType _, VariantType _, ArrayType _, MapType _, StructType _ -> new ObjectExtreme(resultType, max);
        };
    }
}
