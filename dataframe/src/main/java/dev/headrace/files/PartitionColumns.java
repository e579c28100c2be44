package dev.headrace.files;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import dev.headrace.function.IntervalFormat;
import dev.headrace.parse.DecimalScan;
import dev.headrace.parse.TimeFormats;
import dev.headrace.parse.TimestampText;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// The columns whose values stand in the names of directories, such as `day=2026-01-31`.
///
/// Their types are those of the schema that the user gave. Otherwise the first of int, bigint, decimal without
/// fraction, double, date, timestamp and string that all values have. Dates and timestamps are such only as they are
/// written: a month, as in `month=2026-01`, is a string.
public final class PartitionColumns {
    /// The session's setting: whether types are looked for at all.
    public static final String TYPE_INFERENCE = "spark.sql.sources.partitionColumnTypeInference.enabled";

    private static final List<DataType> CANDIDATES = List.of(
            DataTypes.IntegerType,
            DataTypes.LongType,
            new DecimalType(DecimalType.MAX_PRECISION, 0),
            DataTypes.DoubleType,
            DataTypes.DateType,
            DataTypes.TimestampType);

    private static final Map<String, Double> NOT_FINITE =
            Map.of("NaN", Double.NaN, "Infinity", Double.POSITIVE_INFINITY, "-Infinity", Double.NEGATIVE_INFINITY);

    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,38}");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern TIMESTAMP = Pattern.compile(DATE + "( \\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?)?");

    private final StructType schema;
    private final TimeFormats times;

    private PartitionColumns(StructType schema, TimeFormats times) {
        this.schema = schema;
        this.times = times;
    }

    /// The partition columns of the files that a query reads. Those that the schema does not name are strings if the
    /// session's `spark.sql.sources.partitionColumnTypeInference.enabled` is `false`.
    ///
    /// @param options with the schema that the user gave, if any
    /// @param zone of timestamps
    /// @throws QueryException `CONFLICTING_PARTITION_COLUMNS` if files lie below directories of different names
    public static PartitionColumns of(List<InputFile> files, ConnectorOptions options, ZoneId zone) {
        String inferred = options.session().conf().getOrDefault(TYPE_INFERENCE, "true");
        return of(files, options.schema(), zone, Boolean.parseBoolean(inferred));
    }

    /// The partition columns of a table's files.
    ///
    /// @param given the schema that the user gave, which may name partition columns
    /// @param zone of timestamps
    /// @throws QueryException `CONFLICTING_PARTITION_COLUMNS` if files lie below directories of different names
    public static PartitionColumns of(List<InputFile> files, Optional<StructType> given, ZoneId zone) {
        return of(files, given, zone, true);
    }

    private static PartitionColumns of(
            List<InputFile> files, Optional<StructType> given, ZoneId zone, boolean inferred) {
        TimeFormats times = new TimeFormats(Optional.empty(), Optional.empty(), Optional.empty(), zone);
        if (files.isEmpty()) {
            return new PartitionColumns(new StructType(), times);
        }
        List<String> names = List.copyOf(files.getFirst().partition().keySet());
        for (InputFile file : files) {
            if (!names.equals(List.copyOf(file.partition().keySet()))) {
                throw new QueryException(
                        "CONFLICTING_PARTITION_COLUMNS",
                        "'" + files.getFirst().path() + "' lies below directories for the columns " + names + ", but '"
                                + file.path() + "' for " + file.partition().keySet()
                                + ". Read them as tables of their own, or give the paths of the files.");
            }
        }
        PartitionColumns untyped = new PartitionColumns(new StructType(), times);
        List<StructField> fields = new ArrayList<>();
        for (String name : names) {
            DataType type = given.flatMap(schema -> typeIn(schema, name))
                    .orElseGet(() -> inferred
                            ? untyped.infer(files.stream()
                                    .map(file -> valueOf(file, name))
                                    .toList())
                            : DataTypes.StringType);
            fields.add(new StructField(name, type, true));
        }
        return new PartitionColumns(new StructType(fields), times);
    }

    private static Optional<DataType> typeIn(StructType schema, String name) {
        return schema.fieldList().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(StructField::dataType)
                .findFirst();
    }

    private static Optional<String> valueOf(InputFile file, String name) {
        return Objects.requireNonNull(file.partition().get(name));
    }

    private DataType infer(List<Optional<String>> values) {
        List<String> texts =
                values.stream().flatMap(Optional::stream).distinct().toList();
        for (DataType candidate : texts.isEmpty() ? List.<DataType>of() : CANDIDATES) {
            if (texts.stream()
                    .allMatch(text ->
                            isWritten(text, candidate) && parse(text, candidate).isPresent())) {
                return candidate;
            }
        }
        return DataTypes.StringType;
    }

    /// Whether a text looks as values of a type are written. More texts can be read as one: a timestamp as its date.
    private static boolean isWritten(String text, DataType type) {
        return switch (type) {
            case DecimalType _ -> WHOLE.matcher(text).matches();
            case DateType _ -> DATE.matcher(text).matches();
            case TimestampType _ -> TIMESTAMP.matcher(text).matches();
            default -> true;
        };
    }

    /// The columns in the order of the directories.
    public StructType schema() {
        return schema;
    }

    /// These, and behind them the column `_metadata`, which says what file a row is from: as the values of directories
    /// do, it has one value for all rows of a file.
    public PartitionColumns withMetadata() {
        return new PartitionColumns(schema.add(FileMetadata.COLUMN), times);
    }

    /// Of a table, as of now, the one that also has `_metadata`; empty if it has a column of this name.
    public static <T> Optional<T> withMetadata(StructType tableSchema, Supplier<T> table) {
        return typeIn(tableSchema, FileMetadata.COLUMN.name()).isPresent()
                ? Optional.empty()
                : Optional.of(table.get());
    }

    /// What leaves out files of a table by the values of these columns.
    ///
    /// @param tableSchema what predicates refer to, by ordinal
    public PartitionFilter filter(StructType tableSchema) {
        return new PartitionFilter(this, tableSchema, times.zone());
    }

    /// The schema of a table: the columns of its files but for those that are partition columns, and then these.
    public StructType tableSchema(StructType fileSchema) {
        List<StructField> fields = new ArrayList<>(fileColumns(fileSchema).fieldList());
        fields.addAll(schema.fieldList());
        return new StructType(fields);
    }

    /// The columns of the files but for those that are partition columns.
    public StructType fileColumns(StructType fileSchema) {
        return new StructType(fileSchema.fieldList().stream()
                .filter(field -> typeIn(schema, field.name()).isEmpty())
                .toList());
    }

    /// The value of a partition column for the rows of a file, as [Cell] describes it.
    ///
    /// @param column its ordinal in [#schema]
    /// @throws QueryException `INVALID_PARTITION_VALUE` if the directory's name is no value of the column's type
    public @Nullable Object value(int column, InputFile file) {
        StructField field = schema.field(column);
        if (field.equals(FileMetadata.COLUMN)) {
            return FileMetadata.of(file);
        }
        Optional<String> text = valueOf(file, field.name());
        if (text.isEmpty()) {
            return null;
        }
        return parse(text.get(), field.dataType())
                .orElseThrow(() -> new QueryException(
                        "INVALID_PARTITION_VALUE",
                        "'" + file.path() + "': '" + text.get() + "' is no value of the partition column '"
                                + field.name() + "' of type " + field.dataType().simpleString() + "."));
    }

    /// A vector that holds the value of a partition column for the rows of a file in each row. The caller owns it.
    ///
    /// @param column its ordinal in [#schema]
    /// @param asked the column as the scan gives it: of a struct, perhaps fewer fields
    /// @throws QueryException `INVALID_PARTITION_VALUE` if the directory's name is no value of the column's type
    public FieldVector vector(int column, StructField asked, InputFile file, int rows, BufferAllocator allocator) {
        Object value = Cell.narrowed(value(column, file), schema.field(column).dataType(), asked.dataType());
        FieldVector vector = ArrowTypes.field(asked).createVector(allocator);
        vector.setInitialCapacity(rows);
        vector.allocateNew();
        for (int row = 0; row < rows; row++) {
            Cell.write(vector, row, value);
        }
        vector.setValueCount(rows);
        return vector;
    }

    private Optional<Object> parse(String text, DataType type) {
        return parse(text, type, times);
    }

    static Optional<Object> parse(String text, DataType type, TimeFormats times) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = bytes.length;
        byte[] data = Arrays.copyOf(bytes, length + 16);
        return switch (type) {
            case StringType _, BinaryType _ -> Optional.of(Slice.of(bytes));
            case BooleanType _ ->
                text.equals("true") || text.equals("false") ? Optional.of(text.equals("true")) : Optional.empty();
            case DateType _ ->
                Optional.of(times.date(data, 0, length))
                        .filter(day -> day != TimestampText.OTHER_DATE)
                        .map(day -> day);
            case TimestampType _ -> micros(times.timestamp(data, 0, length));
            case TimestampNTZType _ -> micros(times.timestampWithoutZone(data, 0, length));
            case YearMonthIntervalType months ->
                IntervalFormat.value(text, months).stream()
                        .<Object>mapToObj(Math::toIntExact)
                        .findFirst();
            case DayTimeIntervalType time ->
                IntervalFormat.value(text, time).stream()
                        .<Object>mapToObj(Long::valueOf)
                        .findFirst();
            case FloatType _ when NOT_FINITE.containsKey(text) ->
                Optional.ofNullable(NOT_FINITE.get(text)).map(Double::floatValue);
            case DoubleType _ when NOT_FINITE.containsKey(text) -> Optional.ofNullable(NOT_FINITE.get(text));
            default -> {
                DecimalScan scan = new DecimalScan();
                yield length > 0 && scan.scan(data, 0) == length ? number(scan, data, type) : Optional.empty();
            }
        };
    }

    private static Optional<Object> micros(long micros) {
        return micros == TimestampText.OTHER ? Optional.empty() : Optional.of(micros);
    }

    private static Optional<Object> number(DecimalScan scan, byte[] data, DataType type) {
        long whole = scan.isLong() ? scan.longValue() : 0;
        return switch (type) {
            case ByteType _ -> scan.isLong() && whole == (byte) whole ? Optional.of((byte) whole) : Optional.empty();
            case ShortType _ -> scan.isLong() && whole == (short) whole ? Optional.of((short) whole) : Optional.empty();
            case IntegerType _ -> scan.isLong() && whole == (int) whole ? Optional.of((int) whole) : Optional.empty();
            case LongType _ -> scan.isLong() ? Optional.of(whole) : Optional.empty();
            case FloatType _ -> Optional.of(scan.floatValue(data));
            case DoubleType _ -> Optional.of(scan.doubleValue(data));
            case DecimalType(int precision, int scale) -> decimal(scan, data, precision, scale);
            default -> Optional.empty();
        };
    }

    private static Optional<Object> decimal(DecimalScan scan, byte[] data, int precision, int scale) {
        return Optional.ofNullable(scan.unscaledValue(data, precision, scale))
                .map(unscaled -> new BigDecimal(unscaled, scale).setScale(scale, RoundingMode.UNNECESSARY));
    }
}
