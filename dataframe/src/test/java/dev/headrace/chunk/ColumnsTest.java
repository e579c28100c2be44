package dev.headrace.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.Failures;
import dev.headrace.types.ArrayType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.reader.FieldReader;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.TransferPair;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Closing the allocator asserts that nothing has leaked.
class ColumnsTest {
    @AutoClose
    private final RootAllocator allocator = new RootAllocator();

    private Chunk column(DataType type, @Nullable Object... cells) {
        FieldVector vector = ArrowTypes.newVector("c", type, allocator);
        for (int i = 0; i < cells.length; i++) {
            Cell.write(vector, i, cells[i]);
        }
        vector.setValueCount(cells.length);
        return new Chunk(new StructType().add("c", type), List.of(vector), cells.length);
    }

    private List<@Nullable Object> concat(DataType type, Chunk... chunks) {
        return concat(new StructType().add("c", type), chunks);
    }

    private List<@Nullable Object> concat(StructType schema, Chunk... chunks) {
        List<@Nullable Object> cells = new ArrayList<>();
        try (Chunk all = Columns.concat(schema, List.of(chunks), allocator)) {
            for (int i = 0; i < all.rowCount(); i++) {
                cells.add(Cell.detach(Cell.read(all.column(0), i)));
            }
        }
        return cells;
    }

    /// Rows that follow each other are copied together, if they are many, and none is null.
    @ParameterizedTest
    @ValueSource(strings = {"tinyint", "smallint", "int", "bigint", "decimal(30,2)", "string", "boolean"})
    void rowsInRunsAreGatheredAsOthersAre(String ddl) {
        DataType type = DataType.fromDDL(ddl);
        Object[] cells = IntStream.range(0, 100).mapToObj(i -> cell(type, i)).toArray();
        int[] runs = IntStream.of(40, 0, 20, 99)
                .flatMap(first -> IntStream.range(first, Math.min(first + 50, 100)))
                .toArray();
        @Nullable Object[] withNull = cells.clone();
        withNull[30] = null;
        int[] toNull = runs.clone();
        toNull[60] = Columns.NULL_ROW;
        for (int[] rows : List.of(runs, toNull)) {
            for (@Nullable Object[] source : List.of(cells, withNull)) {
                for (int from : new int[] {0, 7}) {
                    try (Chunk all = column(type, source);
                            FieldVector gathered =
                                    Columns.gather(all.column(0), rows, from, rows.length - from, allocator)) {
                        for (int i = from; i < rows.length; i++) {
                            assertEquals(
                                    rows[i] == Columns.NULL_ROW ? null : source[rows[i]],
                                    Cell.read(gathered, i - from),
                                    "row " + i);
                        }
                        assertEquals(rows.length - from, gathered.getValueCount());
                    }
                }
            }
        }
    }

    private static Object cell(DataType type, int i) {
        return switch (type) {
            case ByteType _ -> (byte) i;
            case ShortType _ -> (short) i;
            case IntegerType _ -> i;
            case LongType _ -> (long) i;
            case DecimalType _ -> BigDecimal.valueOf(i, 2);
            case StringType _ -> Slice.utf8("x".repeat(i % 4) + i);
            default -> i % 3 == 0;
        };
    }

    /// It would take as long as there are rows, for each of them.
    @Test
    void nullsOfAllRowsAreNotCountedToGatherOne() {
        try (Uncounted many = new Uncounted(allocator)) {
            many.allocateNew(10_000);
            many.setValueCount(10_000);
            many.getDataBuffer().setLong(7L * Long.BYTES, 42);
            many.getValidityBuffer().setByte(0, 1 << 7);
            try (FieldVector gathered = Columns.gather(many, new int[] {7, 8, Columns.NULL_ROW}, 0, 3, allocator)) {
                assertEquals(42L, Cell.read(gathered, 0));
                assertNull(Cell.read(gathered, 1));
                assertNull(Cell.read(gathered, 2));
            }
        }
    }

    private static final class Uncounted extends BaseFixedWidthVector {
        Uncounted(BufferAllocator allocator) {
            super(Field.nullable("c", Types.MinorType.BIGINT.getType()), allocator, Long.BYTES);
        }

        @Override
        public int getNullCount() {
            throw new AssertionError("counted");
        }

        @Override
        public Types.MinorType getMinorType() {
            return Types.MinorType.BIGINT;
        }

        @Override
        public Object getObject(int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected FieldReader getReaderImpl() {
            throw new UnsupportedOperationException();
        }

        @Override
        public TransferPair getTransferPair(String name, BufferAllocator target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TransferPair getTransferPair(Field field, BufferAllocator target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TransferPair makeTransferPair(ValueVector target) {
            throw new UnsupportedOperationException();
        }
    }

    /// Not even an empty chunk can be made.
    @Test
    void whatCanNotBePutTogetherIsClosed() {
        BufferAllocator failing = (BufferAllocator) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BufferAllocator.class}, (_, _, _) -> {
                    throw new OutOfMemoryException("there is no more");
                });
        List<Chunk> parts = List.of(column(DataTypes.LongType, 1L), column(DataTypes.LongType, 2L));

        assertThrows(
                OutOfMemoryException.class,
                () -> Columns.concat(new StructType().add("c", DataTypes.LongType), parts, failing));
    }

    /// They share their memory, so that there are not that many bytes.
    @Test
    void textsOfMoreThanTwoGibibytesAreRefused() {
        try (Chunk wide = column(DataTypes.StringType, Slice.utf8("x".repeat(1 << 24)))) {
            List<Chunk> parts =
                    Stream.generate(() -> wide.slice(0, 1)).limit(128).toList();
            String refusal = "[CHUNK_TOO_LARGE] The values of column 'c' in one chunk exceed 2147483647 bytes. Read the"
                    + " source in smaller pieces, or make shorter values.";
            Failures.assertFails(refusal, () -> Columns.concat(wide.schema(), parts, allocator));
            Failures.assertFails(refusal, () -> Columns.gather(wide, new int[128], 0, 128, allocator));
            try (ChunkList list = new ChunkList(wide.schema(), List.of(wide.slice(0, 1), wide.slice(0, 1)))) {
                Failures.assertFails(refusal, () -> list.gather(new int[128], 0, 128, allocator));
            }
            RowLayout layout = RowLayout.of(wide.schema());
            try (RowEncoder encoder = new RowEncoder(layout, allocator)) {
                encoder.encode(wide.columns(), 1);
                long[] addresses = new long[128];
                Arrays.fill(addresses, encoder.address(0));
                Failures.assertFails(refusal, () -> layout.decode(addresses, 0, 128, wide.schema(), allocator));
            }
        }
    }

    /// Their elements are of no type, so that they take no memory.
    @Test
    void listsOfTooManyElementsAreRefused() {
        String refusal = "[CHUNK_TOO_LARGE] The arrays or maps of column 'c' in one chunk have more than 2147483647"
                + " elements. Read the source in smaller pieces, or make shorter ones.";
        try (Chunk one = column(new ArrayType(DataTypes.NullType, true), List.of())) {
            ListVector list = (ListVector) one.column(0);
            int elements = 1 << 28;
            list.getDataVector().setValueCount(elements);
            list.getOffsetBuffer().setInt(Integer.BYTES, elements);
            Failures.assertFails(refusal, () -> Columns.gather(one, new int[8], 0, 8, allocator));
            List<Chunk> parts = Stream.generate(() -> one.slice(0, 1)).limit(8).toList();
            Failures.assertFails(refusal, () -> Columns.concat(one.schema(), parts, allocator));
        }
    }

    @Test
    void textsWithinOthersOfMoreThanTwoGibibytesAreRefused() {
        DataType texts = new ArrayType(new StructType().add("t", DataTypes.StringType), true);
        try (Chunk wide = column(texts, List.of(List.of(Slice.utf8("x".repeat(1 << 24)))))) {
            List<Chunk> parts =
                    Stream.generate(() -> wide.slice(0, 1)).limit(128).toList();
            Failures.assertFails(
                    "[CHUNK_TOO_LARGE] The values of column 't' in one chunk exceed 2147483647 bytes. Read the source in"
                            + " smaller pieces, or make shorter values.",
                    () -> Columns.concat(wide.schema(), parts, allocator));
        }
    }

    /// As those of `collect_list`, which has no nulls, and those that were read from a file.
    @Test
    void listsWithAndWithoutNullsArePutTogether() {
        DataType without = new ArrayType(DataTypes.IntegerType, false);
        DataType with = new ArrayType(DataTypes.IntegerType, true);
        assertEquals(
                Arrays.asList(List.of(1, 2), null, List.of(), Arrays.asList(3, null), List.of(4)),
                concat(
                        with,
                        column(without, List.of(1, 2), null, List.of()),
                        column(with, Arrays.asList(3, null), List.of(4))));
        assertEquals(
                Arrays.asList(List.of(), null, List.of(5)),
                concat(with, column(with, List.of(), null), column(without, List.of(5))));
        assertEquals(
                List.of(List.of(6), List.of(7)),
                concat(new StructType().add("c", with, false), column(with, List.of(6)), column(with, List.of(7))));
    }

    @Test
    void listsOfListsAndMapsArePutTogether() {
        DataType without = new ArrayType(new ArrayType(DataTypes.LongType, false), false);
        DataType with = new ArrayType(new ArrayType(DataTypes.LongType, true), true);
        assertEquals(
                List.of(List.of(List.of(1L), List.of()), Arrays.asList(null, Arrays.asList(2L, null))),
                concat(
                        with,
                        column(without, List.of(List.of(1L), List.of())),
                        column(with, Arrays.asList(null, Arrays.asList(2L, null)))));
        DataType maps = new MapType(DataTypes.LongType, DataTypes.LongType, true);
        DataType fullMaps = new MapType(DataTypes.LongType, DataTypes.LongType, false);
        assertEquals(
                Arrays.asList(Map.of(1L, 2L), null, Map.of(3L, 4L)),
                concat(maps, column(fullMaps, Map.of(1L, 2L), null), column(maps, Map.of(3L, 4L))));
        DataType structs = new StructType(List.of(new StructField("a", with, true)));
        DataType fullStructs = new StructType(List.of(new StructField("a", without, true)));
        assertEquals(
                List.of(List.of(List.of(List.of(1L))), List.of(List.of(List.of(2L)))),
                concat(
                        structs,
                        column(fullStructs, List.of(List.of(List.of(1L)))),
                        column(structs, List.of(List.of(List.of(2L))))));
    }

    /// Arrow's own way to share a vector fails for them.
    @Test
    void structsWithoutATypeWithinAreShared() {
        StructType type = new StructType().add("n", DataTypes.NullType);
        try (Chunk all = column(type, null, Collections.singletonList(null), null);
                Chunk part = all.slice(1, 2);
                Chunk whole = all.sharedWith(allocator)) {
            assertEquals(Collections.singletonList(null), Cell.read(part.column(0), 0));
            assertNull(Cell.read(part.column(0), 1));
            assertEquals(3, whole.rowCount());
            assertEquals(Collections.singletonList(null), Cell.read(whole.column(0), 1));
        }
    }
}
