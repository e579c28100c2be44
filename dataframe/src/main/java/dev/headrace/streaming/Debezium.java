package dev.headrace.streaming;

import static dev.headrace.functions.coalesce;
import static dev.headrace.functions.col;
import static dev.headrace.functions.from_json;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads Debezium's messages, for [Changes#debezium].
public final class Debezium {
    private static final String SOURCE =
            "struct<ts_ms: bigint, lsn: bigint, txId: bigint, db: string, schema: string, `table`: string, file: string, "
                    + "pos: bigint, `row`: int>";

    /// The field of `after` with what the row has beyond the columns that were named, as the text of a JSON object: a
    /// column that was added at the source comes there.
    public static final String RESCUED = "_rescued_data";

    private Debezium() {}

    /// Debezium's envelopes out of JSON texts, with or without their schema (`value.converter.schemas.enable`).
    ///
    /// A null (a tombstone) stays: all columns are null then, and [Changes#debezium] passes over it. A text that is not
    /// JSON, or not of this schema, fails the query: it is never left out.
    ///
    /// @param value the texts, or their bytes in UTF-8
    /// @param row the schema of the table's rows as Debezium's JSON has them, such as `id bigint, name string`
    /// @return the columns `before`, `after`, `op`, `source`, `ts_ms`; `after` has the field [#RESCUED], too
    public static DataFrame json(DataFrame messages, Column value, String row) {
        StructType rowType = StructType.fromDDL(row);
        StructType source = (StructType) dev.headrace.types.DataType.fromDDL(SOURCE);
        StructType envelope = new StructType()
                .add("before", rowType)
                .add("after", rowType.add(RESCUED, DataTypes.StringType))
                .add("op", DataTypes.StringType)
                .add("source", source)
                .add("ts_ms", DataTypes.LongType);
        StructType message = envelope.add("payload", envelope);
        Column parsed = from_json(
                value.cast(DataTypes.StringType), message, Map.of("mode", "FAILFAST", "rescuedDataColumn", RESCUED));
        DataFrame both = messages.select(parsed.as("message"));
        List<Column> columns = new ArrayList<>();
        for (String field : envelope.names()) {
            columns.add(coalesce(col("message.payload." + field), col("message." + field))
                    .as(field));
        }
        return both.select(columns.toArray(Column[]::new));
    }
}
