package dev.headrace.avro;

import dev.headrace.columns.ColumnWriter;
import java.io.IOException;
import org.apache.avro.io.Decoder;

/// Reads one value of a file's type into a row of a column. A null leaves the row as it is.
@FunctionalInterface
interface ValueReader {
    void read(Decoder in, ColumnWriter out, int row) throws IOException;
}
