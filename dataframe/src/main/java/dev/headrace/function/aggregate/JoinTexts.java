package dev.headrace.function.aggregate;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Slice;
import dev.headrace.function.CellOrder;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `listagg`: the texts that are not null, joined, in the order of the keys after them or of the rows. Null if there
/// are none.
///
/// @param types of the text and the keys
/// @param descending of each key
record JoinTexts(String separator, List<DataType> types, List<Boolean> descending)
        implements Fold<List<List<@Nullable Object>>> {
    @Override
    public DataType resultType() {
        return types.getFirst();
    }

    @Override
    public boolean inOrder() {
        return true;
    }

    @Override
    public DataType stateType() {
        List<StructField> fields = new ArrayList<>();
        types.forEach(type -> fields.add(new StructField("c" + fields.size(), type, true)));
        return new ArrayType(new StructType(fields), false);
    }

    @Override
    public @Nullable List<List<@Nullable Object>> add(
            @Nullable List<List<@Nullable Object>> state, @Nullable Object[] arguments) {
        if (arguments[0] == null) {
            return state;
        }
        List<List<@Nullable Object>> rows = state == null ? new ArrayList<>() : state;
        List<@Nullable Object> row = new ArrayList<>();
        Arrays.stream(arguments).forEach(argument -> row.add(Cell.detach(argument)));
        rows.add(row);
        return rows;
    }

    @Override
    public List<List<@Nullable Object>> merge(List<List<@Nullable Object>> a, List<List<@Nullable Object>> b) {
        a.addAll(b);
        return a;
    }

    @Override
    public Object toCell(List<List<@Nullable Object>> state) {
        return state;
    }

    @Override
    public List<List<@Nullable Object>> fromCell(Object cell) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        ((List<?>) cell).forEach(row -> rows.add(new ArrayList<>((List<?>) row)));
        return rows;
    }

    @Override
    public @Nullable Object result(@Nullable List<List<@Nullable Object>> state) {
        if (state == null) {
            return null;
        }
        List<List<@Nullable Object>> rows = new ArrayList<>(state);
        if (!descending.isEmpty()) {
            rows.sort(this::compare);
        }
        return Slice.utf8(
                rows.stream().map(row -> String.valueOf(row.getFirst())).collect(Collectors.joining(separator)));
    }

    /// Nulls come first ascending, and last descending.
    private int compare(List<@Nullable Object> a, List<@Nullable Object> b) {
        Comparator<@Nullable Object> order = Comparator.nullsFirst(CellOrder::compareCells);
        for (int i = 0; i < descending.size(); i++) {
            int compared = order.compare(a.get(i + 1), b.get(i + 1));
            if (compared != 0) {
                return descending.get(i) ? -compared : compared;
            }
        }
        return 0;
    }
}
