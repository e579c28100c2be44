package dev.headrace.json;

import dev.headrace.chunk.Memory;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/// `from_json` over whole columns.
public final class JsonColumns {
    private JsonColumns() {}

    /// Decodes each value of a string or binary column; null gives null.
    ///
    /// @param decoder which must have no rows; it is left without rows
    /// @return a vector of the decoder's type under the input's name, with as many rows; the caller owns it
    /// @throws dev.headrace.errors.DataException `MALFORMED_RECORD` in `FAILFAST` mode
    public static FieldVector fromJson(BaseVariableWidthVector payloads, JsonDecoder decoder) {
        int rows = payloads.getValueCount();
        ArrowBuf data = payloads.getDataBuffer();
        for (int row = 0; row < rows; row++) {
            if (payloads.isNull(row)) {
                decoder.decodeNull();
                continue;
            }
            long start = Memory.getInt(payloads.getOffsetBuffer().memoryAddress() + row * 4L);
            long end = Memory.getInt(payloads.getOffsetBuffer().memoryAddress() + row * 4L + 4);
            decoder.decode(null, data.memoryAddress() + start, (int) (end - start));
        }
        return decoder.finish(payloads.getName());
    }
}
