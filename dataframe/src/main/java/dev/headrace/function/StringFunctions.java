package dev.headrace.function;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Functions of strings. Positions and lengths count characters (code points), positions from 1.
public final class StringFunctions {
    /// So many characters are compared before it is asked again whether anyone waits for the result.
    private static final long STEPS_BETWEEN_CHECKS = 65_536;

    /// The longest array that every JVM makes.
    private static final int LONGEST = Integer.MAX_VALUE - 15;

    private static final Slice BLANK = Slice.utf8(" ");

    private StringFunctions() {}

    public static Slice upper(Slice text) {
        return Utf8.isAscii(text)
                ? asciiCase(text, 'a', 'z')
                : Slice.utf8(text.toString().toUpperCase(Locale.ROOT));
    }

    public static Slice lower(Slice text) {
        return Utf8.isAscii(text)
                ? asciiCase(text, 'A', 'Z')
                : Slice.utf8(text.toString().toLowerCase(Locale.ROOT));
    }

    private static Slice asciiCase(Slice text, char first, char last) {
        byte[] bytes = text.bytes();
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] >= first && bytes[i] <= last) {
                bytes[i] ^= 0x20;
            }
        }
        return Slice.of(bytes);
    }

    /// Words are what blanks separate.
    public static Slice initcap(Slice text) {
        StringBuilder out = new StringBuilder();
        boolean start = true;
        String lower = text.toString().toLowerCase(Locale.ROOT);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            out.append(start ? Character.toTitleCase(c) : c);
            start = c == ' ';
        }
        return Slice.utf8(out.toString());
    }

    public static int length(Slice text) {
        return Utf8.count(text);
    }

    public static int octetLength(Slice text) {
        return text.length();
    }

    public static int bitLength(Slice text) {
        return ArithmeticFunctions.multiply(text.length(), 8);
    }

    public static Slice trim(Slice text) {
        return ltrim(rtrim(text));
    }

    public static Slice ltrim(Slice text) {
        int from = 0;
        while (from < text.length() && text.byteAt(from) == ' ') {
            from++;
        }
        return text.subslice(from, text.length() - from);
    }

    public static Slice rtrim(Slice text) {
        int to = text.length();
        while (to > 0 && text.byteAt(to - 1) == ' ') {
            to--;
        }
        return text.subslice(0, to);
    }

    public static Slice btrim(Slice text, Slice characters) {
        return trim(characters, text);
    }

    /// As in Spark, what is left out comes first.
    public static Slice trim(Slice characters, Slice text) {
        return ltrim(characters, rtrim(characters, text));
    }

    public static Slice ltrim(Slice characters, Slice text) {
        int from = 0;
        while (from < text.length()) {
            int width = Math.min(Utf8.width(text.byteAt(from)), text.length() - from);
            if (Utf8.find(characters, text.subslice(from, width), 0) < 0) {
                break;
            }
            from += width;
        }
        return text.subslice(from, text.length() - from);
    }

    public static Slice rtrim(Slice characters, Slice text) {
        int to = text.length();
        while (to > 0) {
            int start = to - 1;
            while (start > 0 && (text.byteAt(start) & 0xc0) == 0x80) {
                start--;
            }
            if (Utf8.find(characters, text.subslice(start, to - start), 0) < 0) {
                break;
            }
            to = start;
        }
        return text.subslice(0, to);
    }

    public static Slice lpad(Slice text, int length) {
        return lpad(text, length, BLANK);
    }

    public static Slice lpad(Slice text, int length, Slice pad) {
        int missing = length <= 0 ? 0 : length - Utf8.count(text);
        return missing <= 0 || pad.isEmpty()
                ? Utf8.part(text, 0, Math.max(length, 0))
                : concat(padding(pad, missing), text);
    }

    public static Slice rpad(Slice text, int length) {
        return rpad(text, length, BLANK);
    }

    public static Slice rpad(Slice text, int length, Slice pad) {
        int missing = length <= 0 ? 0 : length - Utf8.count(text);
        return missing <= 0 || pad.isEmpty()
                ? Utf8.part(text, 0, Math.max(length, 0))
                : concat(text, padding(pad, missing));
    }

    private static Slice padding(Slice pad, int characters) {
        int padCharacters = Utf8.count(pad);
        return concat(repeat(pad, characters / padCharacters), Utf8.part(pad, 0, characters % padCharacters));
    }

    public static Slice substring(Slice text, int position) {
        return substring(text, position, Integer.MAX_VALUE);
    }

    /// A negative position counts from the end; what lies before the text still counts for the length.
    public static Slice substring(Slice text, int position, int length) {
        long from = position > 0 ? position - 1L : position;
        if (position < 0) {
            from += Utf8.count(text);
        }
        long to = Math.max(from + length, 0);
        from = Math.max(from, 0);
        return to <= from ? Utf8.EMPTY : Utf8.part(text, clamp(from), clamp(to - from));
    }

    public static Slice substringBytes(Slice bytes, int position, int length) {
        long from = position > 0 ? position - 1L : position == 0 ? 0 : position + (long) bytes.length();
        long to = Math.min(Math.max(from + length, 0), bytes.length());
        from = Math.max(from, 0);
        return to <= from ? Utf8.EMPTY : bytes.subslice(clamp(from), clamp(to - from));
    }

    /// The length of a new string, if there can be one.
    private static int size(long bytes) {
        if (bytes > LONGEST) {
            throw new DataException(
                    "STRING_SIZE_LIMIT_EXCEEDED",
                    "A string of " + bytes + " bytes would be made. A string has at most " + LONGEST + " bytes.");
        }
        return (int) bytes;
    }

    private static int clamp(long value) {
        return (int) Math.min(value, Integer.MAX_VALUE);
    }

    public static Slice left(Slice text, int length) {
        return Utf8.part(text, 0, Math.max(length, 0));
    }

    public static Slice right(Slice text, int length) {
        return length <= 0 ? Utf8.EMPTY : Utf8.part(text, Math.max(Utf8.count(text) - length, 0), length);
    }

    public static Slice substringIndex(Slice text, Slice delimiter, int count) {
        if (delimiter.isEmpty() || count == 0) {
            return Utf8.EMPTY;
        }
        if (count > 0) {
            int at = -delimiter.length();
            for (int i = 0; i < count; i++) {
                at = Utf8.find(text, delimiter, i == 0 ? 0 : at + 1);
                if (at < 0) {
                    return text;
                }
            }
            return text.subslice(0, at);
        }
        int at = text.length();
        for (int i = 0; i > count; i--) {
            at = Utf8.findLast(text, delimiter, i == 0 ? at : at + delimiter.length() - 1);
            if (at < 0) {
                return text;
            }
        }
        int start = at + delimiter.length();
        return text.subslice(start, text.length() - start);
    }

    public static Slice splitPart(Slice text, Slice delimiter, int part) {
        if (part == 0) {
            throw new DataException(
                    "INVALID_INDEX_OF_ZERO",
                    "split_part: the part is 0. Parts are counted from 1, or from the end by -1.");
        }
        if (delimiter.isEmpty()) {
            return part == 1 || part == -1 ? text : Utf8.EMPTY;
        }
        int parts = 1;
        for (int at = Utf8.find(text, delimiter, 0);
                at >= 0;
                at = Utf8.find(text, delimiter, at + delimiter.length())) {
            parts++;
        }
        int wanted = part > 0 ? part : parts + 1 + part;
        if (wanted < 1 || wanted > parts) {
            return Utf8.EMPTY;
        }
        int start = 0;
        for (int i = 1; i < wanted; i++) {
            start = Utf8.find(text, delimiter, start) + delimiter.length();
        }
        int end = Utf8.find(text, delimiter, start);
        return text.subslice(start, (end < 0 ? text.length() : end) - start);
    }

    public static Slice concat(Slice only) {
        return only;
    }

    public static Slice concat(Slice a, Slice b) {
        byte[] bytes = new byte[size((long) a.length() + b.length())];
        a.copyTo(bytes, Memory.BYTES);
        b.copyTo(bytes, Memory.BYTES + a.length());
        return Slice.of(bytes);
    }

    public static Slice concat(Slice a, Slice b, Slice c) {
        byte[] bytes = new byte[size((long) a.length() + b.length() + c.length())];
        a.copyTo(bytes, Memory.BYTES);
        b.copyTo(bytes, Memory.BYTES + a.length());
        c.copyTo(bytes, Memory.BYTES + a.length() + b.length());
        return Slice.of(bytes);
    }

    public static Slice concat(Slice a, Slice b, Slice c, Slice d) {
        long three = (long) a.length() + b.length() + c.length();
        byte[] bytes = new byte[size(three + d.length())];
        a.copyTo(bytes, Memory.BYTES);
        b.copyTo(bytes, Memory.BYTES + a.length());
        c.copyTo(bytes, Memory.BYTES + a.length() + b.length());
        d.copyTo(bytes, Memory.BYTES + three);
        return Slice.of(bytes);
    }

    /// @param parts slices and lists of slices, nulls skipped
    public static Slice concatWs(Slice separator, List<?> parts) {
        Joiner joiner = new Joiner(separator);
        int added = 0;
        for (Object part : parts) {
            if (part instanceof List<?> list) {
                for (Object element : list) {
                    Cancellation.checkThread(added++);
                    joiner.add(element);
                }
            } else {
                Cancellation.checkThread(added++);
                joiner.add(part);
            }
        }
        return joiner.result();
    }

    /// Joins slices, skipping nulls.
    static final class Joiner {
        private final Slice separator;
        private byte[] bytes = new byte[64];
        private int length;
        private boolean any;

        Joiner(Slice separator) {
            this.separator = separator;
        }

        void add(@Nullable Object part) {
            if (part instanceof Slice slice) {
                if (any) {
                    append(separator);
                }
                append(slice);
                any = true;
            }
        }

        private void append(Slice slice) {
            int needed = size((long) length + slice.length());
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
            }
            slice.copyTo(bytes, Memory.BYTES + length);
            length = needed;
        }

        Slice result() {
            return Slice.of(bytes, 0, length);
        }
    }

    public static int instr(Slice text, Slice part) {
        return locateFrom(part, text, 1);
    }

    public static int locate(Slice part, Slice text) {
        return locateFrom(part, text, 1);
    }

    /// Without a position, 0.
    public static @Nullable Integer locate(@Nullable Slice part, @Nullable Slice text, @Nullable Integer position) {
        if (position == null) {
            return 0;
        }
        return part == null || text == null ? null : Integer.valueOf(locateFrom(part, text, position));
    }

    /// The empty text is found at the first position.
    private static int locateFrom(Slice part, Slice text, int position) {
        if (position < 1) {
            return 0;
        }
        if (part.isEmpty()) {
            return 1;
        }
        int start = Utf8.advance(text, 0, position - 1);
        if (start == text.length() && position > Utf8.count(text) + 1) {
            return 0;
        }
        int at = Utf8.find(text, part, start);
        return at < 0 ? 0 : Utf8.count(text.subslice(0, at)) + 1;
    }

    public static Slice replace(Slice text, Slice search) {
        return replace(text, search, Utf8.EMPTY);
    }

    public static Slice replace(Slice text, Slice search, Slice replacement) {
        int at = search.isEmpty() ? -1 : Utf8.find(text, search, 0);
        if (at < 0) {
            return text;
        }
        Joiner out = new Joiner(replacement);
        int from = 0;
        for (; at >= 0; at = Utf8.find(text, search, from)) {
            out.add(text.subslice(from, at - from));
            from = at + search.length();
        }
        out.add(text.subslice(from, text.length() - from));
        return out.result();
    }

    public static Slice overlay(Slice text, Slice replacement, int position) {
        return overlay(text, replacement, position, -1);
    }

    public static Slice overlay(Slice text, Slice replacement, int position, int length) {
        int replaced = length >= 0 ? length : Utf8.count(replacement);
        Slice head = substring(text, 1, position - 1);
        Slice tail = substring(text, clamp((long) position + replaced));
        return concat(head, replacement, tail);
    }

    public static Slice translate(Slice text, Slice from, Slice to) {
        Map<Integer, Integer> mapping = new HashMap<>();
        int[] source = from.toString().codePoints().toArray();
        int[] target = to.toString().codePoints().toArray();
        for (int i = 0; i < source.length; i++) {
            mapping.putIfAbsent(source[i], i < target.length ? target[i] : -1);
        }
        StringBuilder out = new StringBuilder();
        text.toString().codePoints().forEach(c -> {
            int mapped = mapping.getOrDefault(c, c);
            if (mapped >= 0) {
                out.appendCodePoint(mapped);
            }
        });
        return Slice.utf8(out.toString());
    }

    public static Slice reverse(Slice text) {
        byte[] bytes = new byte[text.length()];
        int to = bytes.length;
        for (int from = 0; from < bytes.length; ) {
            int width = Math.min(Utf8.width(text.byteAt(from)), bytes.length - from);
            to -= width;
            text.subslice(from, width).copyTo(bytes, Memory.BYTES + to);
            from += width;
        }
        return Slice.of(bytes);
    }

    public static Slice repeat(Slice text, int times) {
        if (times <= 0 || text.isEmpty()) {
            return Utf8.EMPTY;
        }
        byte[] bytes = new byte[size((long) text.length() * times)];
        for (int i = 0; i < times; i++) {
            text.copyTo(bytes, Memory.BYTES + (long) i * text.length());
        }
        return Slice.of(bytes);
    }

    public static Slice space(int count) {
        return repeat(BLANK, count);
    }

    public static boolean startsWith(Slice text, Slice prefix) {
        return text.length() >= prefix.length()
                && Memory.equal(text.base(), text.offset(), prefix.base(), prefix.offset(), prefix.length());
    }

    public static boolean endsWith(Slice text, Slice suffix) {
        int from = text.length() - suffix.length();
        return from >= 0
                && Memory.equal(text.base(), text.offset() + from, suffix.base(), suffix.offset(), suffix.length());
    }

    public static boolean contains(Slice text, Slice part) {
        return Utf8.find(text, part, 0) >= 0;
    }

    public static int ascii(Slice text) {
        return text.isEmpty() ? 0 : Utf8.part(text, 0, 1).toString().codePointAt(0);
    }

    public static Slice chr(long code) {
        return code < 0 ? Utf8.EMPTY : Slice.utf8(String.valueOf((char) (code & 0xff)));
    }

    public static int levenshtein(Slice a, Slice b) {
        return levenshtein(codePoints(a), codePoints(b), Integer.MAX_VALUE);
    }

    /// -1 if it is more than the limit.
    public static int levenshtein(Slice a, Slice b, int limit) {
        return levenshtein(codePoints(a), codePoints(b), limit);
    }

    private static int[] codePoints(Slice text) {
        return text.toString().codePoints().toArray();
    }

    /// Only the cells of the matrix are filled that are at most as far from its diagonal as the limit says: to come to
    /// one beyond takes more changes.
    private static int levenshtein(int[] left, int[] right, int limit) {
        if (Math.abs(left.length - right.length) > limit) {
            return -1;
        }
        int width = Math.min(limit, Math.max(left.length, right.length));
        int tooMany = width + 1;
        int[] last = new int[right.length + 1];
        int[] row = new int[right.length + 1];
        Arrays.fill(last, tooMany);
        Arrays.fill(row, tooMany);
        for (int j = 0; j <= Math.min(width, right.length); j++) {
            last[j] = j;
        }
        long unasked = 0;
        for (int i = 1; i <= left.length; i++) {
            int from = Math.max(1, i - width);
            int to = Math.min(right.length, i + width);
            unasked += to - from + 1L;
            if (unasked > STEPS_BETWEEN_CHECKS) {
                unasked = 0;
                Cancellation.checkThread();
            }
            row[from - 1] = from == 1 ? Math.min(i, tooMany) : tooMany;
            int least = row[from - 1];
            for (int j = from; j <= to; j++) {
                int replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
                least = Math.min(least, row[j]);
            }
            if (least > width) {
                return -1;
            }
            int[] free = last;
            last = row;
            row = free;
        }
        return last[right.length] > width ? -1 : last[right.length];
    }
}
