package dev.headrace.csv;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.files.TextFileWriter;
import dev.headrace.parse.ByteBuilder;
import dev.headrace.types.StructType;

/// Writes rows as records of CSV.
final class CsvRows implements TextFileWriter.Rows {
    private final CsvWriter writer;
    private final StructType schema;
    private final boolean hasHeader;

    /// @param hasHeader whether a file begins with the names of the columns
    CsvRows(CsvWriter writer, StructType schema, boolean hasHeader) {
        this.writer = writer;
        this.schema = schema;
        this.hasHeader = hasHeader;
    }

    @Override
    public String header() {
        return hasHeader ? writer.header(schema) : "";
    }

    @Override
    public void append(ByteBuilder out, Chunk rows, int row) {
        for (int column = 0; column < schema.size(); column++) {
            writer.appendValue(
                    out,
                    column,
                    Cell.read(rows.column(column), row),
                    schema.field(column).dataType());
        }
        writer.endRecord(out);
    }
}
