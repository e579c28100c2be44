package dev.headrace.json;

import dev.headrace.chunk.Slice;
import dev.headrace.parse.ByteBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of a JSON object that a `json_tuple` asks for. An object is what one call in a query has of its own.
public record JsonFields(List<Slice> names) {
    private static final ThreadLocal<Reader> READERS = ThreadLocal.withInitial(Reader::new);

    public JsonFields {
        names = List.copyOf(names);
    }

    /// A text for each name: a string as it is, anything else as [JsonCopy] writes it; null if the object lacks the
    /// field, or it is null, or there is no object. Of fields of one name the last that is not null counts.
    public List<@Nullable Object> read(@Nullable Slice json) {
        List<@Nullable Object> values = json == null ? null : READERS.get().read(json, names);
        return values == null
                ? new ArrayList<@Nullable Object>(Collections.<@Nullable Object>nCopies(names.size(), null))
                : values;
    }

    /// The memory of a thread.
    private static final class Reader {
        private final JsonSyntax syntax = new JsonSyntax(false);
        private final RecordState state = new RecordState(syntax);
        private final JsonCopy copy = new JsonCopy(syntax);
        private final ByteBuilder copied = new ByteBuilder();
        private final JsonText texts = new JsonText();

        /// @return null if the text is no object
        @Nullable List<@Nullable Object> read(Slice json, List<Slice> names) {
            return texts.read(json, data -> read(data, names));
        }

        private @Nullable List<@Nullable Object> read(byte[] data, List<Slice> names) {
            int at = syntax.blanks(data, 0);
            if (JsonSyntax.at(data, at) != '{') {
                return null;
            }
            syntax.skipValue(data, at);
            List<@Nullable Object> values =
                    new ArrayList<@Nullable Object>(Collections.<@Nullable Object>nCopies(names.size(), null));
            at = syntax.blanks(data, at + 1);
            while (JsonSyntax.at(data, at) != '}') {
                int nameEnd = syntax.skipString(data, at + 1);
                Slice name = Slice.of(state.unescape(syntax, data, at + 1, nameEnd - 1));
                int value = syntax.colon(data, nameEnd);
                int end = syntax.skipValue(data, value);
                if (JsonSyntax.at(data, value) != 'n' && names.contains(name)) {
                    Slice text = text(data, value, end);
                    for (int i = 0; i < names.size(); i++) {
                        values.set(i, names.get(i).equals(name) ? text : values.get(i));
                    }
                }
                at = syntax.afterComma(data, end);
            }
            return values;
        }

        private Slice text(byte[] data, int from, int to) {
            if (JsonSyntax.at(data, from) == '"') {
                return Slice.of(state.unescape(syntax, data, from + 1, to - 1));
            }
            copied.setLength(0);
            copy.append(copied, data, from);
            return Slice.of(copied.toArray());
        }
    }
}
