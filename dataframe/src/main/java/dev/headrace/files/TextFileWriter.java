package dev.headrace.files;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.parse.ByteBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Writes one text file.
public final class TextFileWriter implements TaskWriter {
    /// How rows become text.
    @FunctionalInterface
    public interface Rows {
        /// What a file begins with.
        default String header() {
            return "";
        }

        /// Appends a row, in UTF-8, with its line end.
        void append(ByteBuilder out, Chunk rows, int row);

        /// What a file ends with.
        default String footer() {
            return "";
        }
    }

    private static final int FLUSH_BYTES = 256 * 1024;

    private final Path file;
    private final Rows rows;
    private final OutputStream stream;
    /// For character sets other than UTF-8.
    private final Optional<Writer> encoder;

    private final ByteBuilder out = new ByteBuilder();
    private boolean closed;

    public TextFileWriter(Path file, Compression compression, Charset charset, Rows rows) {
        this.file = file;
        this.rows = rows;
        try {
            stream = compression.compress(Files.newOutputStream(file));
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
        encoder = charset.equals(StandardCharsets.UTF_8)
                ? Optional.empty()
                : Optional.of(new OutputStreamWriter(stream, charset));
        out.append(rows.header());
    }

    @Override
    public void write(Chunk chunk) {
        for (int row = 0; row < chunk.rowCount(); row++) {
            rows.append(out, chunk, row);
            if (out.length() > FLUSH_BYTES) {
                flush();
            }
        }
    }

    private void flush() {
        try {
            if (encoder.isPresent()) {
                encoder.get().write(new String(out.array(), 0, out.length(), StandardCharsets.UTF_8));
            } else {
                stream.write(out.array(), 0, out.length());
            }
            out.setLength(0);
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (OutputStream closing = stream) {
            out.append(rows.footer());
            flush();
            if (encoder.isPresent()) {
                encoder.get().flush();
            }
            closing.flush();
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
    }

    /// Frees what the compression holds; the file stays incomplete.
    @Override
    public void abort() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            stream.close();
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
    }
}
