package dev.headrace.exec;

import dev.headrace.function.CellOrder;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.stream.IntStream;

/// The columns of rows that are sorted by a key: those of the row, those of the key, and, if one of the latter has no
/// order, such as a map, the key's bytes, by which equal ones come together.
///
/// @param rowColumns how many of them are the row's
/// @param keyColumns how many behind those are the key's
/// @param order what the rows are sorted by: the key's columns, or its bytes
record GroupColumns(StructType schema, int rowColumns, int keyColumns, List<SortColumn> order) {
    static GroupColumns of(KeyColumns keyed) {
        StructType keys = keyed.keys();
        boolean ordered = keys.fieldList().stream().map(StructField::dataType).allMatch(CellOrder::isOrdered);
        StructType schema = ordered ? keyed.schema() : keyed.schema().add("bytes", DataTypes.BinaryType, false);
        int[] order = IntStream.range(ordered ? keyed.rowColumns() : schema.size() - 1, schema.size())
                .toArray();
        return new GroupColumns(schema, keyed.rowColumns(), keys.size(), SortedPartitions.ascending(order));
    }

    boolean haveBytes() {
        return schema.size() > rowColumns + keyColumns;
    }

    /// The first of the columns that the rows are sorted by, if there are any: without a key, all rows are one group.
    int firstOrder() {
        return order.isEmpty() ? rowColumns : order.getFirst().ordinal();
    }

    int[] orderOrdinals() {
        return order.stream().mapToInt(SortColumn::ordinal).toArray();
    }
}
