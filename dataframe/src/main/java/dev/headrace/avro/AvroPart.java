package dev.headrace.avro;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.files.OutputFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.Encoder;
import org.jspecify.annotations.Nullable;

/// Writes one file.
final class AvroPart implements TaskWriter {
    private final Path path;
    private final Row row;
    private final DataFileWriter<Integer> file;

    AvroPart(Path path, Schema schema, CodecFactory codec) {
        this.path = path;
        this.row = new Row();
        this.file = new DataFileWriter<>(row).setCodec(codec);
        // Given a path, the library opens the file itself, and needs classes that are not here when that fails.
        try {
            OutputStream out = Files.newOutputStream(path);
            try {
                file.create(schema, out);
            } catch (IOException failed) {
                out.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
    }

    /// Gives the library the bytes of a row, by its number.
    private static final class Row implements DatumWriter<Integer> {
        private @Nullable ValueWriter writer;

        @Override
        public void setSchema(Schema schema) {}

        @Override
        public void write(Integer row, Encoder out) throws IOException {
            if (writer == null) {
                throw new IllegalStateException("a row is written before there is a chunk");
            }
            writer.write(row, out);
        }
    }

    @Override
    public void write(Chunk rows) {
        row.writer = ValueWriter.of(rows);
        try {
            for (int i = 0; i < rows.rowCount(); i++) {
                file.append(i);
            }
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        } catch (AvroRuntimeException failed) {
            throw OutputFailure.of(path, new IOException(failed));
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
    }
}
