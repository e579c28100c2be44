package dev.headrace.testing;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.types.StructType;
import java.util.List;

/// A stream that a test fills; made by [StreamTest#input].
public final class TestInput {
    private final Session session;
    private final StructType schema;
    private final MemoryStream stream;

    TestInput(Session session, StructType schema) {
        this.session = session;
        this.schema = schema;
        this.stream = new MemoryStream(schema, 2);
    }

    /// The stream's rows, for the query to test.
    public DataFrame toDF() {
        return Frames.of(session, stream, "test");
    }

    /// Adds a row, which the next batch takes.
    ///
    /// @param values as in [RowFactory#create]: `java.time.Instant` for a timestamp, and so on
    /// @throws dev.headrace.errors.HeadraceException if a value does not fit its column
    public TestInput add(Object... values) {
        return add(List.of(RowFactory.create(values)));
    }

    /// Adds rows, which the next batch takes.
    public TestInput add(List<Row> rows) {
        stream.add(Frames.cells(rows, schema));
        return this;
    }
}
