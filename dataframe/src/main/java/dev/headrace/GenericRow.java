package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A row of values, with or without a schema. Two rows are equal when their values are, whatever their schemas.
final class GenericRow implements Row {
    private final List<@Nullable Object> values;
    private final @Nullable StructType schema;

    GenericRow(List<? extends @Nullable Object> values, @Nullable StructType schema) {
        this.values = Collections.unmodifiableList(new ArrayList<>(values));
        this.schema = schema;
    }

    @Override
    public int size() {
        return values.size();
    }

    @Override
    public @Nullable StructType schema() {
        return schema;
    }

    @Override
    public @Nullable Object get(int i) {
        if (i < 0 || i >= values.size()) {
            throw new QueryException("ROW_INDEX", "There is no column " + i + " in a row of " + values.size() + ".");
        }
        return values.get(i);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Row that) || that.size() != size()) {
            return false;
        }
        for (int i = 0; i < size(); i++) {
            if (!Objects.deepEquals(get(i), that.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (Object value : values) {
            hash = 31 * hash
                    + (value instanceof byte[] bytes ? java.util.Arrays.hashCode(bytes) : Objects.hashCode(value));
        }
        return hash;
    }

    @Override
    public String toString() {
        return mkString("[", ",", "]");
    }
}
