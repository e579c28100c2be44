package dev.headrace.chunk;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A run of bytes, off heap or within a `byte[]`: the value of a string (UTF-8) or of a binary.
///
/// A slice only points at its bytes. Generated code keeps one slice per column and moves it from row to row with
/// [#set]; whoever keeps a value longer than the chunk it came from keeps a [#copy]. Two slices are equal when their
/// bytes are; the order is that of unsigned bytes, which for UTF-8 is the order of code points. Not thread-safe.
public final class Slice implements Comparable<Slice> {
    private static final byte[] NOTHING = new byte[0];

    private @Nullable Object base;
    private long offset;
    private int length;

    /// The empty slice.
    public Slice() {
        set(NOTHING, Memory.BYTES, 0);
    }

    /// A slice over `bytes`, which must not change.
    public static Slice of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    public static Slice of(byte[] bytes, int from, int length) {
        Slice slice = new Slice();
        slice.set(bytes, Memory.BYTES + from, length);
        return slice;
    }

    /// A slice over off-heap memory.
    public static Slice at(long address, int length) {
        Slice slice = new Slice();
        slice.set(null, address, length);
        return slice;
    }

    public static Slice utf8(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Points this slice elsewhere.
    public void set(@Nullable Object newBase, long newOffset, int newLength) {
        base = newBase;
        offset = newOffset;
        length = newLength;
    }

    /// What to give [Memory] as base: a `byte[]`, or null off heap.
    public @Nullable Object base() {
        return base;
    }

    /// Where the first byte lies, relative to [#base].
    public long offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public byte byteAt(int index) {
        return Memory.getByte(base, offset + index);
    }

    /// A part of this slice, over the same memory.
    public Slice subslice(int from, int newLength) {
        Slice part = new Slice();
        part.set(base, offset + from, newLength);
        return part;
    }

    /// The same bytes on the heap, independent of the memory this slice points at.
    public Slice copy() {
        return of(bytes());
    }

    /// A new array with the bytes.
    public byte[] bytes() {
        byte[] bytes = new byte[length];
        Memory.copy(base, offset, bytes, Memory.BYTES, length);
        return bytes;
    }

    public void copyTo(@Nullable Object toBase, long toOffset) {
        Memory.copy(base, offset, toBase, toOffset, length);
    }

    public long hash() {
        return Hash.of(base, offset, length);
    }

    public boolean contentEquals(Slice other) {
        return length == other.length && Memory.equal(base, offset, other.base, other.offset, length);
    }

    @Override
    public int compareTo(Slice other) {
        int common = Math.min(length, other.length);
        int i = 0;
        for (; i + 8 <= common; i += 8) {
            long a = Memory.getLong(base, offset + i);
            long b = Memory.getLong(other.base, other.offset + i);
            if (a != b) {
                return Long.compareUnsigned(Long.reverseBytes(a), Long.reverseBytes(b));
            }
        }
        for (; i < common; i++) {
            int difference = (byteAt(i) & 0xff) - (other.byteAt(i) & 0xff);
            if (difference != 0) {
                return difference;
            }
        }
        return Integer.compare(length, other.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Slice that && contentEquals(that);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash());
    }

    /// The bytes decoded as UTF-8.
    @Override
    public String toString() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }
}
