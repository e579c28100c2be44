package dev.headrace.delta;

import dev.headrace.Column;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A column of the table that a clause sets, or a field within it.
///
/// @param key as the clause names it
/// @param fields the names of the structs' fields that lead to what is set, the outermost first; none for the column
record SetColumn(String key, String column, List<String> fields, Column value) {
    /// What a name means that was bound to the table's columns; empty if it is no column and no field of structs alone.
    static Optional<SetColumn> of(String key, BoundExpr bound, Column value) {
        List<String> fields = new ArrayList<>();
        BoundExpr at = bound;
        while (at instanceof BoundExpr.GetField(BoundExpr struct, int ordinal)) {
            fields.addFirst(((StructType) struct.type()).field(ordinal).name());
            at = struct;
        }
        return at instanceof BoundExpr.Column column
                ? Optional.of(new SetColumn(key, column.name(), fields, value))
                : Optional.empty();
    }

    boolean isOf(String name) {
        return column.equalsIgnoreCase(name);
    }

    /// Whether this is what the other one sets, or has it in it.
    private boolean holds(SetColumn other) {
        return isOf(other.column)
                && fields.size() <= other.fields.size()
                && IntStream.range(0, fields.size()).allMatch(i -> fields.get(i).equalsIgnoreCase(other.fields.get(i)));
    }

    /// @throws QueryException `DUPLICATE_ASSIGNMENT`
    static void checkOnce(String table, List<SetColumn> all) {
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < all.size(); j++) {
                if (i != j && all.get(i).holds(all.get(j))) {
                    throw new QueryException(
                            "DUPLICATE_ASSIGNMENT",
                            table + ": '" + all.get(i).key + "' and '" + all.get(j).key
                                    + "' set the same. Give each column and each field one value.");
                }
            }
        }
    }
}
