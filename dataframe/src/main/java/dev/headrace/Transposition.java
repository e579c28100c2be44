package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows as columns. The query runs at once, as what it gives names the columns.
final class Transposition {
    /// Spark's `spark.sql.transposeMaxValues`.
    private static final int MAX_ROWS = 500;

    private Transposition() {}

    /// As in Spark, texts have no type in common with anything else here.
    private static void checkAlike(DataFrame frame, Column[] columns) {
        List<StructField> fields = frame.select(columns).schema().fieldList();
        List<StructField> texts = fields.stream()
                .filter(field -> field.dataType() instanceof StringType)
                .toList();
        List<StructField> others =
                fields.stream().filter(field -> !texts.contains(field)).toList();
        if (!texts.isEmpty() && !others.isEmpty()) {
            throw new QueryException(
                    "TRANSPOSE_NO_LEAST_COMMON_TYPE",
                    "transpose: '" + texts.getFirst().name() + "' is a text and '"
                            + others.getFirst().name()
                            + "' is not, so their values can't stand in one column. Cast one to the type of the other.");
        }
    }

    /// One row per column but the index, with its name as `key`; one column per row, named by the index. Rows whose
    /// index is null are left out.
    static DataFrame of(DataFrame frame, Column index) {
        StructField indexField = frame.select(index).schema().field(0);
        if (indexField.dataType().isNested()) {
            throw new QueryException(
                    "TRANSPOSE_INVALID_INDEX_COLUMN",
                    "transpose: the index '" + indexField.name() + "' is of type "
                            + indexField.dataType().simpleString()
                            + ", whose values can't name columns. Choose another one.");
        }
        Column[] others = Arrays.stream(frame.columns())
                .filter(name -> !name.equals(indexField.name()))
                .map(name -> frame.col(ColumnName.quoted(name)))
                .toArray(Column[]::new);
        checkAlike(frame, others);
        DataFrame present = frame.filter(index.isNotNull()).sort(index).limit(MAX_ROWS + 1);
        List<String> names = present.select(index.cast("string")).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
        if (names.size() > MAX_ROWS) {
            throw new QueryException(
                    "TRANSPOSE_EXCEED_ROW_LIMIT",
                    "transpose: there are more than " + MAX_ROWS + " rows, each of which would be a column. Filter or"
                            + " aggregate them first.");
        }
        if (others.length == 0) {
            return frame.session().createDataFrame(List.of(), new StructType().add("key", DataTypes.StringType, false));
        }
        DataFrame values = present.unpivot(new Column[] {index}, others, "key", "value");
        StructType schema = new StructType().add("key", DataTypes.StringType, false);
        for (String name : names) {
            schema = schema.add(name, values.schema().field(2).dataType(), true);
        }
        Map<String, List<@Nullable Object>> rows = new LinkedHashMap<>();
        for (Row row : values.select("key", "value").collectAsList()) {
            rows.computeIfAbsent(row.getString(0), key -> new ArrayList<>(Collections.singletonList(key)))
                    .add(row.get(1));
        }
        return frame.session()
                .createDataFrame(
                        rows.values().stream()
                                .map(cells -> RowFactory.create(cells.toArray()))
                                .toList(),
                        schema);
    }
}
