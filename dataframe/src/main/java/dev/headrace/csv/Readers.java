package dev.headrace.csv;

import dev.headrace.columns.BitWriter;
import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.FixedWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.errors.QueryException;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.NullType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Makes the readers of a schema.
final class Readers {
    private final CsvSyntax syntax;
    private final CsvOptions options;

    Readers(CsvSyntax syntax, CsvOptions options) {
        this.syntax = syntax;
        this.options = options;
    }

    /// The readers of the records' first columns, up to the last that is asked for.
    ///
    /// @param record what the records hold, in their order
    /// @param asked the columns to read, some of those of the record by name, and others that are left alone
    /// @param columns the writer of `asked`
    List<FieldReader> of(StructType record, StructType asked, StructWriter columns) {
        List<FieldReader> readers = new ArrayList<>();
        int lastAsked = 0;
        for (StructField field : record) {
            OptionalInt ordinal = asked.indexOf(field.name());
            if (ordinal.isPresent()) {
                readers.add(reader(field, columns.field(ordinal.getAsInt())));
                lastAsked = readers.size();
            } else {
                readers.add(new FieldReader.Skipped(syntax));
            }
        }
        return readers.subList(0, lastAsked);
    }

    private FieldReader reader(StructField field, ColumnWriter column) {
        return switch (field.dataType()) {
            case BooleanType _ -> new BooleanField(syntax, (BitWriter) column);
            case ByteType _ -> new LongField(syntax, (FixedWriter) column, 1);
            case ShortType _ -> new LongField(syntax, (FixedWriter) column, 2);
            case IntegerType _ -> new LongField(syntax, (FixedWriter) column, 4);
            case LongType _ -> new LongField(syntax, (FixedWriter) column, 8);
            case FloatType _ -> new NumberFields.OfDouble(syntax, (FixedWriter) column, true, options.words());
            case DoubleType _ -> new NumberFields.OfDouble(syntax, (FixedWriter) column, false, options.words());
            case DecimalType decimal ->
                new NumberFields.OfDecimal(
                        syntax, (FixedWriter) column, decimal, options.times().locale());
            case StringType _ -> new StringField(syntax, (BytesWriter) column);
            case DateType _, TimestampType _, TimestampNTZType _ ->
                new TimeField(syntax, (FixedWriter) column, field.dataType(), options.times());
            case AnsiIntervalType interval -> new IntervalField((FixedWriter) column, interval);
            case NullType _ -> new FieldReader.Skipped(syntax);
            default -> throw unsupported(options.owner(), field);
        };
    }

    /// Refuses columns that a text between separators can't be.
    ///
    /// @throws QueryException `UNSUPPORTED_CSV_TYPE`
    static void check(String owner, StructType schema) {
        for (StructField field : schema) {
            if (field.dataType().isNested()
                    || field.dataType() instanceof dev.headrace.types.BinaryType
                    || field.dataType() instanceof dev.headrace.types.VariantType) {
                throw unsupported(owner, field);
            }
        }
    }

    private static QueryException unsupported(String owner, StructField field) {
        return new QueryException(
                "UNSUPPORTED_CSV_TYPE",
                owner + ": the column '" + field.name() + "' is of type "
                        + field.dataType().simpleString()
                        + ", which CSV has no text for. Make it a string, with to_json, base64 or hex for instance.");
    }
}
