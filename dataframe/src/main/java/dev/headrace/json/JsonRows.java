package dev.headrace.json;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.files.TextFileWriter;
import dev.headrace.parse.ByteBuilder;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes rows as lines of JSON.
final class JsonRows implements TextFileWriter.Rows {
    private final JsonWriter writer;
    private final StructType schema;
    private final String lineEnd;

    JsonRows(JsonWriter writer, StructType schema, String lineEnd) {
        this.writer = writer;
        this.schema = schema;
        this.lineEnd = lineEnd;
    }

    @Override
    public void append(ByteBuilder out, Chunk rows, int row) {
        List<@Nullable Object> values = new ArrayList<>(rows.columnCount());
        for (int column = 0; column < rows.columnCount(); column++) {
            values.add(Cell.read(rows.column(column), row));
        }
        writer.appendStruct(out, values, schema);
        out.append(lineEnd);
    }
}
