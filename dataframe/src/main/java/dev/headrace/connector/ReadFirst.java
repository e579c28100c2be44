package dev.headrace.connector;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// History: a stream that is read as far as it goes when the query first starts, and before the query's other streams;
/// the reader's option `readFirst`.
public record ReadFirst(StreamTable stream) implements StreamTable {
    /// The reader's option.
    public static final String OPTION = "readFirst";

    /// @param value of the option
    /// @throws QueryException `INVALID_OPTION`
    public static StreamTable of(StreamTable stream, String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> new ReadFirst(stream);
            case "false" -> stream;
            default ->
                throw new QueryException(
                        "INVALID_OPTION",
                        stream.description() + ": the option " + OPTION + " is '" + value
                                + "'; expected true (read to its end before the query's other streams) or false.");
        };
    }

    @Override
    public StreamingSource open(ScanRequest request, Path checkpoint) {
        return stream.open(request, checkpoint);
    }

    @Override
    public StreamTable withEventTime(int column) {
        return new ReadFirst(stream.withEventTime(column));
    }

    @Override
    public StructType schema() {
        return stream.schema();
    }

    @Override
    public String description() {
        return stream.description() + " (read first)";
    }

    @Override
    public OptionalLong rowCount() {
        return stream.rowCount();
    }

    @Override
    public OptionalLong exactRowCount() {
        return stream.exactRowCount();
    }

    @Override
    public Optional<ColumnRange> columnRange(int ordinal) {
        return stream.columnRange(ordinal);
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return stream.usesFilter(predicate);
    }

    @Override
    public boolean decodes(PayloadDecoder decoder) {
        return stream.decodes(decoder);
    }
}
