package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.Test;

class PackedKeysTest {
    private static final List<DataType> TYPES = List.of(DataTypes.LongType);

    /// Counting them looks at all rows.
    @Test
    void nullsOfManyRowsAreCountedOnce() {
        try (BufferAllocator memory = new RootAllocator();
                BigIntVector column = new BigIntVector("k", memory)) {
            column.allocateNew(ManyRows.COUNT);
            for (int row = 1; row < ManyRows.COUNT; row++) {
                column.set(row, row);
            }
            column.setValueCount(ManyRows.COUNT);
            AtomicInteger counts = new AtomicInteger();
            List<FieldVector> columns = List.of(counted(column, counts));

            PackedKeys packed = PackedKeys.of(columns, TYPES, ManyRows.COUNT).orElseThrow();
            assertEquals(1, counts.getAndSet(0));

            long[] keys = new long[ManyRows.COUNT];
            packed.pack(columns, TYPES, ManyRows.COUNT, keys);
            assertEquals(1, counts.get());
            assertEquals(PackedKeys.NONE, keys[0]);
            assertEquals(ManyRows.COUNT - 2, keys[ManyRows.COUNT - 1]);
        }
    }

    private static FieldVector counted(FieldVector column, AtomicInteger counts) {
        return (FieldVector) Proxy.newProxyInstance(
                PackedKeysTest.class.getClassLoader(), new Class<?>[] {FieldVector.class}, (_, method, arguments) -> {
                    if (method.getName().equals("getNullCount")) {
                        counts.incrementAndGet();
                    }
                    return method.invoke(column, arguments);
                });
    }
}
