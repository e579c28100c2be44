package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;

/// The columns of an `INSERT … BY NAME` with the fields of structs in the table's order, each still of its own type:
/// the cast that follows goes by position.
final class FieldsByName extends MatchedColumns {
    private final String place;

    /// @param place for messages
    FieldsByName(String place) {
        this.place = place;
    }

    @Override
    boolean isSame(DataType given, DataType wanted) {
        return true;
    }

    @Override
    Column converted(Column value, DataType given, DataType wanted, String path) {
        return value;
    }

    /// @throws QueryException `INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA`
    @Override
    Column missing(StructField wanted, StructType given, String path) {
        throw new QueryException(
                "INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA",
                place + ": the rows have no field '" + path + "." + wanted.name() + "': there are "
                        + String.join(", ", given.names()) + ". Add it, perhaps as null.");
    }

    /// @throws QueryException `INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_STRUCT_FIELDS`
    @Override
    void checkSurplus(StructField surplus, StructType wanted, String path) {
        throw new QueryException(
                "INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_STRUCT_FIELDS",
                place + ": the rows have a field '" + path + "." + surplus.name()
                        + "', which the table has not: its fields are " + String.join(", ", wanted.names())
                        + ". Leave it out.");
    }
}
