package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
        Column[] others = Arrays.stream(frame.allColumns())
                .filter(column -> !column.expr().outputName().equalsIgnoreCase(indexField.name()))
                .toArray(Column[]::new);
        checkAlike(frame, others);
        DataType type = valueType(frame, index, others);
        // One query, whose rows name the columns and fill them.
        List<Row> rows = frame.filter(index.isNotNull())
                .sort(index)
                .limit(MAX_ROWS + 1)
                .select(cells(index, others, type))
                .collectAsList();
        if (rows.size() > MAX_ROWS) {
            throw new QueryException(
                    "TRANSPOSE_EXCEED_ROW_LIMIT",
                    "transpose: there are more than " + MAX_ROWS + " rows, each of which would be a column. Filter or"
                            + " aggregate them first.");
        }
        StructType schema = new StructType().add("key", DataTypes.StringType, false);
        for (Row row : rows) {
            schema = schema.add(Objects.requireNonNull(row.getString(0)), type, true);
        }
        List<Row> transposed = new ArrayList<>();
        for (int i = 0; i < others.length; i++) {
            List<@Nullable Object> cells = new ArrayList<>();
            cells.add(frame.select(others[i]).columns()[0]);
            for (Row row : rows) {
                cells.add(row.get(i + 1));
            }
            transposed.add(RowFactory.create(cells.toArray()));
        }
        return frame.session().createDataFrame(transposed, schema);
    }

    /// What names a column, and the values in it.
    private static Column[] cells(Column index, Column[] others, DataType type) {
        List<Column> cells = new ArrayList<>();
        cells.add(index.cast("string").as("key"));
        for (Column other : others) {
            cells.add(other.cast(type));
        }
        return cells.toArray(Column[]::new);
    }

    /// What all values have in common.
    private static DataType valueType(DataFrame frame, Column index, Column[] others) {
        if (others.length == 0) {
            return DataTypes.StringType;
        }
        return frame.unpivot(new Column[] {index}, others, "key", "value")
                .schema()
                .field(2)
                .dataType();
    }
}
