package dev.headrace.streaming;

import static dev.headrace.functions.coalesce;
import static dev.headrace.functions.col;
import static dev.headrace.functions.concat;
import static dev.headrace.functions.from_json;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max_by;
import static dev.headrace.functions.not;
import static dev.headrace.functions.raise_error;
import static dev.headrace.functions.udf;
import static dev.headrace.functions.when;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.api.java.UDF1;
import dev.headrace.avro.RegistryMessages;
import dev.headrace.connector.ChangeLayout;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads Debezium's messages: to land them ([Changes#debezium]), or to query the table that they describe ([#table]).
public final class Debezium {
    private static final String SOURCE =
            "struct<ts_ms: bigint, lsn: bigint, txId: bigint, db: string, schema: string, `table`: string, file: string, "
                    + "pos: bigint, `row`: int>";

    /// The field of `after` with what the row has beyond the columns that were named, as the text of a JSON object: a
    /// column that was added at the source comes there. Columns that the row lacks are listed in it as
    /// `_absent_columns`.
    public static final String RESCUED = "_rescued_data";

    private static final String OP = "_headrace_op";
    private static final String ORDER = "_headrace_order";

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
                value.cast(DataTypes.StringType),
                message,
                Map.of("mode", "FAILFAST", "rescuedDataColumn", RESCUED, "rescuedAbsentFields", ChangeLayout.ABSENT));
        DataFrame both = messages.select(parsed.as("message"));
        List<Column> columns = new ArrayList<>();
        for (String field : envelope.names()) {
            columns.add(coalesce(col("message.payload." + field), col("message." + field))
                    .as(field));
        }
        return both.select(columns.toArray(Column[]::new));
    }

    /// Debezium's envelopes in Avro, as Confluent's converter writes them: each message is read with the schema that it
    /// was written with, which a registry gives, so that the source's columns may change while the query runs.
    ///
    /// A null (a tombstone) stays, as for [#json]. A registry that can't be reached makes the batch run again
    /// (`SCHEMA_REGISTRY_UNREACHABLE`).
    ///
    /// @param value the messages' bytes
    /// @param row the schema of the table's rows, such as `id bigint, amount decimal(10,2), day date`
    /// @param registry the address of the schema registry, such as `http://localhost:8081`; several of one registry
    ///     with commas between them
    /// @return the same columns as [#json]
    public static DataFrame avro(DataFrame messages, Column value, String row, String registry) {
        return avro(messages, value, row, registry, Map.of());
    }

    /// As [#avro(DataFrame, Column, String, String)], from a registry that wants to know who asks, or is asked in
    /// another way.
    ///
    /// @param options as Confluent's clients have them, with or without `schema.registry.` before them:
    ///     `basic.auth.user.info`, `bearer.auth.token`, `ssl.truststore.location` and so on; see the guide
    /// @throws dev.headrace.errors.QueryException `SCHEMA_REGISTRY_OPTION`
    public static DataFrame avro(
            DataFrame messages, Column value, String row, String registry, Map<String, String> options) {
        return json(messages.select(text(value, registry, options).as("value")), col("value"), row);
    }

    /// The table at the source, as its changes describe it: a row for each key, which comes, changes and goes with
    /// them. What is computed from a stream of it follows: sums go down again, results of joins go. The order of
    /// changes is `source.lsn`, PostgreSQL's log position.
    ///
    /// @param envelopes the columns `before`, `after`, `op` and `source`, as [#json] and [#avro] give them; tombstones
    ///     are passed over
    /// @param keys the table's key
    public static DataFrame table(DataFrame envelopes, String... keys) {
        return table(envelopes, col("source.lsn"), keys);
    }

    /// As [#table(DataFrame, String...)], for other databases.
    ///
    /// Of a key the change that is latest by `order` counts, whenever it comes. A text that an update leaves alone
    /// (`__debezium_unavailable_value`) is that of the change before. A `truncate` and a change without an order fail
    /// the query: they can't be told. The state of a streaming query has an entry for each key, also for one that is
    /// gone.
    ///
    /// @param order a number, a time or a text, never null; as for [Changes#sequencedBy]
    public static DataFrame table(DataFrame envelopes, Column order, String... keys) {
        Column op = when(col("op").isin("c", "r", "u", "d"), col("op"))
                .otherwise(raise_error(concat(
                        lit("Debezium.table(…) can't follow a change with the op '"),
                        col("op"),
                        lit("': expected c, r, u or d. Land the changes in a table with applyChanges instead."))));
        Column known = when(order.isNotNull(), order)
                .otherwise(
                        raise_error(lit("A change has no order. Say what orders the changes: Debezium.table(envelopes,"
                                + " order, keys), with source.pos and source.file for MySQL.")));
        StructType row =
                (StructType) envelopes.select(col("before")).schema().field(0).dataType();
        List<Column> changes = new ArrayList<>(List.of(op.as(OP), known.as(ORDER)));
        List<Column> latest =
                new ArrayList<>(List.of(max_by(col(OP), col(ORDER)).as(OP)));
        List<Column> columns = new ArrayList<>();
        Set<String> keyed = Set.of(keys);
        for (StructField field : row.fieldList()) {
            Column column = ChangeFeed.quoted(field.name());
            Column after = col("after").getField(field.name());
            if (keyed.contains(field.name())) {
                changes.add(
                        coalesce(after, col("before").getField(field.name())).as(field.name()));
            } else {
                changes.add(after.as(field.name()));
                latest.add(
                        max_by(column, when(isThere(field, column), col(ORDER))).as(field.name()));
            }
            columns.add(column);
        }
        return envelopes
                .filter(col("op").isNotNull())
                .select(changes.toArray(Column[]::new))
                .groupBy(Stream.of(keys).map(ChangeFeed::quoted).toArray(Column[]::new))
                .agg(latest.getFirst(), latest.subList(1, latest.size()).toArray(Column[]::new))
                .filter(col(OP).notEqual("d"))
                .select(columns.toArray(Column[]::new));
    }

    /// Whether a change says what a column is.
    private static Column isThere(StructField field, Column column) {
        Column comes = col(OP).notEqual("d");
        return field.dataType().equals(DataTypes.StringType)
                ? comes.and(not(column.eqNullSafe(lit(Changes.DEBEZIUM_UNAVAILABLE))))
                : comes;
    }

    /// Messages in Avro as JSON.
    static Column text(Column value, String registry, Map<String, String> options) {
        RegistryMessages texts = new RegistryMessages(registry, options);
        UDF1<byte[], @Nullable String> json = texts::json;
        return udf(json, DataTypes.StringType).withName("from_registry").apply(value);
    }
}
