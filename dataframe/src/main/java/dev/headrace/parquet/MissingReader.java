package dev.headrace.parquet;

import org.apache.arrow.vector.FieldVector;

/// A column that the file lacks: all null.
final class MissingReader extends ColumnReader {
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
        into.setValueCount(slots);
    }

    @Override
    Levels levels() {
        throw new IllegalStateException("a missing column has no levels");
    }

    @Override
    public void close() {}
}
