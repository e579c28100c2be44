package dev.headrace.delta.cdc;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.RowLayout;
import dev.headrace.chunk.Slice;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The types of a table's key columns. A tombstone has its key in those that the columns had when it was written; they
/// may have become wider since.
record KeyTypes(StructType columns) {
    /// Without the columns' names, which may change.
    static KeyTypes of(StructType keys) {
        StructType columns = new StructType();
        for (int i = 0; i < keys.size(); i++) {
            columns = columns.add("key" + i, keys.field(i).dataType());
        }
        return new KeyTypes(columns);
    }

    static KeyTypes parse(String text) {
        return new KeyTypes((StructType) DataType.fromJson(text));
    }

    String text() {
        return columns.json();
    }

    /// For messages.
    String describe() {
        return columns.fieldList().stream()
                .map(column -> column.dataType().simpleString())
                .collect(Collectors.joining(", "));
    }

    /// Whether equal keys of both have equal bytes. Keys that are not of the same kind are never equal.
    boolean areLike(KeyTypes then) {
        return then.columns.size() != columns.size()
                || IntStream.range(0, columns.size()).allMatch(i -> isLike(then.type(i), type(i)))
                || !IntStream.range(0, columns.size())
                        .allMatch(i -> isLike(then.type(i), type(i)) || holds(then.type(i), type(i)));
    }

    private DataType type(int column) {
        return columns.field(column).dataType();
    }

    private static boolean isLike(DataType then, DataType now) {
        return then.equals(now) || integerDigits(then) > 0 && integerDigits(now) > 0;
    }

    private static boolean holds(DataType then, DataType now) {
        if (!(now instanceof DecimalType wide)) {
            return false;
        }
        int whole = wide.precision() - wide.scale();
        return then instanceof DecimalType narrow
                ? narrow.scale() <= wide.scale() && narrow.precision() - narrow.scale() <= whole
                : integerDigits(then) > 0 && integerDigits(then) <= whole;
    }

    /// How many digits an integer may have; 0 for other types.
    private static int integerDigits(DataType type) {
        return switch (type) {
            case ByteType _ -> 3;
            case ShortType _ -> 5;
            case IntegerType _ -> 10;
            case LongType _ -> 19;
            default -> 0;
        };
    }

    /// Keys as they are in these types.
    ///
    /// @param keys in the other types
    Slice[] convert(List<Slice> keys, KeyTypes then, BufferAllocator allocator) {
        long[] addresses = new long[keys.size()];
        long bytes = keys.stream().mapToLong(Slice::length).sum();
        try (ArrowBuf buffer = allocator.buffer(Math.max(Long.BYTES, bytes))) {
            long at = buffer.memoryAddress();
            for (int i = 0; i < addresses.length; i++) {
                Slice key = keys.get(i);
                Memory.copy(key.base(), key.offset(), null, at, key.length());
                addresses[i] = at;
                at += key.length();
            }
            try (Chunk old = new Chunk(
                            then.columns,
                            RowLayout.of(then.columns).decode(addresses, 0, addresses.length, then.columns, allocator),
                            addresses.length);
                    Chunk now = widened(old, allocator)) {
                return Tombstones.keys(now, allocator);
            }
        }
    }

    private Chunk widened(Chunk old, BufferAllocator allocator) {
        try (ChunkBuilder builder = new ChunkBuilder(columns, allocator)) {
            for (int row = 0; row < old.rowCount(); row++) {
                List<@Nullable Object> cells = new ArrayList<>();
                for (int column = 0; column < columns.size(); column++) {
                    cells.add(widened(Cell.read(old.column(column), row), type(column)));
                }
                builder.add(cells);
            }
            return builder.build();
        }
    }

    private static @Nullable Object widened(@Nullable Object cell, DataType type) {
        return switch (cell) {
            case BigDecimal number when type instanceof DecimalType wide -> number.setScale(wide.scale());
            case Number number when type instanceof DecimalType wide ->
                BigDecimal.valueOf(number.longValue()).setScale(wide.scale());
            case Number number when type instanceof LongType -> number.longValue();
            case Number number when type instanceof IntegerType -> number.intValue();
            case Number number when type instanceof ShortType -> number.shortValue();
            case null, default -> cell;
        };
    }
}
