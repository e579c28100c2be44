package dev.headrace.avro;

import dev.headrace.chunk.Slice;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.errors.DataException;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/// Turns messages of one schema into values: what `from_avro` means. Used by one thread.
final class MessageReader {
    static final String FUNCTION = "from_avro";

    private final AvroMessages messages;
    private final DataType type;
    private final ColumnWriter column;
    private final ValueReader reader;

    MessageReader(AvroMessages messages) {
        this.messages = messages;
        this.type = messages.type();
        this.column = ColumnWriter.of(type, Optional.empty());
        this.reader = new ValueReaders(FUNCTION, Optional.empty()).of(messages.asked(), type, "");
    }

    /// The value as [dev.headrace.chunk.Cell] describes it. What stands behind it in the message does not count.
    ///
    /// @throws DataException `MALFORMED_AVRO_MESSAGE`, unless a malformed message is null
    @Nullable Object read(Slice message) {
        column.reset();
        column.ensure(1);
        try {
            reader.read(new MessageDecoder(asAsked(message.bytes())), column, 0);
            return column.read(0);
        } catch (IOException
                | AvroRuntimeException
                | IndexOutOfBoundsException
                | ArithmeticException
                | NumberFormatException
                | StackOverflowError malformed) {
            // The last two are decimals without bytes, and records in records without end.
            column.clear(0, 1);
            return malformed(message, malformed);
        }
    }

    /// The message as one of the schema that is asked for, which may have other fields.
    private byte[] asAsked(byte[] message) throws IOException {
        Schema written = messages.written();
        Schema asked = messages.asked();
        if (written.equals(asked)) {
            return message;
        }
        Object value = new GenericDatumReader<>(written, asked).read(null, new MessageDecoder(message));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(asked).write(value, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private @Nullable Object malformed(Slice message, Throwable cause) {
        if (messages.mode() == ParseMode.PERMISSIVE) {
            return type instanceof StructType struct ? Collections.nCopies(struct.size(), null) : null;
        }
        throw new DataException(
                "MALFORMED_AVRO_MESSAGE",
                FUNCTION + ": a message of " + message.length() + " bytes is no value of its schema (" + cause
                        + "). It was cut, or written with another schema. With the option mode 'PERMISSIVE' such messages"
                        + " are null.",
                cause);
    }
}
