package dev.headrace.json;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of a JSON object that a `json_tuple` asks for. An object is what one call in a query has of its own.
public record JsonFields(List<Slice> names) {
    private static final ThreadLocal<Reader> READERS = ThreadLocal.withInitial(Reader::new);

    public JsonFields {
        names = List.copyOf(names);
    }

    /// A text for each name: a string as it is, anything else as it stands in the object; null if the object lacks the
    /// field, or it is null, or there is no object. Of fields of one name the last that is not null counts.
    public List<@Nullable Object> read(@Nullable Slice json) {
        List<@Nullable Object> values =
                new ArrayList<@Nullable Object>(Collections.<@Nullable Object>nCopies(names.size(), null));
        if (json != null && !READERS.get().read(json, names, values)) {
            Collections.fill(values, null);
        }
        return values;
    }

    /// The memory of a thread.
    private static final class Reader {
        private final JsonSyntax syntax = new JsonSyntax(false);
        private final RecordState state = new RecordState(syntax);
        private byte[] data = new byte[1024];

        /// @return whether the text is an object
        boolean read(Slice json, List<Slice> names, List<@Nullable Object> values) {
            if (data.length < json.length() + JsonSyntax.PADDING) {
                data = new byte[2 * json.length() + JsonSyntax.PADDING];
            }
            json.copyTo(data, Memory.BYTES);
            data[json.length()] = JsonSyntax.DOCUMENT_END;
            try {
                int at = syntax.blanks(data, 0);
                if (JsonSyntax.at(data, at) != '{') {
                    return false;
                }
                syntax.skipValue(data, at);
                at = syntax.blanks(data, at + 1);
                while (JsonSyntax.at(data, at) != '}') {
                    int nameEnd = syntax.skipString(data, at + 1);
                    Slice name = Slice.of(state.unescape(syntax, data, at + 1, nameEnd - 1));
                    int value = syntax.colon(data, nameEnd);
                    int end = syntax.skipValue(data, value);
                    if (JsonSyntax.at(data, value) != 'n' && names.contains(name)) {
                        Slice text = text(value, end);
                        for (int i = 0; i < names.size(); i++) {
                            values.set(i, names.get(i).equals(name) ? text : values.get(i));
                        }
                    }
                    at = syntax.afterComma(data, end);
                }
                return true;
            } catch (Malformed _) {
                return false;
            }
        }

        private Slice text(int from, int to) {
            return Slice.of(
                    JsonSyntax.at(data, from) == '"'
                            ? state.unescape(syntax, data, from + 1, to - 1)
                            : Arrays.copyOfRange(data, from, to));
        }
    }
}
