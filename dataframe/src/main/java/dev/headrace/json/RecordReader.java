package dev.headrace.json;

import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.ListWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.errors.DataException;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Reads records one after the other into a column, and deals with those that are malformed as the mode says.
///
/// A record gives one row; an array of objects at the top gives a row per object if arrays are rows, and a blank record
/// gives none. Used by one thread.
final class RecordReader implements AutoCloseable {
    /// What kind of value a record is.
    private enum Root {
        OBJECT,
        ARRAY,
        ARRAY_OF_OBJECTS,
        MAP,
        /// Any value, as a variant.
        ANY
    }

    /// Where records come from.
    enum Records {
        /// Each line is one; arrays of objects are several.
        LINES,
        /// A whole document is one; arrays of objects are several.
        FILE,
        /// A whole document is one, an array of objects too, so that it is malformed where an object is expected.
        VALUE
    }

    private final JsonOptions options;
    private final Records records;
    private final JsonSyntax syntax;
    private final RecordState state;
    private final Root root;
    private final ColumnWriter column;
    private final ValueReader reader;
    private final @Nullable BytesWriter corruptRecords;
    private final Relaxed relaxed;
    private int rows;
    private long malformedRecords;

    RecordReader(DataType type, JsonOptions options, Records records, Optional<BufferAllocator> allocator) {
        this.options = options;
        this.records = records;
        this.syntax = new JsonSyntax(records == Records.LINES);
        this.state = new RecordState(syntax);
        this.column = ColumnWriter.of(type, allocator);
        this.relaxed = Relaxed.ofValues(options.leniency());
        OptionalInt corrupt = options.corruptRecordColumn(type);
        Readers readers = new Readers(syntax, state, options, records);
        OptionalInt whole = options.singleVariantColumn(type);
        this.reader = whole.isPresent()
                ? readers.reader(DataTypes.VariantType, ((StructWriter) column).field(whole.getAsInt()))
                : type instanceof StructType struct
                        ? readers.object(struct, (StructWriter) column, corrupt)
                        : readers.reader(type, column);
        this.corruptRecords =
                corrupt.isPresent() ? (BytesWriter) ((StructWriter) column).field(corrupt.getAsInt()) : null;
        this.root = switch (type) {
            case StructType _ -> whole.isPresent() ? Root.ANY : Root.OBJECT;
            case VariantType _ -> Root.ANY;
            case MapType _ -> Root.MAP;
            case ArrayType(StructType _, boolean _) -> Root.ARRAY_OF_OBJECTS;
            default -> Root.ARRAY;
        };
    }

    /// The column that the rows are in; the caller takes them out with [ColumnWriter#load] and then calls
    /// [#startColumn].
    ColumnWriter column() {
        return column;
    }

    void startColumn() {
        rows = 0;
    }

    int rows() {
        return rows;
    }

    long malformedRecords() {
        return malformedRecords;
    }

    /// Adds a row that is null.
    void addNull() {
        column.ensure(rows + 1);
        rows++;
    }

    /// Reads a record.
    ///
    /// @param data holds the record, a byte that ends it, and as many more as [JsonSyntax] asks for
    /// @param from the record's first byte
    /// @param where for messages: which record this is
    /// @return a position in the record, its end at most, such that only what is ignored lies between it and the end
    /// @throws DataException `MALFORMED_RECORD` in `FAILFAST` mode
    int read(byte[] data, int from, RecordOrigin where) {
        int first = rows;
        state.startRecord();
        try {
            int end = readStrictly(data, from);
            if (state.hasMismatch()) {
                int recordEnd = end(data, from);
                keepMismatch(first, data, from, recordEnd, where);
                return recordEnd;
            }
            return end;
        } catch (Malformed malformed) {
            takeBack(first);
            int recordEnd = end(data, from);
            readRelaxed(malformed, data, from, recordEnd, where);
            return recordEnd;
        }
    }

    /// Reads lines until there are `maxRows` rows or all lines have been read.
    ///
    /// @param to the position after the line feed of the last line
    /// @return the position of the next line
    /// @throws DataException `MALFORMED_RECORD` in `FAILFAST` mode
    int readLines(byte[] data, int from, int to, int maxRows, RecordOrigin where) {
        int at = from;
        while (at < to && rows < maxRows) {
            int end = read(data, at, where);
            at = 1 + (JsonSyntax.at(data, end) == '\n' ? end : JsonSyntax.lineEnd(data, end));
        }
        return at;
    }

    private int end(byte[] data, int from) {
        return records == Records.LINES ? JsonSyntax.lineEnd(data, from) : documentEnd;
    }

    private int documentEnd;

    /// Reads a record whose end is known, in memory that has [JsonSyntax#DOCUMENT_END] there.
    void readDocument(byte[] data, int from, int to, RecordOrigin where) {
        documentEnd = to;
        read(data, from, where);
    }

    private void takeBack(int first) {
        column.clear(first, Math.max(rows, first) + 1);
        rows = first;
    }

    private int readStrictly(byte[] data, int from) {
        int at = syntax.blanks(data, from);
        byte c = JsonSyntax.at(data, at);
        if (c == '{') {
            return readOne(data, at);
        }
        if (isEnd(c, at)) {
            return at;
        }
        if (c == '[' && root == Root.OBJECT && records != Records.VALUE) {
            return readArrayOfRows(data, at + 1);
        }
        return readOne(data, at);
    }

    private boolean isEnd(byte c, int at) {
        return records == Records.LINES ? c == '\n' || c == '\r' : at == documentEnd;
    }

    private int readOne(byte[] data, int at) {
        if (rows >= column.capacity()) {
            column.ensure(rows + 1);
        }
        int end = switch (root) {
            case OBJECT -> object(data, at);
            case MAP -> expect(data, at, '{', "an object");
            case ARRAY -> expect(data, at, '[', "an array");
            case ANY -> reader.read(data, at, rows);
            case ARRAY_OF_OBJECTS ->
                JsonSyntax.at(data, at) == '{' ? objectAsArray(data, at) : expect(data, at, '[', "an array");
        };
        if (end < 0) {
            throw syntax.malformed(at, "values of the type that the schema says");
        }
        rows++;
        return end;
    }

    private int object(byte[] data, int at) {
        return expect(data, at, '{', "an object");
    }

    private int expect(byte[] data, int at, char first, String what) {
        if (JsonSyntax.at(data, at) != first) {
            throw syntax.malformed(at, what);
        }
        return reader.read(data, at, rows);
    }

    private int objectAsArray(byte[] data, int at) {
        ListWriter list = (ListWriter) column;
        list.begin(rows);
        int end = ((ArrayReader) reader).element().read(data, at, list.append());
        list.end(rows);
        return end;
    }

    private int readArrayOfRows(byte[] data, int pos) {
        int at = syntax.blanks(data, pos);
        if (JsonSyntax.at(data, at) == ']') {
            return at + 1;
        }
        while (true) {
            at = syntax.blanks(data, readOne(data, at));
            byte c = JsonSyntax.at(data, at);
            if (c == ']') {
                return at + 1;
            }
            if (c != ',') {
                throw syntax.malformed(at, "',' or ']'");
            }
            at = syntax.blanks(data, at + 1);
        }
    }

    private void keepMismatch(int first, byte[] data, int from, int to, RecordOrigin where) {
        malformedRecords++;
        switch (options.mode()) {
            case PERMISSIVE -> {
                for (int row = first; row < rows; row++) {
                    keepText(row, data, from, to);
                }
            }
            case DROPMALFORMED -> takeBack(first);
            case FAILFAST -> {
                String problem = "the value of '" + state.mismatchedField() + "', which ends at byte "
                        + (state.firstMismatch() - from) + ", does not fit the type of its column";
                throw malformed(problem, data, from, to, where);
            }
        }
    }

    private void readRelaxed(Malformed strict, byte[] data, int from, int to, RecordOrigin where) {
        String problem = "at byte " + (strict.position() - from) + ", expected " + strict.expected() + ", found "
                + found(data, strict.position(), to);
        byte @Nullable [] rewritten = relaxed.rewrite(data, from, to);
        if (rewritten == null) {
            keepMalformed(problem, data, from, to, where);
            return;
        }
        int first = rows;
        int outerEnd = documentEnd;
        documentEnd = rewritten.length - JsonSyntax.PADDING;
        state.startRecord();
        try {
            readStrictly(rewritten, 0);
            documentEnd = outerEnd;
            if (state.hasMismatch()) {
                keepMismatch(first, data, from, to, where);
            }
        } catch (Malformed malformed) {
            documentEnd = outerEnd;
            takeBack(first);
            keepMalformed("expected " + malformed.expected(), data, from, to, where);
        }
    }

    private static String found(byte[] data, int at, int to) {
        return at >= to ? "the end" : "'" + new String(data, at, Math.min(20, to - at), StandardCharsets.UTF_8) + "'";
    }

    private void keepMalformed(String problem, byte[] data, int from, int to, RecordOrigin where) {
        malformedRecords++;
        switch (options.mode()) {
            case PERMISSIVE -> {
                addNull();
                if (column instanceof StructWriter struct) {
                    struct.putStruct(rows - 1);
                }
                keepText(rows - 1, data, from, to);
            }
            case DROPMALFORMED -> {}
            case FAILFAST -> throw malformed(problem, data, from, to, where);
        }
    }

    private void keepText(int row, byte[] data, int from, int to) {
        if (corruptRecords != null) {
            corruptRecords.put(row, data, from, to - from);
        }
    }

    private DataException malformed(String problem, byte[] data, int from, int to, RecordOrigin where) {
        String text = new String(data, from, Math.min(to - from, 200), StandardCharsets.UTF_8);
        return new DataException(
                "MALFORMED_RECORD",
                where.describe(from) + ": " + problem + ". The record begins '" + text
                        + "'. Correct it, or choose the mode " + ParseMode.PERMISSIVE + " (nulls) or "
                        + ParseMode.DROPMALFORMED + ".");
    }

    @Override
    public void close() {
        column.close();
        state.close();
    }
}
