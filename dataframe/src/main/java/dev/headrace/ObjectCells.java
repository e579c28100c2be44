package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.GroupCall;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Objects of an encoder as cells: what functions of the program over rows see, and give.
///
/// @param where whose objects these are, for messages
record ObjectCells<T>(Encoder<T> encoder, JavaValues values, String where) {
    StructType schema() {
        return encoder.schema();
    }

    T object(List<@Nullable Object> row) {
        return encoder.decode(values.toRow(row, schema()));
    }

    List<@Nullable Object> row(T object) {
        if (object == null && !isSingle()) {
            throw new QueryException(
                    "INVALID_ROW_VALUE", where + " is null. Only a single value, such as a text, can be null.");
        }
        return JavaValues.toCells(encoder.encode(object), schema(), where);
    }

    /// The objects that a function of the program gives as rows, made while they are taken.
    GroupCall.Results rows(Iterator<T> objects, String function, Object key) {
        return () -> UserCode.call(function, key, () -> objects.hasNext() ? row(objects.next()) : null);
    }

    /// Gives all of them: what fails where they go is not the function's failure.
    void give(Iterator<T> objects, String function, Object key, GroupCall.Output out) {
        GroupCall.Results rows = rows(objects, function, key);
        for (List<@Nullable Object> row = rows.next(); row != null; row = rows.next()) {
            out.accept(row);
        }
    }

    /// Whether an object is a single value rather than a struct.
    boolean isSingle() {
        return schema().size() == 1 && schema().field(0).name().equals("value");
    }

    /// The type of an object as one value: a single value itself, else a struct.
    DataType type() {
        return isSingle() ? schema().field(0).dataType() : schema();
    }

    /// The object as a row's value: a single value itself, else a row.
    @Nullable Object value(T object) {
        Row row = encoder.encode(object);
        return isSingle() ? row.get(0) : row;
    }

    T ofValue(@Nullable Object value) {
        return encoder.decode(isSingle() ? RowFactory.create(value) : (Row) Objects.requireNonNull(value));
    }

    Object cell(T object) {
        List<@Nullable Object> row = row(object);
        return isSingle() ? Objects.requireNonNull(row.getFirst(), where + " is null") : row;
    }

    @SuppressWarnings("unchecked") // the cell of a struct is a list
    T ofCell(@Nullable Object cell) {
        if (!isSingle()) {
            return object((List<@Nullable Object>) Objects.requireNonNull(cell));
        }
        List<@Nullable Object> row = new ArrayList<>(1);
        row.add(cell);
        return object(row);
    }
}
