package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Bytes as text and back.
public final class EncodingFunctions {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final Map<String, Charset> CHARSETS = Map.of(
            "US-ASCII", StandardCharsets.US_ASCII,
            "ISO-8859-1", StandardCharsets.ISO_8859_1,
            "UTF-8", StandardCharsets.UTF_8,
            "UTF-16BE", StandardCharsets.UTF_16BE,
            "UTF-16LE", StandardCharsets.UTF_16LE,
            "UTF-16", StandardCharsets.UTF_16);

    private EncodingFunctions() {}

    public static Slice hex(long value) {
        return Slice.utf8(Long.toHexString(value).toUpperCase(Locale.ROOT));
    }

    public static Slice hex(Slice bytes) {
        return Slice.utf8(HEX.formatHex(bytes.bytes()));
    }

    /// Null if it is not hexadecimal; a text of odd length gets a 0 in front.
    public static @Nullable Slice unhex(Slice text) {
        String digits = text.toString();
        try {
            return Slice.of(HexFormat.of().parseHex(digits.length() % 2 == 0 ? digits : "0" + digits));
        } catch (IllegalArgumentException notHexadecimal) {
            return null;
        }
    }

    public static Slice bin(long value) {
        return Slice.utf8(Long.toBinaryString(value));
    }

    public static Slice base64(Slice bytes) {
        return Slice.of(Base64.getEncoder().encode(bytes.bytes()));
    }

    public static Slice unbase64(Slice text) {
        try {
            return Slice.of(Base64.getMimeDecoder().decode(text.bytes()));
        } catch (IllegalArgumentException wrong) {
            throw new DataException(
                    "CONVERSION_INVALID_INPUT",
                    "unbase64: '" + text + "' is not base 64: " + wrong.getMessage() + ".",
                    wrong);
        }
    }

    /// Whether a text is base 64 with nothing else in it but blanks, and those before the `=` at its end, of which
    /// there are as many as it takes, or none.
    static boolean isBase64(Slice text) {
        int characters = 0;
        int padding = 0;
        for (char c : text.toString().toCharArray()) {
            if (c == '=') {
                padding++;
            } else if (padding > 0 || !isBase64(c) && !Character.isWhitespace(c)) {
                return false;
            } else if (isBase64(c)) {
                characters++;
            }
        }
        return padding == 0
                ? characters % 4 != 1
                : padding <= 2 && characters % 4 >= 2 && (characters + padding) % 4 == 0;
    }

    private static boolean isBase64(char c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '+' || c == '/';
    }

    public static Slice encode(Slice text, Slice charset) {
        return Slice.of(text.toString().getBytes(charset("encode", charset)));
    }

    public static Slice decode(Slice bytes, Slice charset) {
        return Slice.utf8(new String(bytes.bytes(), charset("decode", charset)));
    }

    private static Charset charset(String function, Slice name) {
        Charset charset = CHARSETS.get(name.toString().toUpperCase(Locale.ROOT));
        if (charset == null) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE",
                    function + ": '" + name + "' is not a character set. Expected: "
                            + String.join(
                                    ", ", CHARSETS.keySet().stream().sorted().toList()) + ".");
        }
        return charset;
    }
}
