package dev.headrace;

import dev.headrace.api.java.UDF1;
import dev.headrace.api.java.function.FilterFunction;
import dev.headrace.api.java.function.FlatMapFunction;
import dev.headrace.api.java.function.MapPartitionsFunction;
import dev.headrace.api.java.function.ReduceFunction;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/// Functions of the program over the rows of a DataFrame as objects. A row is given to its function once, also where
/// several columns are made of the result: results are arrays of rows that are then unfolded.
///
/// @param encoder of the frame's columns, in their order
record TypedFunctions<T>(DataFrame frame, Encoder<T> encoder) {
    private Column object() {
        return functions.struct(frame.allColumns());
    }

    DataFrame filter(FilterFunction<T> function) {
        UDF1<Row, Boolean> test = row -> function.call(encoder.decode(row));
        return frame.filter(functions.udf(test, DataTypes.BooleanType).apply(object()));
    }

    <R> Dataset<R> flatMap(FlatMapFunction<T, R> function, Encoder<R> results) {
        UDF1<Row, List<Row>> each = row -> {
            List<Row> rows = new ArrayList<>();
            function.call(encoder.decode(row)).forEachRemaining(result -> rows.add(results.encode(result)));
            return rows;
        };
        ArrayType type = new ArrayType(results.schema(), false);
        Column unfolded = functions.inline(functions.udf(each, type).apply(object()));
        return Dataset.of(frame.select(unfolded), results);
    }

    /// One call for all rows, as one group.
    <R> Dataset<R> mapPartitions(MapPartitionsFunction<T, R> function, Encoder<R> results) {
        return KeyValueGroupedDataset.of(frame, encoder, _ -> true, Encoders.BOOLEAN())
                .flatMapGroups((_, rows) -> function.call(rows), results);
    }

    T reduce(ReduceFunction<T> function) {
        try (RowIterator rows = new Execution(frame, "reduce(…)").iterator()) {
            if (!rows.hasNext()) {
                throw new NoSuchElementException("reduce(…) of no rows");
            }
            T reduced = encoder.decode(rows.next());
            while (rows.hasNext()) {
                T left = reduced;
                T right = encoder.decode(rows.next());
                reduced = UserCode.call("reduce", "of all rows", () -> function.call(left, right));
            }
            return reduced;
        }
    }
}
