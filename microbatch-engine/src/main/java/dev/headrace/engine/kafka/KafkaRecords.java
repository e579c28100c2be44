package dev.headrace.engine.kafka;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// How rows become records, by the names of their columns: `value`, and if they are there `key`, `topic`, `partition`
/// and `headers`, as in Spark.
final class KafkaRecords {
    private static final List<String> COLUMNS = List.of("key", "value", "topic", "partition", "headers");
    private static final int NONE = -1;

    private final Optional<String> fixedTopic;
    private final int key;
    private final int value;
    private final int topic;
    private final int partition;
    private final int headers;

    /// @throws QueryException `INVALID_KAFKA_ROWS` if the columns are not those
    KafkaRecords(StructType schema, Optional<String> fixedTopic) {
        this.fixedTopic = fixedTopic;
        for (String name : schema.names()) {
            if (COLUMNS.stream().noneMatch(name::equalsIgnoreCase)) {
                throw invalid("the column '" + name + "' has no meaning for a record");
            }
        }
        key = column(schema, "key");
        value = column(schema, "value");
        topic = column(schema, "topic");
        partition = column(schema, "partition");
        headers = column(schema, "headers");
        if (value == NONE) {
            throw invalid("there is no column 'value'");
        }
        if (topic == NONE && fixedTopic.isEmpty()) {
            throw invalid("neither a column 'topic' nor the option 'topic' says where they go");
        }
    }

    private static QueryException invalid(String what) {
        return new QueryException(
                "INVALID_KAFKA_ROWS",
                "format(\"kafka\") can't write these rows: " + what
                        + ". Select the columns 'value' and, if wanted, 'key'"
                        + " (each string or binary), 'topic' (string), 'partition' (int) and 'headers'"
                        + " (array<struct<key:string,value:binary>>), as in select(to_json(struct(col(\"*\"))).as(\"value\")).");
    }

    private static int column(StructType schema, String name) {
        OptionalInt found = schema.indexOf(name);
        if (found.isEmpty()) {
            return NONE;
        }
        DataType type = schema.field(found.getAsInt()).dataType();
        boolean fits = switch (name) {
            case "key", "value" -> type instanceof StringType || type instanceof BinaryType;
            case "topic" -> type instanceof StringType;
            case "partition" -> type instanceof IntegerType;
            default ->
                type instanceof ArrayType(StructType header, boolean _)
                        && header.size() == 2
                        && header.field(0).dataType() instanceof StringType
                        && header.field(1).dataType() instanceof BinaryType;
        };
        if (!fits) {
            throw invalid("the column '" + name + "' is " + type.simpleString());
        }
        return found.getAsInt();
    }

    /// @throws DataException `KAFKA_TOPIC_IS_NULL`
    ProducerRecord<byte[], byte[]> record(Chunk rows, int row) {
        return new ProducerRecord<>(
                topic(rows, row),
                partition == NONE ? null : (Integer) Cell.read(rows.column(partition), row),
                key == NONE ? null : bytes(Cell.read(rows.column(key), row)),
                bytes(Cell.read(rows.column(value), row)),
                headers == NONE ? List.of() : headers((List<?>) Cell.read(rows.column(headers), row)));
    }

    private String topic(Chunk rows, int row) {
        if (fixedTopic.isPresent()) {
            return fixedTopic.get();
        }
        Object name = Cell.read(rows.column(topic), row);
        if (name == null) {
            throw new DataException(
                    "KAFKA_TOPIC_IS_NULL",
                    "A row for format(\"kafka\") has a null in the column 'topic', which says where it goes. Filter such rows"
                            + " out, or give the option 'topic'.");
        }
        return name.toString();
    }

    private static byte @Nullable [] bytes(@Nullable Object cell) {
        return cell == null ? null : ((Slice) cell).bytes();
    }

    private static List<Header> headers(@Nullable List<?> cells) {
        List<Header> all = new ArrayList<>();
        if (cells != null) {
            for (Object cell : cells) {
                if (cell instanceof List<?> header) {
                    all.add(new RecordHeader(String.valueOf(header.get(0)), bytes(header.get(1))));
                }
            }
        }
        return all;
    }
}
