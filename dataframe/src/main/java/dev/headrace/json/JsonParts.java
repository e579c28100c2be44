package dev.headrace.json;

import dev.headrace.chunk.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The outermost parts of a JSON text. Used by one thread.
final class JsonParts {
    private final JsonSyntax syntax = new JsonSyntax(false);
    private final RecordState state = new RecordState(syntax);
    private final JsonText texts = new JsonText();

    /// The number of elements; null if the text is no array.
    @Nullable Integer elementCount(Slice json) {
        return texts.read(json, this::elementCount);
    }

    private @Nullable Integer elementCount(byte[] data) {
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
    }

    /// The names as [Slice]s, in the order of the text; null if it is no object.
    @Nullable List<@Nullable Object> names(Slice json) {
        return texts.read(json, this::names);
    }

    private @Nullable List<@Nullable Object> names(byte[] data) {
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
    }
}
