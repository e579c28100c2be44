package dev.headrace.variant;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ObjIntConsumer;

/// A value that carries its type: null, a scalar, an object, or an array of such.
///
/// Two parts make it up, little-endian: *metadata*, the names of all fields in it, and the *value*, which refers to
/// names by number. In a column both are one cell, the metadata first, whose length follows from itself. Parts of a
/// variant share its bytes. Immutable.
///
/// The bytes are those of a file, and may be of no variant: each method reads only what lies within them, and throws
/// `MALFORMED_VARIANT`.
public final class Variant {
    static final int PRIMITIVE = 0;
    static final int SHORT_STRING = 1;
    static final int OBJECT = 2;
    static final int ARRAY = 3;

    static final int NULL = 0;
    static final int TRUE = 1;
    static final int FALSE = 2;
    static final int INT8 = 3;
    static final int INT16 = 4;
    static final int INT32 = 5;
    static final int INT64 = 6;
    static final int DOUBLE = 7;
    static final int DECIMAL4 = 8;
    static final int DECIMAL8 = 9;
    static final int DECIMAL16 = 10;
    static final int DATE = 11;
    static final int TIMESTAMP = 12;
    static final int TIMESTAMP_NTZ = 13;
    static final int FLOAT = 14;
    static final int BINARY = 15;
    static final int LONG_STRING = 16;
    static final int UUID_TYPE = 20;

    static final int VERSION = 1;
    /// How many objects and arrays may lie around a value: what walks through a variant calls itself for each.
    static final int MAX_DEPTH = 1000;

    private final byte[] bytes;
    private final int metadataLength;
    private final int at;
    private final int depth;

    private Variant(byte[] bytes, int metadataLength, int at, int depth) {
        this.bytes = bytes;
        this.metadataLength = metadataLength;
        this.at = at;
        this.depth = depth;
    }

    /// The variant that a cell holds.
    ///
    /// @throws DataException `MALFORMED_VARIANT`
    public static Variant of(Slice cell) {
        return of(cell.bytes());
    }

    /// @throws DataException `MALFORMED_VARIANT`
    public static Variant of(byte[] value, byte[] metadata) {
        byte[] both = Arrays.copyOf(metadata, metadata.length + value.length);
        System.arraycopy(value, 0, both, metadata.length, value.length);
        Variant variant = of(both);
        if (variant.metadataLength != metadata.length) {
            throw malformed();
        }
        return variant;
    }

    private static Variant of(byte[] bytes) {
        try {
            if ((bytes[0] & 0xf) != VERSION) {
                throw malformed();
            }
            int width = (bytes[0] >> 6 & 3) + 1;
            int names = number(bytes, 1, width);
            long texts = 1 + width + (names + 1L) * width;
            if (names < 0) {
                throw malformed();
            }
            Objects.checkFromToIndex(0L, texts, bytes.length);
            int textLength = number(bytes, (int) texts - width, width);
            if (textLength < 0 || texts + textLength >= bytes.length) {
                throw malformed();
            }
            int length = (int) texts + textLength;
            return new Variant(bytes, length, length, 0);
        } catch (IndexOutOfBoundsException cut) {
            throw malformed(cut);
        }
    }

    private static DataException malformed() {
        return new DataException("MALFORMED_VARIANT", "A variant's bytes are not of its format, version 1.");
    }

    private static DataException malformed(IndexOutOfBoundsException cause) {
        return new DataException("MALFORMED_VARIANT", "A variant's bytes end too early.", cause);
    }

    private static int number(byte[] bytes, int at, int width) {
        int number = 0;
        for (int i = 0; i < width; i++) {
            number |= (bytes[at + i] & 0xff) << 8 * i;
        }
        return number;
    }

    private int number(int position, int width) {
        return number(bytes, position, width);
    }

    private int basicType() {
        return bytes[at] & 3;
    }

    private int header() {
        return bytes[at] >> 2 & 0x3f;
    }

    public VariantKind kind() {
        return switch (basicType()) {
            case SHORT_STRING -> VariantKind.STRING;
            case OBJECT -> VariantKind.OBJECT;
            case ARRAY -> VariantKind.ARRAY;
            default ->
                switch (header()) {
                    case NULL -> VariantKind.NULL;
                    case TRUE, FALSE -> VariantKind.BOOLEAN;
                    case INT8, INT16, INT32, INT64 -> VariantKind.LONG;
                    case DOUBLE -> VariantKind.DOUBLE;
                    case FLOAT -> VariantKind.FLOAT;
                    case DECIMAL4, DECIMAL8, DECIMAL16 -> VariantKind.DECIMAL;
                    case DATE -> VariantKind.DATE;
                    case TIMESTAMP -> VariantKind.TIMESTAMP;
                    case TIMESTAMP_NTZ -> VariantKind.TIMESTAMP_NTZ;
                    case BINARY -> VariantKind.BINARY;
                    case LONG_STRING -> VariantKind.STRING;
                    case UUID_TYPE -> VariantKind.UUID;
                    default -> throw unknownType();
                };
        };
    }

    private DataException unknownType() {
        return new DataException(
                "UNKNOWN_PRIMITIVE_TYPE_IN_VARIANT",
                "A variant holds a value of the type number " + header() + ", which is not known.");
    }

    /// The value of a scalar: `Boolean`, `Long`, `Double`, `Float`, `BigDecimal` without zeros at its end, `Integer` of
    /// a date in days, `Long` of a time in microseconds, [Slice] of a string or binary, `UUID`.
    ///
    /// @throws IllegalStateException for null, objects and arrays
    public Object scalar() {
        try {
            return switch (kind()) {
                case BOOLEAN -> header() == TRUE;
                case LONG -> whole();
                case DOUBLE -> Double.longBitsToDouble(whole(8));
                case FLOAT -> Float.intBitsToFloat(number(at + 1, 4));
                case DECIMAL -> stripped(decimal());
                case DATE -> number(at + 1, 4);
                case TIMESTAMP, TIMESTAMP_NTZ -> whole(8);
                case BINARY -> slice(at + 5, number(at + 1, 4));
                case STRING -> string();
                case UUID -> {
                    ByteBuffer big = ByteBuffer.wrap(bytes, at + 1, 16).order(ByteOrder.BIG_ENDIAN);
                    yield new UUID(big.getLong(), big.getLong());
                }
                case NULL, OBJECT, ARRAY -> throw new IllegalStateException(kind() + " is no scalar");
            };
        } catch (IndexOutOfBoundsException cut) {
            throw malformed(cut);
        }
    }

    private Slice string() {
        return basicType() == SHORT_STRING ? slice(at + 1, header()) : slice(at + 5, number(at + 1, 4));
    }

    /// A slice checks nothing itself.
    private Slice slice(int from, int length) {
        Objects.checkFromIndexSize(from, length, bytes.length);
        return Slice.of(bytes, from, length).copy();
    }

    private long whole() {
        return switch (header()) {
            case INT8 -> bytes[at + 1];
            case INT16 -> (short) number(at + 1, 2);
            case INT32 -> number(at + 1, 4);
            default -> whole(8);
        };
    }

    private long whole(int width) {
        return number(at + 1, 4) & 0xffffffffL | (long) number(at + 5, width - 4) << 32;
    }

    private BigDecimal decimal() {
        int width = switch (header()) {
            case DECIMAL4 -> 4;
            case DECIMAL8 -> 8;
            default -> 16;
        };
        byte[] unscaled = new byte[width];
        for (int i = 0; i < width; i++) {
            unscaled[width - 1 - i] = bytes[at + 2 + i];
        }
        BigDecimal decimal = new BigDecimal(new BigInteger(unscaled), bytes[at + 1] & 0xff);
        int digits = width == 4 ? 9 : width == 8 ? 18 : 38;
        if (decimal.precision() > digits || decimal.scale() > digits) {
            throw malformed();
        }
        return decimal;
    }

    private static BigDecimal stripped(BigDecimal decimal) {
        return decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
    }

    // ---- Objects and arrays

    /// Where the parts of an object or array are: `count` ids, offsets one more, and values up to `end`.
    private record Layout(int count, int ids, int idWidth, int offsets, int offsetWidth, int values, int end) {}

    private Layout layout() {
        try {
            boolean object = basicType() == OBJECT;
            int header = header();
            int countWidth = (object ? header >> 4 & 1 : header >> 2 & 1) == 1 ? 4 : 1;
            int offsetWidth = (header & 3) + 1;
            int idWidth = object ? (header >> 2 & 3) + 1 : 0;
            int count = number(at + 1, countWidth);
            int ids = at + 1 + countWidth;
            long offsets = ids + (long) count * idWidth;
            long values = offsets + (count + 1L) * offsetWidth;
            if (count < 0) {
                throw malformed();
            }
            Objects.checkFromToIndex(0L, values, bytes.length);
            int length = number((int) values - offsetWidth, offsetWidth);
            Objects.checkFromIndexSize((int) values, length, bytes.length);
            return new Layout(count, ids, idWidth, (int) offsets, offsetWidth, (int) values, (int) values + length);
        } catch (IndexOutOfBoundsException cut) {
            throw malformed(cut);
        }
    }

    /// Gives the elements of an array, or the values of fields in the order of their names, each with its place.
    ///
    /// Together they are no longer than what they lie in. So a walk through all parts of parts takes no longer than the
    /// bytes are: thirty arrays whose two elements both are the next array would be a thousand million values.
    public void forEachPart(ObjIntConsumer<Variant> action) {
        Layout layout = layout();
        int left = layout.end() - layout.values();
        for (int i = 0; i < layout.count(); i++) {
            Variant part = part(layout, i);
            left -= part.valueLength();
            if (left < 0) {
                throw malformed();
            }
            action.accept(part, i);
        }
    }

    private Variant part(Layout layout, int index) {
        int offset = number(layout.offsets() + index * layout.offsetWidth(), layout.offsetWidth());
        if (offset < 0 || offset >= layout.end() - layout.values()) {
            throw malformed();
        }
        if (depth == MAX_DEPTH) {
            throw new DataException(
                    "MALFORMED_VARIANT",
                    "A variant is nested over " + MAX_DEPTH + " levels deep, which is the most that can be read.");
        }
        return new Variant(bytes, metadataLength, layout.values() + offset, depth + 1);
    }

    /// The name of a field of an object.
    public String name(int index) {
        return name(layout(), index);
    }

    private String name(Layout layout, int index) {
        try {
            int width = (bytes[0] >> 6 & 3) + 1;
            int names = number(1, width);
            int id = number(layout.ids() + index * layout.idWidth(), layout.idWidth());
            Objects.checkIndex(id, names);
            int offsets = 1 + width;
            int texts = offsets + (names + 1) * width;
            int from = number(offsets + id * width, width);
            int to = number(offsets + (id + 1) * width, width);
            Objects.checkFromToIndex(from, to, metadataLength - texts);
            return Slice.of(bytes, texts + from, to - from).toString();
        } catch (IndexOutOfBoundsException cut) {
            throw malformed(cut);
        }
    }

    /// The value of a field of an object; empty if there is none of the name, or this is no object.
    public Optional<Variant> field(String name) {
        if (basicType() != OBJECT) {
            return Optional.empty();
        }
        Layout layout = layout();
        int low = 0;
        int high = layout.count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = name(layout, middle).compareTo(name);
            if (order == 0) {
                return Optional.of(part(layout, middle));
            }
            low = order < 0 ? middle + 1 : low;
            high = order > 0 ? middle - 1 : high;
        }
        return Optional.empty();
    }

    /// An element of an array; empty if there are fewer, or this is no array.
    public Optional<Variant> element(int index) {
        if (basicType() != ARRAY) {
            return Optional.empty();
        }
        Layout layout = layout();
        return index < layout.count() ? Optional.of(part(layout, index)) : Optional.empty();
    }

    // ---- Bytes

    private int valueLength() {
        try {
            int length = switch (basicType()) {
                case SHORT_STRING -> 1 + header();
                case OBJECT, ARRAY -> layout().end() - at;
                default ->
                    switch (header()) {
                        case NULL, TRUE, FALSE -> 1;
                        case INT8 -> 2;
                        case INT16 -> 3;
                        case INT32, DATE, FLOAT -> 5;
                        case INT64, DOUBLE, TIMESTAMP, TIMESTAMP_NTZ -> 9;
                        case DECIMAL4 -> 6;
                        case DECIMAL8 -> 10;
                        case DECIMAL16 -> 18;
                        case BINARY, LONG_STRING -> 5 + Objects.checkIndex(number(at + 1, 4), bytes.length);
                        case UUID_TYPE -> 17;
                        default -> throw unknownType();
                    };
            };
            Objects.checkFromIndexSize(at, length, bytes.length);
            return length;
        } catch (IndexOutOfBoundsException cut) {
            throw malformed(cut);
        }
    }

    /// How many of a cell's bytes are metadata.
    ///
    /// @throws DataException `MALFORMED_VARIANT`
    public static int metadataLength(byte[] cell) {
        return of(cell).metadataLength;
    }

    public byte[] metadata() {
        return Arrays.copyOf(bytes, metadataLength);
    }

    public byte[] value() {
        return Arrays.copyOfRange(bytes, at, isWhole() ? bytes.length : at + valueLength());
    }

    /// Metadata and value as a column's cell.
    public Slice toCell() {
        if (isWhole()) {
            return Slice.of(bytes);
        }
        byte[] cell = Arrays.copyOf(bytes, metadataLength + valueLength());
        System.arraycopy(bytes, at, cell, metadataLength, cell.length - metadataLength);
        return Slice.of(cell);
    }

    /// Whether it is no part of another one: its bytes are all that there are, even of types that are not known.
    private boolean isWhole() {
        return at == metadataLength;
    }
}
