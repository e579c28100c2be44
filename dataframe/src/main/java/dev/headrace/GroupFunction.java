package dev.headrace;

import dev.headrace.plan.GroupCall;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function over the objects of each key, of one input or of several.
///
/// @param inputs what each input's rows are
/// @param output what it gives
record GroupFunction<K, R>(String name, List<GroupedInput<K, ?>> inputs, ObjectCells<R> output, Body<K, R> body)
        implements GroupCall.Plain {

    interface Body<K, R> {
        /// @param values for each input the objects of the key, to be read once
        Iterator<R> call(K key, List<Iterator<?>> values) throws Exception;
    }

    @Override
    public StructType keySchema() {
        return inputs.getFirst().keys().schema();
    }

    @Override
    public StructType outputSchema() {
        return output.schema();
    }

    @Override
    public List<@Nullable Object> key(int input, List<@Nullable Object> row) {
        return inputs.get(input).keyOf(row);
    }

    @Override
    public Results call(List<@Nullable Object> key, List<Iterator<List<@Nullable Object>>> rows) {
        K object = inputs.getFirst().keys().object(key);
        String keyText = String.valueOf(object);
        List<Iterator<?>> values = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            values.add(inputs.get(i).objects(rows.get(i)));
        }
        Iterator<R> results = UserCode.call(name, keyText, () -> body.call(object, values));
        return output.rows(results, name, keyText);
    }
}
