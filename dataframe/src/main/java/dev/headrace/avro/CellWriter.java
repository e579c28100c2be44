package dev.headrace.avro;

import java.io.IOException;
import org.apache.avro.io.Encoder;
import org.jspecify.annotations.Nullable;

/// Writes a value as [dev.headrace.chunk.Cell] describes it.
@FunctionalInterface
interface CellWriter {
    void write(@Nullable Object value, Encoder out) throws IOException;
}
