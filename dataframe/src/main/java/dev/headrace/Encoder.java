package dev.headrace;

import dev.headrace.types.StructType;
import java.util.function.Function;

/// How objects of a class become rows, and rows objects; from [Encoders].
///
/// @param <T> the class of the objects
public final class Encoder<T> {
    private final StructType schema;
    private final Class<T> type;
    private final Function<T, Row> encode;
    private final Function<Row, T> decode;

    Encoder(StructType schema, Class<T> type, Function<T, Row> encode, Function<Row, T> decode) {
        this.schema = schema;
        this.type = type;
        this.encode = encode;
        this.decode = decode;
    }

    /// The columns that an object becomes.
    public StructType schema() {
        return schema;
    }

    public Class<T> clazz() {
        return type;
    }

    Row encode(T object) {
        return encode.apply(object);
    }

    /// @param row of this encoder's schema
    T decode(Row row) {
        return decode.apply(row);
    }
}
