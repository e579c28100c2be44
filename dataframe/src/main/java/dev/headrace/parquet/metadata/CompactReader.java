package dev.headrace.parquet.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads the structures of Thrift's compact protocol, field by field, from a range of bytes.
///
/// A structure is read by asking for its fields until there is none:
///
/// ```
/// for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
///     switch (id) {
///         case 1 -> count = in.i32();
///         default -> in.skip();
///     }
/// }
/// ```
///
/// Each field must be read or skipped before the next one is asked for. Whatever the bytes are, reading ends: nothing
/// is read outside of the range, no list is longer than the bytes that are left, and what is skipped nests no deeper
/// than [#MAX_DEPTH]. All methods throw [MalformedMetadataException] if the bytes are not what is asked for. One
/// thread.
public final class CompactReader {
    /// How deep structures and lists that are passed over may nest.
    private static final int MAX_DEPTH = 32;

    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int I16 = 4;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int DOUBLE = 7;
    static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int SET = 10;
    private static final int MAP = 11;
    private static final int STRUCT = 12;
    private static final int UUID = 13;

    private final byte[] bytes;
    private final int to;
    private int position;
    private int type;
    private boolean ended;

    /// Reads `[from, to)`.
    public CompactReader(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.position = from;
        this.to = to;
    }

    /// Reads `[from, to)`, which is the value of a field that is a list.
    static CompactReader ofList(byte[] bytes, int from, int to) {
        CompactReader reader = new CompactReader(bytes, from, to);
        reader.type = LIST;
        return reader;
    }

    /// Where in the array the next byte lies.
    public int position() {
        return position;
    }

    /// Whether more was asked for than there is.
    public boolean ended() {
        return ended;
    }

    /// The id of the structure's first field, or 0 if it has none.
    public int firstField() {
        return nextField(0);
    }

    /// The id of the structure's next field, or 0 at its end.
    ///
    /// @param previous the id of the field before it
    public int nextField(int previous) {
        int header = take();
        type = header & 0x0f;
        if (header == 0) {
            return 0;
        }
        int delta = header >>> 4;
        long id = delta == 0 ? zigzag() : previous + delta;
        if (id <= 0 || id > Short.MAX_VALUE) {
            throw new MalformedMetadataException("a field has the id " + id);
        }
        return (int) id;
    }

    /// The field's value, which is a number of 32 bits or an enum.
    public int i32() {
        expect(I32);
        return (int) zigzag();
    }

    /// The field's value, which is a number of 64 bits.
    public long i64() {
        expect(I64);
        return zigzag();
    }

    /// The field's value, which is a number of 8 bits.
    public byte i8() {
        expect(BYTE);
        return (byte) take();
    }

    /// The field's value, which is true or false.
    public boolean bool() {
        if (type != TRUE && type != FALSE) {
            throw unexpected("true or false");
        }
        return type == TRUE;
    }

    /// The field's value as a copy.
    public byte[] binary() {
        int length = length();
        byte[] copy = new byte[length];
        System.arraycopy(bytes, position, copy, 0, length);
        position += length;
        return copy;
    }

    /// The field's value where it lies: a view of the bytes that are read.
    public ByteBuffer view() {
        int length = length();
        ByteBuffer view = ByteBuffer.wrap(bytes, position, length).slice();
        position += length;
        return view;
    }

    public String string() {
        int length = length();
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    /// Says that the field is a structure, whose first field is to be asked for.
    public void struct() {
        expect(STRUCT);
    }

    /// Says that the field is a list of structures.
    ///
    /// @return how many follow
    public int structs() {
        return list(STRUCT);
    }

    /// Says that the field is a list of numbers of 32 bits or enums, which are then read with [#i32].
    public int i32s() {
        return list(I32);
    }

    /// Says that the field is a list of numbers of 64 bits, which are then read with [#i64].
    public int i64s() {
        return list(I64);
    }

    /// Says that the field is a list of texts or bytes, which are then read one by one.
    public int binaries() {
        return list(BINARY);
    }

    /// The field's value, which is a list of true and false.
    public boolean[] bools() {
        expect(LIST);
        int header = take();
        int element = header & 0x0f;
        boolean[] values = new boolean[size(header)];
        if (element != TRUE && element != FALSE && values.length > 0) {
            throw new MalformedMetadataException("a list of type " + element + " is not one of true and false");
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = take() == TRUE;
        }
        return values;
    }

    /// Passes over the field's value.
    public void skip() {
        skip(type, MAX_DEPTH);
    }

    private void skip(int what, int depth) {
        switch (what) {
            // The value of such a field is its type.
            case TRUE, FALSE -> {}
            case BYTE -> pass(1);
            case I16, I32, I64 -> varint();
            case DOUBLE -> pass(8);
            case BINARY -> {
                type = BINARY;
                pass(length());
            }
            case LIST, SET -> skipList(inside(depth));
            case MAP -> skipMap(inside(depth));
            case STRUCT -> skipStruct(inside(depth));
            case UUID -> pass(16);
            default -> throw new MalformedMetadataException("there is no type " + what);
        }
    }

    private static int inside(int depth) {
        if (depth == 0) {
            throw new MalformedMetadataException("structures nest deeper than " + MAX_DEPTH + " levels");
        }
        return depth - 1;
    }

    private void skipStruct(int depth) {
        for (int id = firstField(); id != 0; id = nextField(id)) {
            skip(type, depth);
        }
    }

    private void skipList(int depth) {
        int header = take();
        int size = size(header);
        for (int i = 0; i < size; i++) {
            skipElement(header & 0x0f, depth);
        }
    }

    private void skipMap(int depth) {
        int size = atMostLeft(varint());
        int types = size == 0 ? 0 : take();
        for (int i = 0; i < size; i++) {
            skipElement(types >>> 4, depth);
            skipElement(types & 0x0f, depth);
        }
    }

    /// Other than a field's, the value of true or false takes a byte.
    private void skipElement(int element, int depth) {
        skip(element == TRUE || element == FALSE ? BYTE : element, depth);
    }

    private int list(int element) {
        expect(LIST);
        int header = take();
        int size = size(header);
        if (size > 0 && (header & 0x0f) != element) {
            throw new MalformedMetadataException(
                    "a list of type " + (header & 0x0f) + ", where one of type " + element + " was expected");
        }
        type = element;
        return size;
    }

    private int size(int header) {
        int size = header >>> 4;
        return atMostLeft(size == 15 ? varint() : size);
    }

    private int length() {
        expect(BINARY);
        return atMostLeft(varint());
    }

    /// No value takes less than a byte, so that there can't be more than there are bytes.
    private int atMostLeft(long count) {
        if (count < 0 || count > to - position) {
            ended = true;
            throw new MalformedMetadataException(
                    count + " values or bytes, where there are " + (to - position) + " bytes left");
        }
        return (int) count;
    }

    private void expect(int wanted) {
        if (type != wanted) {
            throw unexpected("type " + wanted);
        }
    }

    private MalformedMetadataException unexpected(String wanted) {
        return new MalformedMetadataException(
                "a field of type " + type + " before byte " + position + ", where " + wanted + " was expected");
    }

    private long zigzag() {
        long folded = varint();
        return folded >>> 1 ^ -(folded & 1);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = take();
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new MalformedMetadataException("a number of more than 64 bits before byte " + position);
    }

    private int take() {
        if (position == to) {
            ended = true;
            throw new MalformedMetadataException("it ends within a field");
        }
        return bytes[position++] & 0xff;
    }

    private void pass(int count) {
        position += atMostLeft(count);
    }
}
