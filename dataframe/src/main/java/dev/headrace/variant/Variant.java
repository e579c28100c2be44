package dev.headrace.variant;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/// A value that carries its type: null, a scalar, an object, or an array of such.
///
/// Two parts make it up, little-endian: *metadata*, the names of all fields in it, and the *value*, which refers to
/// names by number. In a column both are one cell, the metadata first, whose length follows from itself. Parts of a
/// variant share its bytes. Immutable.
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

    private final byte[] bytes;
    private final int metadataLength;
    private final int at;

    private Variant(byte[] bytes, int metadataLength, int at) {
        this.bytes = bytes;
        this.metadataLength = metadataLength;
        this.at = at;
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
            int end = 1 + width + (names + 1) * width;
            int length = end + number(bytes, 1 + width + names * width, width);
            if (length < 0 || length >= bytes.length) {
                throw malformed();
            }
            return new Variant(bytes, length, length);
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
                    default ->
                        throw new DataException(
                                "UNKNOWN_PRIMITIVE_TYPE_IN_VARIANT",
                                "A variant holds a value of the type number " + header() + ", which is not known.");
                };
        };
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
                case BINARY -> Slice.of(bytes, at + 5, number(at + 1, 4)).copy();
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
        return basicType() == SHORT_STRING
                ? Slice.of(bytes, at + 1, header()).copy()
                : Slice.of(bytes, at + 5, number(at + 1, 4)).copy();
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
        return new BigDecimal(new BigInteger(unscaled), bytes[at + 1] & 0xff);
    }

    private static BigDecimal stripped(BigDecimal decimal) {
        return decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
    }

    // ---- Objects and arrays

    /// Where the parts of an object or array are.
    private record Parts(int count, int ids, int idWidth, int offsets, int offsetWidth, int values) {}

    private Parts parts() {
        boolean object = basicType() == OBJECT;
        int header = header();
        int countWidth = (object ? header >> 4 & 1 : header >> 2 & 1) == 1 ? 4 : 1;
        int offsetWidth = (header & 3) + 1;
        int idWidth = object ? (header >> 2 & 3) + 1 : 0;
        int count = number(at + 1, countWidth);
        int ids = at + 1 + countWidth;
        int offsets = ids + count * idWidth;
        return new Parts(count, ids, idWidth, offsets, offsetWidth, offsets + (count + 1) * offsetWidth);
    }

    /// The number of fields of an object, or of elements of an array.
    public int size() {
        return parts().count();
    }

    /// An element of an array, or the value of a field, in the order of their names.
    public Variant part(int index) {
        try {
            Parts parts = parts();
            int offset = number(parts.offsets() + index * parts.offsetWidth(), parts.offsetWidth());
            if (parts.values() + offset >= bytes.length || offset < 0) {
                throw malformed();
            }
            return new Variant(bytes, metadataLength, parts.values() + offset);
        } catch (IndexOutOfBoundsException cut) {
            throw malformed(cut);
        }
    }

    /// The name of a field of an object.
    public String name(int index) {
        try {
            Parts parts = parts();
            int id = number(parts.ids() + index * parts.idWidth(), parts.idWidth());
            int width = (bytes[0] >> 6 & 3) + 1;
            int names = number(1, width);
            int offsets = 1 + width;
            int texts = offsets + (names + 1) * width;
            int from = number(offsets + id * width, width);
            int to = number(offsets + (id + 1) * width, width);
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
        int low = 0;
        int high = size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = name(middle).compareTo(name);
            if (order == 0) {
                return Optional.of(part(middle));
            }
            low = order < 0 ? middle + 1 : low;
            high = order > 0 ? middle - 1 : high;
        }
        return Optional.empty();
    }

    /// An element of an array; empty if there are fewer, or this is no array.
    public Optional<Variant> element(int index) {
        return basicType() == ARRAY && index < size() ? Optional.of(part(index)) : Optional.empty();
    }

    // ---- Bytes

    private int valueLength() {
        return switch (basicType()) {
            case SHORT_STRING -> 1 + header();
            case OBJECT, ARRAY -> {
                Parts parts = parts();
                yield parts.values()
                        - at
                        + number(parts.offsets() + parts.count() * parts.offsetWidth(), parts.offsetWidth());
            }
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
                    case BINARY, LONG_STRING -> 5 + number(at + 1, 4);
                    case UUID_TYPE -> 17;
                    default -> bytes.length - at;
                };
        };
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
        return Arrays.copyOfRange(bytes, at, at + valueLength());
    }

    /// Metadata and value as a column's cell.
    public Slice toCell() {
        if (at == metadataLength) {
            return Slice.of(bytes);
        }
        byte[] cell = Arrays.copyOf(bytes, metadataLength + valueLength());
        System.arraycopy(bytes, at, cell, metadataLength, cell.length - metadataLength);
        return Slice.of(cell);
    }
}
