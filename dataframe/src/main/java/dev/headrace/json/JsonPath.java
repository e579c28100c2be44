package dev.headrace.json;

import dev.headrace.parse.ByteBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A path such as `$.items[0].id` into a JSON text: `.name` and `['name']` for a field, `[n]` for an element, `[*]` for
/// all elements.
///
/// What is found comes as text: a string as it is, anything else as [JsonCopy] writes it; what a star finds is an
/// array, as Hive and Spark have it: the first star makes none for a single value, two in a row make one of all values
/// in the arrays at any depth. A field that is null, and what isn't there, is not found.
final class JsonPath {
    private sealed interface Step {
        record Field(String name) implements Step {}

        record Element(int index) implements Step {}

        record All() implements Step {}
    }

    /// How values are written.
    private enum Style {
        /// Strings without quotes: there is no star before.
        RAW,
        /// As they are nested in others.
        QUOTED,
        /// Arrays as their elements.
        FLATTENED
    }

    private final List<Step> steps;
    private final JsonSyntax syntax = new JsonSyntax(false);
    private final RecordState state = new RecordState(syntax);
    private final JsonCopy copy = new JsonCopy(syntax);
    private final ByteBuilder out = new ByteBuilder();

    private JsonPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /// The path that a text means; empty if it means none, or one that nothing lies at, such as all fields.
    static Optional<JsonPath> parse(String text) {
        if (!text.startsWith("$")) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        int at = 1;
        while (at < text.length()) {
            boolean dot = text.charAt(at) == '.';
            boolean quoted = text.startsWith("['", at);
            int from = at + (quoted ? 2 : 1);
            int to = end(text, from, dot ? ".[" : quoted ? "'" : "]");
            boolean closed = dot || text.startsWith(quoted ? "']" : "]", to);
            String inside = text.substring(from, to);
            Optional<Step> step = dot || quoted ? field(inside, quoted) : element(inside);
            if (step.isEmpty() || !closed || !dot && text.charAt(at) != '[') {
                return Optional.empty();
            }
            steps.add(step.get());
            at = dot ? to : to + (quoted ? 2 : 1);
        }
        return Optional.of(new JsonPath(steps));
    }

    private static int end(String text, int from, String ends) {
        int at = from;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    /// Blanks before a name or number don't count, as in Spark.
    private static Optional<Step> field(String inside, boolean quoted) {
        boolean all = quoted ? inside.equals("*") : inside.startsWith("*");
        String name = inside.stripLeading();
        return all || name.isEmpty() ? Optional.empty() : Optional.of(new Step.Field(name));
    }

    private static Optional<Step> element(String inside) {
        if (inside.equals("*")) {
            return Optional.of(new Step.All());
        }
        String index = inside.stripLeading();
        boolean digits =
                !index.isEmpty() && index.length() < 10 && index.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Optional.of(new Step.Element(Integer.parseInt(index))) : Optional.empty();
    }

    /// What lies at the path.
    ///
    /// @param data the text, in memory as [JsonSyntax] asks for it
    /// @return empty if nothing does
    /// @throws Malformed if the text is no JSON
    Optional<byte[]> find(byte[] data) {
        out.setLength(0);
        int at = syntax.blanks(data, 0);
        int end = syntax.skipValue(data, at);
        return write(data, at, end, 0, Style.RAW) ? Optional.of(out.toArray()) : Optional.empty();
    }

    /// Writes what lies at the steps from `step` on.
    ///
    /// @return whether anything does; if not, an array without elements may have been written
    private boolean write(byte[] data, int pos, int end, int step, Style style) {
        byte c = JsonSyntax.at(data, pos);
        if (step == steps.size()) {
            return writeValue(data, pos, end, style);
        }
        return switch (steps.get(step)) {
            case Step.Field(String name) ->
                c == '{' && writeField(data, pos, name.getBytes(StandardCharsets.UTF_8), step, style);
            case Step.Element(int index) -> {
                Style next = isAll(step + 1) ? Style.QUOTED : style;
                yield c == '[' && writeElements(data, pos, OptionalInt.of(index), step + 1, next) > 0;
            }
            case Step.All _ -> c == '[' && writeAll(data, pos, step, style);
        };
    }

    private boolean isAll(int step) {
        return step < steps.size() && steps.get(step) instanceof Step.All;
    }

    private boolean writeValue(byte[] data, int pos, int end, Style style) {
        byte c = JsonSyntax.at(data, pos);
        if (c == '"' && style == Style.RAW) {
            out.append(state.unescape(syntax, data, pos + 1, end - 1));
            return true;
        }
        if (c == '[' && style == Style.FLATTENED) {
            return writeElements(data, pos, OptionalInt.empty(), steps.size(), style) > 0;
        }
        separate();
        copy.append(out, data, pos);
        return true;
    }

    private boolean writeField(byte[] data, int pos, byte[] wanted, int step, Style style) {
        int at = syntax.blanks(data, pos + 1);
        while (JsonSyntax.at(data, at) != '}') {
            int nameEnd = syntax.skipString(data, at + 1);
            byte[] name = state.unescape(syntax, data, at + 1, nameEnd - 1);
            int value = syntax.colon(data, nameEnd);
            int end = syntax.skipValue(data, value);
            if (Arrays.equals(name, wanted)
                    && JsonSyntax.at(data, value) != 'n'
                    && write(data, value, end, step + 1, style)) {
                return true;
            }
            at = syntax.afterComma(data, end);
        }
        return false;
    }

    private boolean writeAll(byte[] data, int pos, int step, Style style) {
        int before = out.length();
        separate();
        int start = out.length();
        out.append('[');
        if (isAll(step + 1)) {
            boolean found = writeElements(data, pos, OptionalInt.empty(), step + 2, Style.FLATTENED) > 0;
            out.append(']');
            return found;
        }
        Style next = style == Style.FLATTENED ? style : Style.QUOTED;
        int found = writeElements(data, pos, OptionalInt.empty(), step + 1, next);
        if (style == Style.QUOTED || found > 1) {
            out.append(']');
        } else if (found == 1) {
            int length = out.length() - start - 1;
            System.arraycopy(out.array(), start + 1, out.array(), start, length);
            out.setLength(start + length);
        } else {
            out.setLength(before);
        }
        return found > 0;
    }

    /// @param index of the only element that is asked
    /// @return the number of elements that have anything at the steps from `step` on
    private int writeElements(byte[] data, int pos, OptionalInt index, int step, Style style) {
        int found = 0;
        int at = syntax.blanks(data, pos + 1);
        for (int i = 0; JsonSyntax.at(data, at) != ']'; i++) {
            int end = syntax.skipValue(data, at);
            if ((index.isEmpty() || index.getAsInt() == i) && write(data, at, end, step, style)) {
                found++;
            }
            at = syntax.afterComma(data, end);
        }
        return found;
    }

    private void separate() {
        if (out.length() > 0 && out.array()[out.length() - 1] != '[') {
            out.append(',');
        }
    }
}
