package dev.headrace.json;

import dev.headrace.chunk.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The outermost parts of a JSON text.
final class JsonParts {
    private final JsonSyntax syntax = new JsonSyntax(false);
    private final RecordState state = new RecordState(syntax);
    private final byte[] data;

    private JsonParts(byte[] data) {
        this.data = data;
    }

    static JsonParts of(byte[] text) {
        return new JsonParts(SchemaInference.padded(text));
    }

    /// The number of elements; null if the text is no array.
    @Nullable Integer elementCount() {
        try {
            int at = syntax.blanks(data, 0);
            if (JsonSyntax.at(data, at) != '[') {
                return null;
            }
            syntax.skipValue(data, at);
            int count = 0;
            at = syntax.blanks(data, at + 1);
            while (JsonSyntax.at(data, at) != ']') {
                at = syntax.afterComma(data, syntax.skipValue(data, at));
                count++;
            }
            return count;
        } catch (Malformed _) {
            return null;
        }
    }

    /// The names as [Slice]s, in the order of the text; null if it is no object.
    @Nullable List<@Nullable Object> names() {
        try {
            int at = syntax.blanks(data, 0);
            if (JsonSyntax.at(data, at) != '{') {
                return null;
            }
            syntax.skipValue(data, at);
            List<@Nullable Object> names = new ArrayList<>();
            at = syntax.blanks(data, at + 1);
            while (JsonSyntax.at(data, at) != '}') {
                int end = syntax.skipString(data, at + 1);
                names.add(Slice.of(state.unescape(syntax, data, at + 1, end - 1)));
                at = syntax.afterComma(data, syntax.skipValue(data, syntax.colon(data, end)));
            }
            return names;
        } catch (Malformed _) {
            return null;
        }
    }
}
