package dev.headrace.function;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
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
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Random types and values, the troublesome ones often: nulls, extremes, NaN, -0.0, empty and odd strings.
///
/// The same seed gives the same values.
public final class RandomValues {
    private static final List<DataType> ATOMIC = List.of(
            DataTypes.BooleanType,
            DataTypes.ByteType,
            DataTypes.ShortType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.FloatType,
            DataTypes.DoubleType,
            DataTypes.StringType,
            DataTypes.StringType,
            DataTypes.BinaryType,
            DataTypes.DateType,
            DataTypes.TimestampType,
            DataTypes.TimestampNTZType,
            DataTypes.createYearMonthIntervalType(),
            DataTypes.createDayTimeIntervalType(),
            new DecimalType(7, 2),
            new DecimalType(18, 0),
            new DecimalType(38, 10));
    private static final List<String> STRINGS = List.of(
            "",
            " ",
            "a",
            "A",
            "ab",
            "abc",
            "%",
            "_b_",
            "null",
            "NaN",
            "0",
            "-1",
            "42",
            "1.5",
            "1e3",
            "true",
            "2026-01-31",
            "2016-02-29 23:59:59.999999",
            "9223372036854775807",
            "-9223372036854775808",
            "äö€",
            "😀",
            "a text that is longer than a few words of the machine",
            "\u0000",
            "tab\tnew\nline");
    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.1,
        1e300,
        -1e300,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        9007199254740993.0,
        2147483648.0
    };
    private static final long[] LONGS = {0, 1, -1, 2, 127, 128, 32768, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
    };
    private static final long LEAST_DAY = Calendar.toDays(1, 1, 1);
    private static final long GREATEST_DAY = Calendar.toDays(9999, 12, 31);

    private final Random random;

    public RandomValues(long seed) {
        random = new Random(seed);
    }

    Random random() {
        return random;
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    public DataType atomicType() {
        return pick(ATOMIC);
    }

    public DataType type() {
        return switch (random.nextInt(12)) {
            case 0 -> new ArrayType(atomicType(), random.nextBoolean());
            case 1 -> new MapType(pick(List.of(DataTypes.StringType, DataTypes.LongType)), atomicType(), true);
            case 2 -> new StructType().add("x", atomicType()).add("y", atomicType(), false);
            default -> atomicType();
        };
    }

    /// Up to eight columns `c0`, `c1` …, some of which are not nullable.
    public StructType schema() {
        List<StructField> fields = new ArrayList<>();
        int columns = 1 + random.nextInt(8);
        for (int i = 0; i < columns; i++) {
            fields.add(new StructField("c" + i, type(), random.nextInt(4) != 0));
        }
        return new StructType(fields);
    }

    /// Rows of [dev.headrace.chunk.Cell] objects.
    public List<List<@Nullable Object>> rows(StructType schema, int count) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(fields(schema));
        }
        return rows;
    }

    /// A chunk of such rows, which the caller closes.
    public Chunk chunk(StructType schema, int count, BufferAllocator allocator) {
        try (ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
            rows(schema, count).forEach(builder::add);
            return builder.build();
        }
    }

    private List<@Nullable Object> fields(StructType schema) {
        List<@Nullable Object> row = new ArrayList<>();
        for (StructField field : schema) {
            row.add(field.nullable() ? value(field.dataType()) : notNull(field.dataType()));
        }
        return row;
    }

    /// A value of a type, one in five null.
    public @Nullable Object value(DataType type) {
        return type instanceof NullType || random.nextInt(5) == 0 ? null : notNull(type);
    }

    public Object notNull(DataType type) {
        return switch (type) {
            case BooleanType _ -> random.nextBoolean();
            case ByteType _ -> (byte) integer(8);
            case ShortType _ -> (short) integer(16);
            case IntegerType _ -> (int) integer(32);
            case LongType _ -> integer(64);
            case FloatType _ -> (float) floating();
            case DoubleType _ -> floating();
            case DecimalType decimal -> decimal(decimal);
            case StringType _ -> Slice.utf8(string());
            case BinaryType _ -> Slice.of(bytes());
            case dev.headrace.types.VariantType _ ->
                VariantFunctions.parseJson(Slice.utf8("[" + integer(32) + ",{\"a\":" + random.nextBoolean() + "}]"));
            case DateType _ -> Math.toIntExact(day());
            case TimestampType _, TimestampNTZType _ ->
                day() * Calendar.MICROS_PER_DAY + (random.nextBoolean() ? 0 : random.nextLong(Calendar.MICROS_PER_DAY));
            case YearMonthIntervalType _ -> (int) integer(32);
            case DayTimeIntervalType _ -> integer(64);
            case ArrayType(DataType element, boolean containsNull) -> array(element, containsNull);
            case MapType map -> map(map);
            case StructType struct -> fields(struct);
            case NullType _ -> throw new IllegalArgumentException("void has no values but null");
        };
    }

    private long integer(int bits) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(10) - 5;
            case 1 -> bits == 64 ? LONGS[random.nextInt(LONGS.length)] : extreme(bits);
            default -> random.nextLong() >> (64 - bits) + random.nextInt(bits);
        };
    }

    private long extreme(int bits) {
        long least = -1L << bits - 1;
        return random.nextBoolean() ? least : ~least;
    }

    private double floating() {
        return switch (random.nextInt(4)) {
            case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
            case 1 -> Double.longBitsToDouble(random.nextLong());
            case 2 -> random.nextInt(1000) / 8.0;
            default -> random.nextGaussian() * 1e6;
        };
    }

    private BigDecimal decimal(DecimalType type) {
        BigInteger limit = BigInteger.TEN.pow(type.precision());
        BigInteger unscaled = switch (random.nextInt(4)) {
            case 0 -> BigInteger.valueOf(random.nextInt(20) - 10).mod(limit);
            case 1 -> limit.subtract(BigInteger.ONE);
            default -> new BigInteger(1 + random.nextInt(126), random).mod(limit);
        };
        return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.scale());
    }

    private String string() {
        if (random.nextInt(3) > 0) {
            return pick(STRINGS);
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.append((char) ('a' + random.nextInt(4)));
        }
        return text.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        return bytes;
    }

    private long day() {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextBoolean() ? LEAST_DAY : GREATEST_DAY;
            case 1 -> random.nextInt(3) - 1;
            case 2 -> random.nextLong(LEAST_DAY, GREATEST_DAY);
            default -> 16_000 + random.nextInt(5_000);
        };
    }

    private List<@Nullable Object> array(DataType element, boolean containsNull) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(containsNull ? value(element) : notNull(element));
        }
        return values;
    }

    private Map<Object, @Nullable Object> map(MapType type) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(
                    notNull(type.keyType()),
                    type.valueContainsNull() ? value(type.valueType()) : notNull(type.valueType()));
        }
        return map;
    }
}
