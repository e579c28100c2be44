package dev.headrace;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes rows by hand.
public final class RowFactory {
    private RowFactory() {}

    /// A row of these values, without a schema. See [Row] for the classes of values;
    /// [Session#createDataFrame(java.util.List, dev.headrace.types.StructType)] says which others it takes.
    public static Row create(@Nullable Object @Nullable ... values) {
        // A lone null reaches varargs as a null array.
        return new GenericRow(values == null ? Arrays.asList((Object) null) : Arrays.asList(values), null);
    }
}
