package dev.headrace.parquet;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Random schemas, and rows of them with nulls, extremes and runs of equal values.
final class RandomTable {
    private static final List<DataType> ATOMIC = List.of(
            DataTypes.BooleanType,
            DataTypes.ByteType,
            DataTypes.ShortType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.FloatType,
            DataTypes.DoubleType,
            DataTypes.StringType,
            DataTypes.BinaryType,
            DataTypes.DateType,
            DataTypes.TimestampType,
            DataTypes.TimestampNTZType,
            new DecimalType(9, 3),
            new DecimalType(18, 0),
            new DecimalType(19, 18),
            new DecimalType(38, 6));

    private final Random random;
    private final StructType schema;
    private final double nulls;
    private final int distinct;

    /// @param nulls how likely a nullable value is null
    /// @param distinct about how many different values a column has
    RandomTable(Random random, StructType schema, double nulls, int distinct) {
        this.random = random;
        this.schema = schema;
        this.nulls = nulls;
        this.distinct = distinct;
    }

    static RandomTable of(long seed) {
        Random random = new Random(seed);
        StructType schema = struct(random, 1 + random.nextInt(6), 3);
        return new RandomTable(random, schema, random.nextDouble(), 1 + random.nextInt(4) * random.nextInt(20_000));
    }

    StructType schema() {
        return schema;
    }

    private static StructType struct(Random random, int fields, int depth) {
        List<StructField> list = new ArrayList<>();
        for (int i = 0; i < fields; i++) {
            list.add(new StructField("f" + i, type(random, depth), random.nextInt(4) > 0));
        }
        return new StructType(list);
    }

    private static DataType type(Random random, int depth) {
        return switch (depth == 0 ? 9 : random.nextInt(10)) {
            case 0 -> struct(random, 1 + random.nextInt(3), depth - 1);
            case 1 -> new ArrayType(type(random, depth - 1), random.nextBoolean());
            case 2 ->
                new MapType(ATOMIC.get(random.nextInt(ATOMIC.size())), type(random, depth - 1), random.nextBoolean());
            default -> ATOMIC.get(random.nextInt(ATOMIC.size()));
        };
    }

    List<List<@Nullable Object>> rows(int count) {
        List<List<@Nullable Object>> rows = new ArrayList<>(count);
        while (rows.size() < count) {
            List<@Nullable Object> row = fields(schema);
            int repeats = random.nextInt(10) == 0 ? random.nextInt(100) : 1;
            for (int i = 0; i < repeats && rows.size() < count; i++) {
                rows.add(row);
            }
        }
        return rows;
    }

    private List<@Nullable Object> fields(StructType struct) {
        List<@Nullable Object> values = new ArrayList<>();
        for (StructField field : struct) {
            values.add(value(field.dataType(), field.nullable()));
        }
        return values;
    }

    private @Nullable Object value(DataType type, boolean nullable) {
        if (nullable && random.nextDouble() < nulls) {
            return null;
        }
        return switch (type) {
            case StructType struct -> fields(struct);
            case ArrayType(DataType element, boolean containsNull) -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(element, containsNull));
                }
                yield list;
            }
            case MapType(DataType key, DataType element, boolean valueContainsNull) -> {
                Map<Object, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    map.put(java.util.Objects.requireNonNull(value(key, false)), value(element, valueContainsNull));
                }
                yield map;
            }
            case DataType atomic -> atomic(atomic);
        };
    }

    private Object atomic(DataType type) {
        Random values = new Random(random.nextInt(distinct) * 31L + type.hashCode());
        boolean extreme = values.nextInt(30) == 0;
        boolean low = values.nextBoolean();
        return switch (type) {
            case DecimalType(int precision, int scale) -> {
                BigInteger limit = BigInteger.TEN.pow(extreme ? precision : 1 + values.nextInt(precision));
                BigInteger magnitude = extreme
                        ? limit.subtract(BigInteger.ONE)
                        : new BigInteger(limit.bitLength() + 8, values).mod(limit);
                yield new BigDecimal(low ? magnitude.negate() : magnitude, scale);
            }
            case DataType other ->
                switch (other.typeName()) {
                    case "boolean" -> low;
                    case "byte" -> (byte) values.nextInt();
                    case "short" -> (short) values.nextInt();
                    case "integer", "date" ->
                        extreme ? (low ? Integer.MIN_VALUE : Integer.MAX_VALUE) : values.nextInt(9_999);
                    case "long", "timestamp", "timestamp_ntz" ->
                        extreme ? (low ? Long.MIN_VALUE : Long.MAX_VALUE) : values.nextLong() >> values.nextInt(64);
                    case "float" ->
                        extreme ? (low ? Float.NaN : Float.NEGATIVE_INFINITY) : (float) values.nextGaussian();
                    case "double" -> extreme ? (low ? Double.NaN : -0.0) : values.nextGaussian();
                    case "string" -> Slice.utf8(extreme ? (low ? "" : "ß".repeat(700)) : "s" + values.nextInt());
                    case "binary" -> {
                        byte[] bytes = new byte[extreme ? (low ? 0 : 300) : values.nextInt(20)];
                        values.nextBytes(bytes);
                        yield Slice.of(bytes);
                    }
                    default -> throw new IllegalArgumentException(other.typeName());
                };
        };
    }

    /// The rows as chunks of random sizes, empty ones among them. The caller closes them.
    static List<Chunk> chunks(
            StructType schema, List<List<@Nullable Object>> rows, Random random, BufferAllocator allocator) {
        List<Chunk> chunks = new ArrayList<>();
        try (ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
            int at = 0;
            while (at < rows.size() || chunks.isEmpty()) {
                int end = Math.min(rows.size(), at + random.nextInt(random.nextBoolean() ? 40 : 12_000));
                rows.subList(at, end).forEach(builder::add);
                chunks.add(builder.build());
                at = end;
            }
        }
        return chunks;
    }
}
