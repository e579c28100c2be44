package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Rarer functions of texts.
public final class MoreStrings {
    private static final String SOUNDEX = "01230127022455012623017202";

    private MoreStrings() {}

    /// The `n`-th of the values, from 1.
    public static @Nullable Object elt(int n, List<?> values) {
        if (n < 1 || n > values.size()) {
            throw new DataException(
                    "INVALID_ARRAY_INDEX",
                    "elt: the position is " + n + ", but there are " + values.size()
                            + " values. Positions are counted from 1.");
        }
        return values.get(n - 1);
    }

    /// The position of a text among those between commas, from 1; 0 if it is none of them.
    public static int findInSet(Slice text, Slice list) {
        String wanted = text.toString();
        if (wanted.indexOf(',') >= 0) {
            return 0;
        }
        String[] parts = list.toString().split(",", -1);
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].equals(wanted)) {
                return i + 1;
            }
        }
        return 0;
    }

    /// Java's `String.format`, with US conventions.
    public static Slice format(Slice pattern, List<?> values) {
        @Nullable Object[] arguments = new @Nullable Object[values.size()];
        for (int i = 0; i < arguments.length; i++) {
            Object value = values.get(i);
            arguments[i] = value instanceof Slice text ? text.toString() : value;
        }
        try {
            return Slice.utf8(String.format(Locale.US, pattern.toString(), arguments));
        } catch (IllegalFormatException wrong) {
            throw new DataException(
                    "INVALID_FORMAT",
                    "format_string: '" + pattern + "' does not fit its " + arguments.length + " arguments: "
                            + wrong.getMessage() + ".",
                    wrong);
        }
    }

    public static boolean isValidUtf8(Slice text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.bytes()));
            return true;
        } catch (CharacterCodingException invalid) {
            return false;
        }
    }

    /// With the replacement character in place of what is no UTF-8.
    public static Slice makeValidUtf8(Slice text) {
        return isValidUtf8(text) ? text : Slice.utf8(text.toString());
    }

    public static Slice validateUtf8(Slice text) {
        if (!isValidUtf8(text)) {
            throw new DataException(
                    "INVALID_UTF8_STRING",
                    "The text of the bytes " + EncodingFunctions.hex(text)
                            + " is no UTF-8. Use try_validate_utf8 to get NULL, or make_valid_utf8.");
        }
        return text;
    }

    public static @Nullable Slice tryValidateUtf8(Slice text) {
        return isValidUtf8(text) ? text : null;
    }

    /// Whether the digits pass Luhn's check; false if the text is something else.
    public static boolean luhnCheck(Slice text) {
        int sum = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.byteAt(text.length() - 1 - i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            int weighted = i % 2 == 0 ? digit : digit * 2;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return text.length() > 0 && sum % 10 == 0;
    }

    public static @Nullable Slice mask(@Nullable Slice text) {
        return mask(text, Slice.utf8("X"));
    }

    public static @Nullable Slice mask(@Nullable Slice text, @Nullable Slice upper) {
        return mask(text, upper, Slice.utf8("x"));
    }

    public static @Nullable Slice mask(@Nullable Slice text, @Nullable Slice upper, @Nullable Slice lower) {
        return mask(text, upper, lower, Slice.utf8("n"));
    }

    public static @Nullable Slice mask(
            @Nullable Slice text, @Nullable Slice upper, @Nullable Slice lower, @Nullable Slice digit) {
        return mask(text, upper, lower, digit, null);
    }

    /// Each character replaced by that of its kind; null keeps it.
    public static @Nullable Slice mask(
            @Nullable Slice text,
            @Nullable Slice upper,
            @Nullable Slice lower,
            @Nullable Slice digit,
            @Nullable Slice other) {
        if (text == null) {
            return null;
        }
        for (Slice by : Arrays.asList(upper, lower, digit, other)) {
            if (by != null && Utf8.count(by) != 1) {
                throw new DataException(
                        "INVALID_PARAMETER_VALUE",
                        "mask: '" + by + "' has " + Utf8.count(by)
                                + " characters. Expected one, such as 'X', or NULL.");
            }
        }
        StringBuilder masked = new StringBuilder();
        text.toString().codePoints().forEach(c -> {
            Slice by = Character.isUpperCase(c)
                    ? upper
                    : Character.isLowerCase(c) ? lower : Character.isDigit(c) ? digit : other;
            if (by == null) {
                masked.appendCodePoint(c);
            } else {
                masked.append(by);
            }
        });
        return Slice.utf8(masked.toString());
    }

    /// Between single quotes, as a string literal.
    public static Slice quote(Slice text) {
        return Slice.utf8("'" + text.toString().replace("'", "\\'") + "'");
    }

    /// The sentences, each as its words.
    public static List<@Nullable Object> sentences(Slice text) {
        return sentences(text, Locale.US);
    }

    public static @Nullable List<@Nullable Object> sentences(@Nullable Slice text, @Nullable Slice language) {
        return sentences(text, language, Utf8.EMPTY);
    }

    /// A language or country that is null is any.
    public static @Nullable List<@Nullable Object> sentences(
            @Nullable Slice text, @Nullable Slice language, @Nullable Slice country) {
        Locale locale =
                Locale.of(language == null ? "" : language.toString(), country == null ? "" : country.toString());
        return text == null ? null : sentences(text, locale);
    }

    private static List<@Nullable Object> sentences(Slice text, Locale locale) {
        List<@Nullable Object> sentences = new ArrayList<>();
        for (String sentence : parts(text.toString(), BreakIterator.getSentenceInstance(locale))) {
            List<@Nullable Object> words = new ArrayList<>();
            for (String word : parts(sentence, BreakIterator.getWordInstance(locale))) {
                if (Character.isLetterOrDigit(word.codePointAt(0))) {
                    words.add(Slice.utf8(word));
                }
            }
            sentences.add(words);
        }
        return sentences;
    }

    private static List<String> parts(String text, BreakIterator breaks) {
        breaks.setText(text);
        List<String> parts = new ArrayList<>();
        int from = breaks.first();
        for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
            parts.add(text.substring(from, to));
            from = to;
        }
        return parts;
    }

    /// A letter and three digits, alike for English words that sound alike; what begins with no letter stays.
    public static Slice soundex(Slice text) {
        if (text.isEmpty() || !isLetter(text.byteAt(0))) {
            return text;
        }
        byte[] code = {(byte) (text.byteAt(0) & ~0x20), '0', '0', '0'};
        int length = 1;
        char last = digit(text.byteAt(0));
        for (int i = 1; i < text.length() && length < code.length; i++) {
            if (!isLetter(text.byteAt(i))) {
                last = '0';
                continue;
            }
            char digit = digit(text.byteAt(i));
            if (digit != '7') {
                if (digit != '0' && digit != last) {
                    code[length++] = (byte) digit;
                }
                last = digit;
            }
        }
        return Slice.of(code);
    }

    private static boolean isLetter(byte b) {
        int upper = b & ~0x20;
        return upper >= 'A' && upper <= 'Z';
    }

    private static char digit(byte letter) {
        return SOUNDEX.charAt((letter & ~0x20) - 'A');
    }

    // Binaries.

    public static Slice toBinary(Slice text) {
        return toBinary(text, Slice.utf8("hex"));
    }

    public static Slice toBinary(Slice text, Slice format) {
        Slice bytes = tryToBinary(text, format);
        if (bytes == null) {
            throw new DataException(
                    "CONVERSION_INVALID_INPUT",
                    "to_binary: '" + text + "' is not " + format + ". Use try_to_binary to get NULL instead.");
        }
        return bytes;
    }

    public static @Nullable Slice tryToBinary(Slice text) {
        return tryToBinary(text, Slice.utf8("hex"));
    }

    public static @Nullable Slice tryToBinary(Slice text, Slice format) {
        return switch (format.toString().toLowerCase(Locale.ROOT)) {
            case "hex" -> EncodingFunctions.unhex(text);
            case "utf-8", "utf8" -> text;
            case "base64" -> EncodingFunctions.isBase64(text) ? EncodingFunctions.unbase64(text) : null;
            default ->
                throw new DataException(
                        "INVALID_PARAMETER_VALUE",
                        "to_binary: the format is '" + format + "'. It must be hex, utf-8 or base64.");
        };
    }

    public static Slice charOfBinary(Slice bytes, Slice format) {
        return switch (format.toString().toLowerCase(Locale.ROOT)) {
            case "hex" -> EncodingFunctions.hex(bytes);
            case "utf-8", "utf8" -> bytes;
            case "base64" -> EncodingFunctions.base64(bytes);
            default ->
                throw new DataException(
                        "INVALID_PARAMETER_VALUE",
                        "to_char: the format is '" + format + "'. For a binary it must be hex, utf-8 or base64.");
        };
    }

    public static Slice leftBytes(Slice bytes, int length) {
        return bytes.subslice(0, Math.clamp(length, 0, bytes.length()));
    }

    public static Slice substringBytes(Slice bytes, int position) {
        return StringFunctions.substringBytes(bytes, position, Integer.MAX_VALUE);
    }

    public static Slice lpadBytes(Slice bytes, int length) {
        return lpadBytes(bytes, length, Slice.of(new byte[1]));
    }

    public static Slice lpadBytes(Slice bytes, int length, Slice pad) {
        return joined(length, filled(bytes, length, pad), bytes);
    }

    public static Slice rpadBytes(Slice bytes, int length) {
        return rpadBytes(bytes, length, Slice.of(new byte[1]));
    }

    public static Slice rpadBytes(Slice bytes, int length, Slice pad) {
        return joined(length, bytes.bytes(), Slice.of(filled(bytes, length, pad)));
    }

    private static byte[] filled(Slice bytes, int length, Slice pad) {
        int missing = length <= 0 ? 0 : Math.max(0, length - bytes.length());
        byte[] fill = new byte[pad.isEmpty() ? 0 : missing];
        for (int i = 0; i < fill.length; i++) {
            fill[i] = pad.byteAt(i % pad.length());
        }
        return fill;
    }

    private static Slice joined(int length, byte[] first, Slice second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length());
        System.arraycopy(second.bytes(), 0, both, first.length, second.length());
        return Slice.of(java.util.Arrays.copyOf(both, Math.clamp(length, 0, both.length)));
    }

    public static Slice overlayBytes(Slice bytes, Slice replacement, int position) {
        return overlayBytes(bytes, replacement, position, replacement.length());
    }

    public static Slice overlayBytes(Slice bytes, Slice replacement, int position, int length) {
        int replaced = length < 0 ? replacement.length() : length;
        byte[] head = StringFunctions.substringBytes(bytes, 1, position - 1).bytes();
        byte[] middle = replacement.bytes();
        byte[] tail = substringBytes(
                        bytes, Math.clamp((long) position + replaced, Integer.MIN_VALUE, Integer.MAX_VALUE))
                .bytes();
        return Slice.of(java.nio.ByteBuffer.allocate(head.length + middle.length + tail.length)
                .put(head)
                .put(middle)
                .put(tail)
                .array());
    }
}
