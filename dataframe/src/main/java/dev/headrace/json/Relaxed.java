package dev.headrace.json;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rewrites records that aren't JSON, but are accepted as if they were, as JSON.
///
/// The readers stay strict and fast this way: only a record that they refuse comes here. What this class doesn't
/// understand it passes on as it is, for the readers to refuse again.
final class Relaxed {
    /// What can only be a double, whatever is preferred: no decimal is as large.
    private static final String ANY_DOUBLE = "1e400";

    private final JsonOptions.Leniency leniency;
    private final boolean types;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private byte[] data = new byte[0];
    private int at;
    private int to;
    private boolean changed;

    private Relaxed(JsonOptions.Leniency leniency, boolean types) {
        this.leniency = leniency;
        this.types = types;
    }

    /// For readers of values: `NaN` and the infinities become texts, which readers of numbers take for them.
    static Relaxed ofValues(JsonOptions.Leniency leniency) {
        return new Relaxed(leniency, false);
    }

    /// For who looks for types: `NaN` and the infinities become any number that is a double.
    static Relaxed ofTypes(JsonOptions.Leniency leniency) {
        return new Relaxed(leniency, true);
    }

    /// The record as JSON, followed by [JsonSyntax#PADDING] zeros; null if it is already as good as it gets.
    byte @Nullable [] rewrite(byte[] record, int from, int recordEnd) {
        data = record;
        at = from;
        to = recordEnd;
        changed = false;
        out.reset();
        while (at < to) {
            step();
        }
        return changed ? Arrays.copyOf(out.toByteArray(), out.size() + JsonSyntax.PADDING) : null;
    }

    private void step() {
        byte c = data[at];
        if (c == '"' || c == '\'' && leniency.singleQuotes()) {
            string(c);
        } else if (c == '/' && leniency.comments() && at + 1 < to) {
            comment();
        } else if (c == '-' || c >= '0' && c <= '9') {
            number();
        } else if (isWord(c) || c == '+') {
            word();
        } else {
            out.write(c);
            at++;
        }
    }

    private void string(byte quote) {
        changed |= quote == '\'';
        out.write('"');
        at++;
        while (at < to && data[at] != quote) {
            byte c = data[at++];
            if (c == '\\' && at < to) {
                escape(data[at++]);
            } else if (c == '"') {
                out.write('\\');
                out.write('"');
            } else if (c >= 0 && c < ' ' && leniency.controlCharacters()) {
                write(String.format("\\u%04x", (int) c));
                changed = true;
            } else {
                out.write(c);
            }
        }
        if (at < to) {
            out.write('"');
            at++;
        }
    }

    private void escape(byte c) {
        if ("\"\\/bfnrtu".indexOf(c) >= 0) {
            out.write('\\');
            out.write(c);
        } else if (leniency.anyEscape() || c == '\'' && leniency.singleQuotes()) {
            out.write(c);
            changed = true;
        } else {
            out.write('\\');
            out.write(c);
        }
    }

    private void comment() {
        int end;
        if (data[at + 1] == '/') {
            end = at;
            while (end < to && data[end] != '\n' && data[end] != '\r') {
                end++;
            }
        } else {
            end = at + 2;
            while (end < to && !(data[end] == '/' && data[end - 1] == '*' && end > at + 2)) {
                end++;
            }
            end = Math.min(to, end + 1);
        }
        changed = true;
        out.write(' ');
        at = end;
    }

    private void number() {
        if (data[at] == '-') {
            if (at + 1 < to && data[at + 1] == 'I' && leniency.nonNumericNumbers()) {
                word();
                return;
            }
            out.write('-');
            at++;
        }
        if (leniency.leadingZeros()) {
            while (at + 1 < to && data[at] == '0' && data[at + 1] >= '0' && data[at + 1] <= '9') {
                at++;
                changed = true;
            }
        }
        while (at < to && (isWord(data[at]) || data[at] == '.' || data[at] == '+' || data[at] == '-')) {
            out.write(data[at++]);
        }
    }

    private void word() {
        int start = at++;
        while (at < to && (isWord(data[at]) || data[at] == '-' && isName(at))) {
            at++;
        }
        String word = new String(data, start, at - start, java.nio.charset.StandardCharsets.UTF_8);
        boolean number = leniency.nonNumericNumbers() && NON_NUMERIC.contains(word);
        if (number && types && !isName(at)) {
            write(ANY_DOUBLE);
            changed = true;
        } else if (number || leniency.unquotedNames() && isName(at)) {
            write("\"" + word + "\"");
            changed = true;
        } else {
            write(word);
        }
    }

    private static final java.util.Set<String> NON_NUMERIC =
            java.util.Set.of("NaN", "Infinity", "+Infinity", "-Infinity", "+INF", "-INF");

    /// Whether a colon follows the word that goes on, or has ended, at `pos`.
    private boolean isName(int pos) {
        int next = pos;
        while (next < to && (isWord(data[next]) || data[next] == '-')) {
            next++;
        }
        while (next < to && (data[next] == ' ' || data[next] == '\t' || data[next] == '\n' || data[next] == '\r')) {
            next++;
        }
        return next < to && data[next] == ':';
    }

    private static boolean isWord(byte c) {
        return c < 0 || Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '@';
    }

    private void write(String text) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }
}
