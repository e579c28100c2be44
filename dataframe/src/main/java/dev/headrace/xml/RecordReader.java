package dev.headrace.xml;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.parse.CorruptRecords;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads records, each the text of one element, as rows, and deals with those that are malformed as the mode says. What
/// stands behind the element is not looked at. Used by one thread.
final class RecordReader {
    private static final int SHOWN = 200;

    private final XmlOptions options;
    private final int columns;
    private final OptionalInt corrupt;
    private final Documents documents;
    private final ValueReader.Mismatch mismatch = new ValueReader.Mismatch();
    private final ValueReader.OfStruct reader;
    private long malformedRecords;

    /// @param type of the rows
    /// @throws dev.headrace.errors.QueryException `UNSUPPORTED_XML_TYPE`, `INVALID_CORRUPT_RECORD_COLUMN`
    RecordReader(StructType type, XmlOptions options) {
        this.options = options;
        this.columns = type.size();
        this.corrupt = CorruptRecords.column(options.owner(), options.corruptRecord(), type);
        this.documents = new Documents(options.names().prefixes());
        List<StructField> fields = new ArrayList<>(type.fieldList());
        corrupt.ifPresent(fields::remove);
        this.reader = new ValueReader.OfStruct(new StructType(fields), options, mismatch);
    }

    /// The row as cells; null if it is left out.
    ///
    /// @param where for messages: which record this is
    /// @throws DataException `MALFORMED_RECORD` in `FAILFAST` mode
    @Nullable List<@Nullable Object> read(String xml, Supplier<String> where) {
        List<@Nullable Object> values;
        @Nullable String problem;
        try {
            values = documents.read(xml, document -> {
                mismatch.clear();
                return reader.read(document);
            });
            problem = mismatch.problem();
        } catch (Malformed malformed) {
            values = Arrays.asList(new @Nullable Object[columns - (corrupt.isPresent() ? 1 : 0)]);
            problem = malformed.problem();
        }
        if (problem == null) {
            return row(values, null);
        }
        malformedRecords++;
        return switch (options.mode()) {
            case PERMISSIVE -> row(values, Slice.utf8(xml));
            case DROPMALFORMED -> null;
            case FAILFAST -> throw malformed(problem, xml, where.get());
        };
    }

    private List<@Nullable Object> row(List<@Nullable Object> values, @Nullable Slice text) {
        if (corrupt.isEmpty()) {
            return values;
        }
        List<@Nullable Object> row = new ArrayList<>(values);
        row.add(corrupt.getAsInt(), text);
        return row;
    }

    private static DataException malformed(String problem, String xml, String where) {
        String begin = xml.length() > SHOWN ? xml.substring(0, SHOWN) : xml;
        return new DataException(
                "MALFORMED_RECORD",
                where + ": " + problem + ". The record begins '" + begin + "'. Correct it, or choose the mode "
                        + ParseMode.PERMISSIVE + " (nulls) or " + ParseMode.DROPMALFORMED + ".");
    }

    long malformedRecords() {
        return malformedRecords;
    }
}
