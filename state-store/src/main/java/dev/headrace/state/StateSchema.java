package dev.headrace.state;

import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;

/// The shape of a store's entries. It is written beside the state; a store is only opened with the schema it was
/// written with.
///
/// @param kind what the entries are
/// @param key the key's columns
/// @param value the value's columns; may be empty, when only the presence of the key matters
/// @param expiring whether each entry carries a time at which it expires, see [StateWriter#takeExpired]
public record StateSchema(Kind kind, StructType key, StructType value, boolean expiring) {
    private static final StructType NUMBER = new StructType().add("_number", DataTypes.LongType, false);

    public enum Kind {
        /// A map from keys to values: a [StateStore].
        MAP,
        /// Rows that only come, and go when they expire: a [RowLog].
        ROWS
    }

    /// The schema of a map.
    public StateSchema(StructType key, StructType value, boolean expiring) {
        this(Kind.MAP, key, value, expiring);
    }

    /// The schema of a log of rows. Its key is a row's place among those that are there.
    public static StateSchema ofRows(StructType rows, boolean expiring) {
        return new StateSchema(Kind.ROWS, NUMBER, rows, expiring);
    }
}
