package dev.headrace.parse;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes that are appended to: what text formats write into.
public final class ByteBuilder {
    private byte[] bytes = new byte[1024];
    private int length;

    /// The array that holds the bytes, as long as nothing is appended.
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /// Forgets everything but the first `newLength` bytes.
    public void setLength(int newLength) {
        length = newLength;
    }

    /// Makes room for `more` bytes, which the caller puts into [#array] from [#length] on before it sets the length.
    public void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, more)));
        }
    }

    public void append(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    public void append(byte value) {
        reserve(1);
        bytes[length++] = value;
    }

    /// Appends text of ASCII characters.
    public void appendAscii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    public void append(String text) {
        append(text.getBytes(StandardCharsets.UTF_8));
    }

    public void append(byte[] more) {
        append(more, 0, more.length);
    }

    public void append(byte[] more, int from, int count) {
        reserve(count);
        System.arraycopy(more, from, bytes, length, count);
        length += count;
    }

    public void append(Slice slice) {
        reserve(slice.length());
        slice.copyTo(bytes, Memory.BYTES + length);
        length += slice.length();
    }

    public void append(long number) {
        if (number == Long.MIN_VALUE) {
            appendAscii("-9223372036854775808");
            return;
        }
        reserve(20);
        long rest = number;
        if (rest < 0) {
            bytes[length++] = '-';
            rest = -rest;
        }
        int digits = digits(rest);
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    /// Appends the number with zeros in front, so that it has `digits` digits.
    public void appendPadded(int number, int digits) {
        reserve(digits);
        int rest = number;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long power = 10; digits < 19 && number >= power; power *= 10) {
            digits++;
        }
        return digits;
    }

    /// A copy of the bytes.
    public byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }
}
