package dev.headrace.json;

import dev.headrace.parse.ByteBuilder;
import java.nio.charset.StandardCharsets;

/// Copies values of a JSON text as Spark writes what it takes out of one: without blanks, with as few escapes as there
/// can be (but characters beyond the first 65,536 as two), and numbers with a point or an exponent as doubles, such as
/// `1.0E7` for `1e7`, and `"Infinity"` for `1e400`.
///
/// The text has been checked by [JsonSyntax#skipValue].
final class JsonCopy {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private final JsonSyntax syntax;

    JsonCopy(JsonSyntax syntax) {
        this.syntax = syntax;
    }

    /// @param pos at the value's first byte
    /// @return after the value
    int append(ByteBuilder out, byte[] data, int pos) {
        byte c = JsonSyntax.at(data, pos);
        return switch (c) {
            case '"' -> appendString(out, data, pos);
            case '{', '[' -> appendAll(out, data, pos, c);
            case 't', 'f', 'n' -> appendPlain(out, data, pos, syntax.skipValue(data, pos));
            default -> appendNumber(out, data, pos);
        };
    }

    private int appendAll(ByteBuilder out, byte[] data, int pos, byte opening) {
        byte closing = (byte) (opening == '{' ? '}' : ']');
        out.append(opening);
        int at = syntax.blanks(data, pos + 1);
        for (boolean first = true; JsonSyntax.at(data, at) != closing; first = false) {
            if (!first) {
                out.append(',');
            }
            if (opening == '{') {
                at = syntax.colon(data, appendString(out, data, at));
                out.append(':');
            }
            at = syntax.afterComma(data, append(out, data, at));
        }
        out.append(closing);
        return at + 1;
    }

    private int appendNumber(ByteBuilder out, byte[] data, int pos) {
        int end = syntax.skipNumber(data, pos);
        int whole = JsonSyntax.digits(data, JsonSyntax.at(data, pos) == '-' ? pos + 1 : pos);
        if (whole < end) {
            JsonWriter.appendDouble(
                    out, Double.parseDouble(new String(data, pos, end - pos, StandardCharsets.US_ASCII)));
            return end;
        }
        boolean minusZero = end == pos + 2 && JsonSyntax.at(data, pos) == '-' && JsonSyntax.at(data, pos + 1) == '0';
        return appendPlain(out, data, minusZero ? pos + 1 : pos, end);
    }

    /// @param pos at the opening quote
    /// @return after the closing one
    private int appendString(ByteBuilder out, byte[] data, int pos) {
        int plainFrom = pos;
        int at = pos + 1;
        while (true) {
            byte c = JsonSyntax.at(data, at);
            if (c == '"') {
                return appendPlain(out, data, plainFrom, at + 1);
            }
            boolean escaped = c == '\\';
            if (escaped || isPair(data, at)) {
                appendPlain(out, data, plainFrom, at);
                at = escaped ? appendEscaped(out, data, at) : appendPair(out, data, at);
                plainFrom = at;
            } else {
                at++;
            }
        }
    }

    private int appendEscaped(ByteBuilder out, byte[] data, int pos) {
        byte c = JsonSyntax.at(data, pos + 1);
        if (c == '/') {
            out.append('/');
            return pos + 2;
        }
        if (c != 'u') {
            return appendPlain(out, data, pos, pos + 2);
        }
        char unit = (char) syntax.hex4(data, pos + 2);
        if (Character.isSurrogate(unit)) {
            appendUnit(out, unit);
        } else if (unit == '"' || unit == '\\' || unit < ' ') {
            JsonWriter.appendEscape(out, (byte) unit);
        } else {
            out.append(Character.toString(unit));
        }
        return pos + 6;
    }

    /// Whether four bytes of UTF-8 begin here. A text may also be none, and end within them.
    private static boolean isPair(byte[] data, int pos) {
        return (JsonSyntax.at(data, pos) & 0xf8) == 0xf0
                && (JsonSyntax.at(data, pos + 1) & 0xc0) == 0x80
                && (JsonSyntax.at(data, pos + 2) & 0xc0) == 0x80
                && (JsonSyntax.at(data, pos + 3) & 0xc0) == 0x80;
    }

    private static int appendPair(ByteBuilder out, byte[] data, int pos) {
        int code = (JsonSyntax.at(data, pos) & 7) << 18
                | (JsonSyntax.at(data, pos + 1) & 63) << 12
                | (JsonSyntax.at(data, pos + 2) & 63) << 6
                | JsonSyntax.at(data, pos + 3) & 63;
        appendUnit(out, Character.highSurrogate(code));
        appendUnit(out, Character.lowSurrogate(code));
        return pos + 4;
    }

    private static void appendUnit(ByteBuilder out, char unit) {
        out.appendAscii("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX[unit >> shift & 15]);
        }
    }

    private static int appendPlain(ByteBuilder out, byte[] data, int from, int to) {
        out.append(data, from, to - from);
        return to;
    }
}
