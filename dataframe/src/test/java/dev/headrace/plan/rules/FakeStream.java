package dev.headrace.plan.rules;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.types.StructType;
import java.nio.file.Path;

/// A stream that can only be planned with.
record FakeStream(String description, StructType schema) implements StreamTable {
    FakeStream(String name, String ddl) {
        this(name, StructType.fromDDL(ddl));
    }

    @Override
    public StreamingSource open(ScanRequest request, Path checkpoint) {
        throw new UnsupportedOperationException("a fake stream");
    }
}
