package dev.headrace.delta.log;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.headrace.errors.CheckpointException;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The text of a commit file: one JSON object per line, with one key that names the kind of action.
///
/// ```text
/// {"commitInfo":{"timestamp":1700000000000,"operation":"WRITE",…}}
/// {"txn":{"appId":"3f…","version":17,"lastUpdated":1700000000000}}
/// {"add":{"path":"part-00000-….parquet","partitionValues":{},"size":841,…,"stats":"{\"numRecords\":3}"}}
/// ```
///
/// `stats` is JSON within a JSON string: a reader refuses it otherwise.
public final class CommitJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private CommitJson() {}

    /// The bytes of a commit file that holds these actions in this order.
    public static byte[] write(List<? extends Action> actions) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256 * actions.size());
        try (JsonGenerator json = MAPPER.getFactory().createGenerator(out)) {
            json.setRootValueSeparator(null);
            for (Action action : actions) {
                json.writeStartObject();
                write(json, action);
                json.writeEndObject();
                json.writeRaw('\n');
            }
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        return out.toByteArray();
    }

    /// Reads a commit file.
    ///
    /// @param file where the bytes come from, for messages
    /// @throws CheckpointException `DELTA_LOG_DAMAGED` if a line is not an action
    public static List<Action> read(String file, byte[] bytes) {
        if (bytes.length == 0) {
            throw damaged(file, "the file is empty", null);
        }
        List<Action> actions = new ArrayList<>();
        int lineNumber = 0;
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
            lineNumber++;
            if (line.isBlank()) {
                continue;
            }
            try {
                actions.add(action(MAPPER.readTree(line)));
            } catch (IOException | IllegalArgumentException notAnAction) {
                throw damaged(file, "line " + lineNumber + " is not an action: '" + shortened(line) + "'", notAnAction);
            }
        }
        return actions;
    }

    /// When the commit was made, if it says so itself, as all commits do of a table with Delta's feature
    /// `inCommitTimestamp`: in their first action.
    ///
    /// @param file where the bytes come from, for messages
    /// @throws CheckpointException `DELTA_LOG_DAMAGED`
    static OptionalLong committedAt(String file, byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        String first = new String(bytes, 0, end, StandardCharsets.UTF_8);
        if (!first.contains("\"inCommitTimestamp\"")) {
            return OptionalLong.empty();
        }
        try {
            JsonNode time = MAPPER.readTree(first).path("commitInfo").path("inCommitTimestamp");
            return time.isNumber() ? OptionalLong.of(time.asLong()) : OptionalLong.empty();
        } catch (IOException notJson) {
            throw damaged(file, "line 1 is not an action: '" + shortened(first) + "'", notJson);
        }
    }

    static CheckpointException damaged(String file, String what, @Nullable Throwable cause) {
        return new CheckpointException(
                "DELTA_LOG_DAMAGED",
                file + ": " + what + ". A commit file is never changed once it is written: restore it from a copy, or "
                        + "restore the table to a version before it.",
                cause);
    }

    private static String shortened(String line) {
        String start = line.strip();
        return start.length() <= 80 ? start : start.substring(0, 80) + "…";
    }

    private static void write(JsonGenerator json, Action action) throws IOException {
        switch (action) {
            case AddFile add -> writeAdd(json, add);
            case RemoveFile remove -> writeRemove(json, remove);
            case TableMetadata metadata -> writeMetadata(json, metadata);
            case Protocol protocol -> writeProtocol(json, protocol);
            case SetTransaction(String appId, long version, long lastUpdatedMillis) -> {
                json.writeObjectFieldStart("txn");
                json.writeStringField("appId", appId);
                json.writeNumberField("version", version);
                json.writeNumberField("lastUpdated", lastUpdatedMillis);
                json.writeEndObject();
            }
            case AddChangeFile(String path, Map<String, @Nullable String> partitionValues, long size) -> {
                json.writeObjectFieldStart("cdc");
                json.writeStringField("path", path);
                writeStrings(json, "partitionValues", partitionValues);
                json.writeNumberField("size", size);
                json.writeBooleanField("dataChange", false);
                json.writeEndObject();
            }
            case CommitInfo info -> writeCommitInfo(json, info);
            case UnknownAction(String kind) ->
                throw new IllegalArgumentException("can't write an action '" + kind + "'");
        }
    }

    private static void writeAdd(JsonGenerator json, AddFile add) throws IOException {
        json.writeObjectFieldStart("add");
        json.writeStringField("path", add.path());
        writeStrings(json, "partitionValues", add.partitionValues());
        json.writeNumberField("size", add.size());
        json.writeNumberField("modificationTime", add.modificationTimeMillis());
        json.writeBooleanField("dataChange", add.dataChange());
        if (add.stats().isPresent()) {
            json.writeStringField("stats", add.stats().get());
        }
        writeDeletionVector(json, add.deletionVector());
        json.writeEndObject();
    }

    private static void writeRemove(JsonGenerator json, RemoveFile remove) throws IOException {
        json.writeObjectFieldStart("remove");
        json.writeStringField("path", remove.path());
        json.writeNumberField("deletionTimestamp", remove.deletionTimestampMillis());
        json.writeBooleanField("dataChange", remove.dataChange());
        json.writeBooleanField("extendedFileMetadata", true);
        writeStrings(json, "partitionValues", remove.partitionValues());
        json.writeNumberField("size", remove.size());
        writeDeletionVector(json, remove.deletionVector());
        json.writeEndObject();
    }

    private static void writeDeletionVector(JsonGenerator json, Optional<DeletionVector> deletionVector)
            throws IOException {
        if (deletionVector.isEmpty()) {
            return;
        }
        DeletionVector vector = deletionVector.get();
        json.writeObjectFieldStart("deletionVector");
        json.writeStringField("storageType", vector.storageType());
        json.writeStringField("pathOrInlineDv", vector.pathOrInlineDv());
        if (vector.offset().isPresent()) {
            json.writeNumberField("offset", vector.offset().getAsInt());
        }
        json.writeNumberField("sizeInBytes", vector.sizeInBytes());
        json.writeNumberField("cardinality", vector.cardinality());
        json.writeEndObject();
    }

    private static void writeMetadata(JsonGenerator json, TableMetadata metadata) throws IOException {
        json.writeObjectFieldStart("metaData");
        json.writeStringField("id", metadata.id());
        if (metadata.name().isPresent()) {
            json.writeStringField("name", metadata.name().get());
        }
        if (metadata.description().isPresent()) {
            json.writeStringField("description", metadata.description().get());
        }
        json.writeObjectFieldStart("format");
        json.writeStringField("provider", "parquet");
        writeStrings(json, "options", Map.of());
        json.writeEndObject();
        json.writeStringField("schemaString", metadata.schema().json());
        writeList(json, "partitionColumns", metadata.partitionColumns());
        writeStrings(json, "configuration", metadata.configuration());
        if (metadata.createdTimeMillis().isPresent()) {
            json.writeNumberField("createdTime", metadata.createdTimeMillis().getAsLong());
        }
        json.writeEndObject();
    }

    private static void writeProtocol(JsonGenerator json, Protocol protocol) throws IOException {
        json.writeObjectFieldStart("protocol");
        json.writeNumberField("minReaderVersion", protocol.minReaderVersion());
        json.writeNumberField("minWriterVersion", protocol.minWriterVersion());
        if (protocol.minReaderVersion() >= 3) {
            writeList(json, "readerFeatures", protocol.readerFeatures());
        }
        if (protocol.minWriterVersion() >= 7) {
            writeList(json, "writerFeatures", protocol.writerFeatures());
        }
        json.writeEndObject();
    }

    private static void writeCommitInfo(JsonGenerator json, CommitInfo info) throws IOException {
        json.writeObjectFieldStart("commitInfo");
        json.writeNumberField("timestamp", info.timestampMillis());
        json.writeStringField("operation", info.operation());
        writeStrings(json, "operationParameters", info.parameters());
        if (info.readVersion().isPresent()) {
            json.writeNumberField("readVersion", info.readVersion().getAsLong());
        }
        json.writeStringField("isolationLevel", "Serializable");
        json.writeBooleanField("isBlindAppend", info.isBlindAppend());
        json.writeObjectFieldStart("operationMetrics");
        for (Map.Entry<String, Long> metric : info.metrics().entrySet()) {
            json.writeStringField(metric.getKey(), metric.getValue().toString());
        }
        json.writeEndObject();
        if (info.engine().isPresent()) {
            json.writeStringField("engineInfo", info.engine().get());
        }
        if (info.transactionId().isPresent()) {
            json.writeStringField("txnId", info.transactionId().get());
        }
        json.writeEndObject();
    }

    private static void writeStrings(JsonGenerator json, String field, Map<String, ? extends @Nullable String> entries)
            throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, ? extends @Nullable String> entry : entries.entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    private static void writeList(JsonGenerator json, String field, Iterable<String> elements) throws IOException {
        json.writeArrayFieldStart(field);
        for (String element : elements) {
            json.writeString(element);
        }
        json.writeEndArray();
    }

    private static Action action(JsonNode line) {
        if (!line.isObject() || line.isEmpty()) {
            throw new IllegalArgumentException("not an object with a key");
        }
        String kind = line.fieldNames().next();
        JsonNode node = line.path(kind);
        return switch (kind) {
            case "add" -> add(node);
            case "remove" -> remove(node);
            case "metaData" -> metadata(node);
            case "protocol" ->
                new Protocol(
                        (int) number(node, "minReaderVersion"),
                        (int) number(node, "minWriterVersion"),
                        names(node.path("readerFeatures")),
                        names(node.path("writerFeatures")));
            case "txn" ->
                new SetTransaction(
                        text(node, "appId"),
                        number(node, "version"),
                        node.path("lastUpdated").asLong());
            case "cdc" ->
                new AddChangeFile(text(node, "path"), strings(node.path("partitionValues")), number(node, "size"));
            case "commitInfo" -> commitInfo(node);
            default -> new UnknownAction(kind);
        };
    }

    private static AddFile add(JsonNode node) {
        return new AddFile(
                text(node, "path"),
                strings(node.path("partitionValues")),
                number(node, "size"),
                node.path("modificationTime").asLong(),
                node.path("dataChange").asBoolean(true),
                optionalText(node, "stats"),
                deletionVector(node.path("deletionVector")));
    }

    private static RemoveFile remove(JsonNode node) {
        return new RemoveFile(
                text(node, "path"),
                node.path("deletionTimestamp").asLong(),
                node.path("dataChange").asBoolean(true),
                strings(node.path("partitionValues")),
                node.path("size").asLong(),
                deletionVector(node.path("deletionVector")));
    }

    private static Optional<DeletionVector> deletionVector(JsonNode node) {
        if (!node.isObject()) {
            return Optional.empty();
        }
        JsonNode offset = node.path("offset");
        return Optional.of(new DeletionVector(
                text(node, "storageType"),
                text(node, "pathOrInlineDv"),
                offset.isNumber() ? OptionalInt.of(offset.asInt()) : OptionalInt.empty(),
                (int) number(node, "sizeInBytes"),
                number(node, "cardinality")));
    }

    private static TableMetadata metadata(JsonNode node) {
        if (!(DataType.fromJson(text(node, "schemaString")) instanceof StructType schema)) {
            throw new IllegalArgumentException("the schema is not a struct");
        }
        Map<String, String> configuration = new LinkedHashMap<>();
        strings(node.path("configuration")).forEach((key, value) -> {
            if (value != null) {
                configuration.put(key, value);
            }
        });
        JsonNode createdTime = node.path("createdTime");
        return new TableMetadata(
                text(node, "id"),
                optionalText(node, "name"),
                optionalText(node, "description"),
                schema,
                List.copyOf(names(node.path("partitionColumns"))),
                configuration,
                createdTime.isNumber() ? OptionalLong.of(createdTime.asLong()) : OptionalLong.empty());
    }

    private static CommitInfo commitInfo(JsonNode node) {
        Map<String, Long> metrics = new LinkedHashMap<>();
        node.path("operationMetrics")
                .fields()
                .forEachRemaining(
                        entry -> metrics.put(entry.getKey(), entry.getValue().asLong()));
        Map<String, String> parameters = new LinkedHashMap<>();
        node.path("operationParameters")
                .fields()
                .forEachRemaining(
                        entry -> parameters.put(entry.getKey(), entry.getValue().asText()));
        JsonNode readVersion = node.path("readVersion");
        return new CommitInfo(
                node.path("timestamp").asLong(),
                node.path("operation").asText("an unnamed operation"),
                parameters,
                readVersion.isNumber() ? OptionalLong.of(readVersion.asLong()) : OptionalLong.empty(),
                node.path("isBlindAppend").asBoolean(false),
                metrics,
                optionalText(node, "engineInfo"),
                optionalText(node, "txnId"));
    }

    private static String text(JsonNode node, String field) {
        return optionalText(node, field)
                .orElseThrow(() -> new IllegalArgumentException("'" + field + "' is missing or not a text"));
    }

    private static Optional<String> optionalText(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    private static long number(JsonNode node, String field) {
        if (!node.path(field).isIntegralNumber()) {
            throw new IllegalArgumentException("'" + field + "' is missing or not a whole number");
        }
        return node.path(field).longValue();
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new LinkedHashSet<>();
        list.forEach(name -> names.add(name.asText()));
        return names;
    }

    private static Map<String, @Nullable String> strings(JsonNode object) {
        Map<String, @Nullable String> strings = new LinkedHashMap<>();
        object.fields()
                .forEachRemaining(entry -> strings.put(
                        entry.getKey(),
                        entry.getValue() instanceof NullNode
                                ? null
                                : entry.getValue().asText()));
        return strings;
    }
}
