package dev.headrace.avro;

import dev.headrace.chunk.Slice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/// Turns values of one type into messages: what `to_avro` means. Used by one thread.
final class MessageWriter {
    private final CellWriter writer;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);

    MessageWriter(CellWriter writer) {
        this.writer = writer;
    }

    /// @throws dev.headrace.errors.DataException `AVRO_VALUE_MISMATCH`
    Slice write(Object value) {
        out.reset();
        try {
            writer.write(value, encoder);
            encoder.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Slice.of(out.toByteArray());
    }
}
