package dev.headrace.parquet;

import dev.headrace.chunk.Cell;
import dev.headrace.plan.Scalar;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;

/// A column that the file lacks: all null, or all the default that it was added with.
final class MissingReader extends ColumnReader {
    private final Optional<Scalar> value;

    MissingReader(Optional<Scalar> value) {
        this.value = value;
    }

    @Override
    void startRowGroup(RowGroup group) {}

    @Override
    void begin(int rows) {}

    @Override
    void append(int rows) {}

    @Override
    void skip(int rows) {}

    @Override
    void finish(FieldVector into, int slots) {
        into.setInitialCapacity(slots);
        into.allocateNew();
        for (int i = 0; value.isPresent() && i < slots; i++) {
            Cell.write(into, i, value.get().value());
        }
        into.setValueCount(slots);
    }

    @Override
    Levels levels() {
        throw new IllegalStateException("a missing column has no levels");
    }

    @Override
    public void close() {}
}
