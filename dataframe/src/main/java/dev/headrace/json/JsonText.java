package dev.headrace.json;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The memory that texts are read in by functions which take parts out of JSON. As in Spark, these accept names and
/// strings in single quotes, and tabs and other control characters in strings. Used by one thread.
final class JsonText {
    private static final JsonOptions.Leniency LENIENCY =
            new JsonOptions.Leniency(false, false, true, false, false, true, false);

    private final Relaxed relaxed = Relaxed.ofValues(LENIENCY);
    private byte[] data = new byte[1024];

    /// What a reader makes of a text, in memory as [JsonSyntax] asks for it; null if it is no JSON.
    ///
    /// @param reader throws [Malformed] before it has done anything
    <T> @Nullable T read(Slice json, Function<byte[], @Nullable T> reader) {
        int length = json.length();
        if (data.length < length + JsonSyntax.PADDING) {
            data = new byte[2 * length + JsonSyntax.PADDING];
        }
        json.copyTo(data, Memory.BYTES);
        data[length] = JsonSyntax.DOCUMENT_END;
        try {
            return reader.apply(data);
        } catch (Malformed _) {
            byte[] rewritten = relaxed.rewrite(data, 0, length);
            return rewritten == null ? null : readStrictly(rewritten, reader);
        }
    }

    private static <T> @Nullable T readStrictly(byte[] text, Function<byte[], @Nullable T> reader) {
        try {
            return reader.apply(text);
        } catch (Malformed _) {
            return null;
        }
    }
}
