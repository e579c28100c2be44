package dev.headrace.json;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Memory;
import dev.headrace.connector.PayloadColumn;
import dev.headrace.errors.QueryException;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.DataType;
import dev.headrace.types.VariantType;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Turns JSON payloads in memory into a column: what `from_json` means, at the speed of a scan.
///
/// Each payload gives one row. A blank payload, as a missing one, gives null. Fields that the schema doesn't name are
/// skipped. A payload that isn't JSON, or not an object where the schema is a struct, is malformed: in `PERMISSIVE`
/// mode its row is a struct of nulls (or null, for an array or map). A value that doesn't fit its field makes that
/// field null, keeps the others, and makes the payload count as malformed, too. If the schema has the column that the
/// option `columnNameOfCorruptRecord` names, it gets the text of malformed payloads. In `FAILFAST` mode a malformed
/// payload is an error. The result is the same as Spark 4's `from_json`.
///
/// Used by one thread.
public final class JsonDecoder implements PayloadColumn {
    private static final RecordOrigin PAYLOAD = _ -> "from_json";

    private final DataType type;
    private final RecordReader records;
    private final Optional<BufferAllocator> allocator;
    private byte[] padded = new byte[1024];

    /// @param type a struct, an array, a map with string keys, or a variant; the fields that the query uses
    /// @param options of `from_json`; keys in any case
    /// @param sessionZone the zone of timestamps that name none, without the option `timeZone`
    /// @throws QueryException for options and types that can't work
    public JsonDecoder(DataType type, Map<String, String> options, ZoneId sessionZone, BufferAllocator allocator) {
        this(type, options, sessionZone, Optional.of(allocator));
    }

    JsonDecoder(DataType type, Map<String, String> options, ZoneId sessionZone, Optional<BufferAllocator> allocator) {
        this.type = type;
        this.allocator = allocator;
        this.records = new RecordReader(type, options(options, sessionZone), RecordReader.Records.VALUE, allocator);
        if (!type.isNested() && !(type instanceof VariantType)) {
            throw new QueryException(
                    "INVALID_JSON_SCHEMA",
                    "from_json: the schema must be a struct, an array, a map or a variant, not " + type.simpleString()
                            + ".");
        }
    }

    private static JsonOptions options(Map<String, String> options, ZoneId sessionZone) {
        FormatOptions given = new FormatOptions("from_json", options);
        given.checkKnown(JsonOptions.PARSER_OPTIONS);
        JsonOptions parsed = JsonOptions.of(given, sessionZone);
        if (parsed.mode() == ParseMode.DROPMALFORMED) {
            throw given.invalid("mode", "PERMISSIVE or FAILFAST, because a function can't leave out rows");
        }
        return parsed;
    }

    /// @throws dev.headrace.errors.DataException `MALFORMED_RECORD` in `FAILFAST` mode
    @Override
    public boolean decode(byte[] data, int from, int length) {
        long malformed = records.malformedRecords();
        int rows = records.rows();
        byte[] payload = paddedFor(length);
        Memory.copy(data, Memory.BYTES + from, payload, Memory.BYTES, length);
        read(payload, length, rows);
        return records.malformedRecords() == malformed;
    }

    /// Adds the row of a payload in off-heap memory, or in a `byte[]` base, as a [dev.headrace.chunk.Slice] points at
    /// it.
    ///
    /// @return false if it is malformed
    /// @throws dev.headrace.errors.DataException `MALFORMED_RECORD` in `FAILFAST` mode
    public boolean decode(@Nullable Object base, long offset, int length) {
        long malformed = records.malformedRecords();
        int rows = records.rows();
        byte[] payload = paddedFor(length);
        Memory.copy(base, offset, payload, Memory.BYTES, length);
        read(payload, length, rows);
        return records.malformedRecords() == malformed;
    }

    private byte[] paddedFor(int length) {
        if (padded.length < length + JsonSyntax.PADDING) {
            padded = new byte[Math.max(padded.length * 2, length + JsonSyntax.PADDING)];
        }
        return padded;
    }

    private void read(byte[] payload, int length, int rows) {
        payload[length] = JsonSyntax.DOCUMENT_END;
        records.readDocument(payload, 0, length, PAYLOAD);
        if (records.rows() == rows) {
            records.addNull();
        }
    }

    @Override
    public void decodeNull() {
        records.addNull();
    }

    /// The number of rows added since the last [#finish].
    public int rows() {
        return records.rows();
    }

    @Override
    public long malformedRows() {
        return records.malformedRecords();
    }

    @Override
    public FieldVector finish(String name) {
        FieldVector vector = ArrowTypes.newVector(name, type, allocator.orElseThrow());
        records.column().load(vector, records.rows());
        records.startColumn();
        return vector;
    }

    /// The value of a payload as [dev.headrace.chunk.Cell] describes it, independent of this decoder, without making a
    /// column of it.
    @Nullable Object decodeOne(@Nullable Object base, long offset, int length) {
        records.column().reset();
        records.startColumn();
        decode(base, offset, length);
        return records.column().read(0);
    }

    @Override
    public void close() {
        records.close();
    }
}
