package dev.headrace.json;

import dev.headrace.columns.BitWriter;
import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.FixedWriter;
import dev.headrace.columns.ListWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.errors.QueryException;
import dev.headrace.parse.TimeFormats;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Makes the readers of a schema.
final class Readers {
    private final JsonSyntax syntax;
    private final RecordState state;
    private final JsonOptions options;
    private final RecordReader.Records records;
    private final TimeFormats formats;

    Readers(JsonSyntax syntax, RecordState state, JsonOptions options, RecordReader.Records records) {
        this.syntax = syntax;
        this.state = state;
        this.options = options;
        this.records = records;
        this.formats = options.times().formats();
    }

    ValueReader reader(DataType type, ColumnWriter column) {
        return switch (type) {
            case NullType _ -> new ScalarReaders.OfNothing(syntax);
            case BooleanType _ -> new ScalarReaders.OfBoolean(syntax, (BitWriter) column);
            case ByteType _ -> new LongReader(syntax, (FixedWriter) column, 1);
            case ShortType _ -> new LongReader(syntax, (FixedWriter) column, 2);
            case IntegerType _ -> new LongReader(syntax, (FixedWriter) column, 4);
            case LongType _ -> new LongReader(syntax, (FixedWriter) column, 8);
            case FloatType _ ->
                new ScalarReaders.OfDouble(syntax, (FixedWriter) column, true, options.nonNumericNumbers());
            case DoubleType _ ->
                new ScalarReaders.OfDouble(syntax, (FixedWriter) column, false, options.nonNumericNumbers());
            case DecimalType decimal -> new ScalarReaders.OfDecimal(syntax, (FixedWriter) column, decimal);
            case StringType _ -> text((BytesWriter) column);
            case BinaryType _ -> new ScalarReaders.OfBinary(syntax, (BytesWriter) column);
            case VariantType _ -> new VariantReader(syntax, (BytesWriter) column);
            case DateType _, TimestampType _, TimestampNTZType _ ->
                new TimeReader(syntax, state, (FixedWriter) column, type, formats);
            case AnsiIntervalType interval -> new IntervalReader(syntax, (FixedWriter) column, interval);
            case ArrayType(DataType element, boolean _) -> {
                ListWriter list = (ListWriter) column;
                yield new ArrayReader(syntax, list, reader(element, list.elements()));
            }
            case MapType map -> map(map, (ListWriter) column);
            case StructType struct -> object(struct, (StructWriter) column, OptionalInt.empty());
        };
    }

    private StringReader text(BytesWriter column) {
        return records == RecordReader.Records.VALUE
                ? new StringReader(syntax, column)
                : StringReader.ofFile(syntax, column);
    }

    private MapReader map(MapType type, ListWriter column) {
        if (!(type.keyType() instanceof StringType)) {
            throw new QueryException(
                    "UNSUPPORTED_JSON_TYPE",
                    options.owner() + ": names in JSON are strings, so the keys of " + type.simpleString()
                            + " can't be read. Make it a map<string,"
                            + type.valueType().simpleString() + ">.");
        }
        StructWriter entries = (StructWriter) column.elements();
        StringReader key = text((BytesWriter) entries.field(0));
        return new MapReader(syntax, column, key, reader(type.valueType(), entries.field(1)));
    }

    /// @param without a field that is not read
    ObjectReader object(StructType type, StructWriter struct, OptionalInt without) {
        List<String> names = new ArrayList<>();
        List<ValueReader> readers = new ArrayList<>();
        @Nullable BytesWriter rescued = null;
        for (int i = 0; i < type.size(); i++) {
            if (options.rescued().filter(type.field(i).name()::equals).isPresent()
                    && type.field(i).dataType() instanceof StringType) {
                rescued = (BytesWriter) struct.field(i);
            } else if (without.isEmpty() || without.getAsInt() != i) {
                names.add(type.field(i).name());
                readers.add(reader(type.field(i).dataType(), struct.field(i)));
            }
        }
        @Nullable RescuedFields beside = rescued == null
                ? null
                : new RescuedFields(rescued, options.absent().orElse(null), names);
        return new ObjectReader(syntax, state, struct, names, readers, beside);
    }
}
