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
/// What is found comes as text: a string as it is, anything else as it stands in the text; several values, which only a
/// star can give, as an array. A field that is null, and what isn't there, is not found.
final class JsonPath {
    private sealed interface Step {
        record Field(String name) implements Step {}

        record Element(int index) implements Step {}

        record All() implements Step {}
    }

    private final List<Step> steps;
    private final boolean several;
    private final JsonSyntax syntax = new JsonSyntax(false);
    private final RecordState state = new RecordState(syntax);
    private final ByteBuilder out = new ByteBuilder();
    private int found;

    private JsonPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
        this.several = steps.contains(new Step.All());
    }

    /// The path that a text means; empty if it means none.
    static Optional<JsonPath> parse(String text) {
        if (!text.startsWith("$")) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        int at = 1;
        while (at < text.length()) {
            boolean dot = text.charAt(at) == '.';
            int end = dot ? nameEnd(text, at + 1) : text.indexOf(']', at) + 1;
            if (end <= at + 1 || !dot && text.charAt(at) != '[') {
                return Optional.empty();
            }
            if (!dot && text.startsWith("['", at)) {
                end = text.indexOf("']", at) + 2;
                if (end < 2) {
                    return Optional.empty();
                }
                steps.add(new Step.Field(text.substring(at + 2, end - 2)));
            } else if (dot) {
                steps.add(new Step.Field(text.substring(at + 1, end)));
            } else {
                String inside = text.substring(at + 1, end - 1);
                OptionalInt index = index(inside);
                if (index.isEmpty() && !inside.equals("*")) {
                    return Optional.empty();
                }
                steps.add(index.isEmpty() ? new Step.All() : new Step.Element(index.getAsInt()));
            }
            at = end;
        }
        return Optional.of(new JsonPath(steps));
    }

    private static int nameEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '.' && text.charAt(at) != '[') {
            at++;
        }
        return at;
    }

    private static OptionalInt index(String text) {
        boolean digits = !text.isEmpty() && text.length() < 10 && text.chars().allMatch(Character::isDigit);
        return digits ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    /// What lies at the path.
    ///
    /// @param data the text, in memory as [JsonSyntax] asks for it
    /// @return empty if nothing does, or the text is no JSON
    Optional<byte[]> find(byte[] data) {
        out.setLength(0);
        found = 0;
        try {
            int at = syntax.blanks(data, 0);
            int end = syntax.skipValue(data, at);
            walk(data, at, end, 0);
        } catch (Malformed _) {
            return Optional.empty();
        }
        if (found == 0) {
            return Optional.empty();
        }
        if (found == 1) {
            return Optional.of(out.toArray());
        }
        ByteBuilder array = new ByteBuilder();
        array.append('[');
        array.append(out.array(), 0, out.length());
        array.append(']');
        return Optional.of(array.toArray());
    }

    private void walk(byte[] data, int pos, int end, int step) {
        byte c = JsonSyntax.at(data, pos);
        if (step == steps.size()) {
            add(data, pos, end);
            return;
        }
        switch (steps.get(step)) {
            case Step.Field(String name) -> {
                if (c == '{') {
                    walkField(data, pos, name.getBytes(StandardCharsets.UTF_8), step);
                }
            }
            case Step.Element(int index) -> {
                if (c == '[') {
                    walkElements(data, pos, OptionalInt.of(index), step);
                }
            }
            case Step.All() -> {
                if (c == '[') {
                    walkElements(data, pos, OptionalInt.empty(), step);
                }
            }
        }
    }

    private void walkField(byte[] data, int pos, byte[] wanted, int step) {
        int at = syntax.blanks(data, pos + 1);
        while (JsonSyntax.at(data, at) != '}') {
            int nameEnd = syntax.skipString(data, at + 1);
            byte[] name = state.unescape(syntax, data, at + 1, nameEnd - 1);
            int value = syntax.colon(data, nameEnd);
            int end = syntax.skipValue(data, value);
            if (Arrays.equals(name, wanted)) {
                if (JsonSyntax.at(data, value) != 'n') {
                    walk(data, value, end, step + 1);
                }
                return;
            }
            at = afterComma(data, end);
        }
    }

    private void walkElements(byte[] data, int pos, OptionalInt index, int step) {
        int at = syntax.blanks(data, pos + 1);
        for (int i = 0; JsonSyntax.at(data, at) != ']'; i++) {
            int end = syntax.skipValue(data, at);
            if (index.isEmpty() || index.getAsInt() == i) {
                walk(data, at, end, step + 1);
            }
            at = afterComma(data, end);
        }
    }

    private int afterComma(byte[] data, int pos) {
        int at = syntax.blanks(data, pos);
        return JsonSyntax.at(data, at) == ',' ? syntax.blanks(data, at + 1) : at;
    }

    private void add(byte[] data, int pos, int end) {
        if (found++ > 0) {
            out.append(',');
        }
        if (JsonSyntax.at(data, pos) == '"' && !several) {
            out.append(state.unescape(syntax, data, pos + 1, end - 1));
        } else {
            out.append(data, pos, end - pos);
        }
    }
}
