package dev.headrace.parquet;

import dev.headrace.connector.ColumnRange;
import dev.headrace.connector.TableFacts;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.parquet.metadata.EncryptedMetadataException;
import dev.headrace.parquet.metadata.FileMetadata;
import dev.headrace.parquet.metadata.FileSchema;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
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
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/// What a file's footer says. Immutable.
public final class ParquetFooter {
    /// The key under which Spark keeps a file's schema in its own form.
    static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

    private static final int TAIL = 64 << 10;
    /// Length and `PAR1`, at the end of a file.
    private static final int TRAILER = 8;

    private final Path path;
    private final FileStamp stamp;
    private final FileMetadata metadata;
    private final FileTimes times;
    private volatile @Nullable StructType schema;

    private ParquetFooter(Path path, FileStamp stamp, FileMetadata metadata) {
        this.path = path;
        this.stamp = stamp;
        this.metadata = metadata;
        this.times = FileTimes.of(metadata::note);
    }

    /// Reads the footer.
    ///
    /// @param known the schema of a file that is likely to have the same; null if there is none
    /// @throws DataException `NOT_A_PARQUET_FILE`, `DAMAGED_PARQUET_FILE`, `UNSUPPORTED_PARQUET` or `FILE_NOT_FOUND`
    static ParquetFooter read(FileBytes file, FileStamp stamp, @Nullable FileSchema known) {
        Path path = file.path();
        long length = stamp.length();
        if (length < TRAILER + 4) {
            throw ParquetErrors.notParquet(path, "it has " + length + " bytes");
        }
        int tailBytes = (int) Math.min(length, TAIL);
        byte[] tail = file.read(length - tailBytes, tailBytes);
        String magic = new String(tail, tailBytes - 4, 4, StandardCharsets.ISO_8859_1);
        if (magic.equals("PARE")) {
            throw ParquetErrors.encrypted(path);
        }
        if (!magic.equals("PAR1")) {
            throw ParquetErrors.notParquet(path, "it does not end with 'PAR1'");
        }
        int footer = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt(tailBytes - TRAILER);
        if (footer <= 0 || footer > length - TRAILER - 4) {
            throw ParquetErrors.notParquet(path, "its footer of " + footer + " bytes goes beyond its beginning");
        }
        int have = tailBytes - TRAILER;
        byte[] bytes = footer <= have
                ? Arrays.copyOfRange(tail, have - footer, have)
                : file.read(length - TRAILER - footer, footer);
        try {
            return decoded(path, () -> new ParquetFooter(path, stamp, FileMetadata.read(bytes, known)));
        } catch (EncryptedMetadataException encrypted) {
            throw ParquetErrors.encrypted(path);
        }
    }

    /// What is read from a footer's bytes, which may be damaged.
    private static <T> T decoded(Path path, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (HeadraceException | EncryptedMetadataException known) {
            throw known;
        } catch (RuntimeException damaged) {
            throw ParquetErrors.damagedFooter(path, damaged);
        }
    }

    private static StructType schemaOf(Path path, FileMetadata metadata, FileTimes times) {
        StructType mapped = SchemaFromParquet.convert(path, metadata.schema().message());
        return sparkSchema(metadata)
                .filter(spark -> fits(spark, mapped, new ColumnPlanner(path, metadata.schema(), times)))
                .orElse(mapped);
    }

    /// Without what holds only in the table that the file was written for.
    private static Optional<StructType> sparkSchema(FileMetadata metadata) {
        String json = metadata.note(SPARK_SCHEMA);
        if (json == null) {
            return Optional.empty();
        }
        try {
            return DataType.fromJson(json) instanceof StructType struct
                    ? Optional.of(TableFacts.inFiles(struct))
                    : Optional.empty();
        } catch (QueryException unknownType) {
            // A type that only Spark has, such as a calendar interval: what the file itself says is still right.
            return Optional.empty();
        }
    }

    /// Whether the file can be read as Spark's schema says, column by column.
    private static boolean fits(StructType spark, StructType mapped, ColumnPlanner planner) {
        if (!spark.names().equals(mapped.names())) {
            return false;
        }
        try {
            for (StructField field : spark) {
                planner.plan(field);
            }
            return true;
        } catch (DataException mismatch) {
            return false;
        }
    }

    /// Of the file that it was read from.
    FileStamp stamp() {
        return stamp;
    }

    public Path path() {
        return path;
    }

    /// By which calendars its dates and times are counted.
    FileTimes times() {
        return times;
    }

    /// The columns: as Spark noted them if the file fits that, else by Spark's rules from the Parquet schema. Found
    /// when first asked for: of all files of a table, one is asked.
    ///
    /// @throws DataException `UNSUPPORTED_PARQUET`
    public StructType schema() {
        StructType found = schema;
        if (found == null) {
            found = decoded(path, () -> schemaOf(path, metadata, times));
            schema = found;
        }
        return found;
    }

    public long rowCount() {
        return rowGroups().stream().mapToLong(BlockMetaData::getRowCount).sum();
    }

    public int rowGroupCount() {
        return rowGroups().size();
    }

    /// Between which numbers a column of integers, decimals or dates is; empty if the file does not say, or for other
    /// types.
    Optional<ColumnRange> range(StructField field) {
        return decoded(path, () -> readRange(field));
    }

    private Optional<ColumnRange> readRange(StructField field) {
        Optional<ColumnRange> all = Optional.empty();
        for (BlockMetaData group : rowGroups()) {
            for (ColumnChunkMetaData chunk : group.getColumns()) {
                if (chunk.getPath().size() == 1 && chunk.getPath().toDotString().equalsIgnoreCase(field.name())) {
                    Statistics<?> statistics = chunk.getStatistics();
                    OptionalDouble least = number(statistics.genericGetMin(), field.dataType());
                    OptionalDouble greatest = number(statistics.genericGetMax(), field.dataType());
                    if (!statistics.hasNonNullValue() || least.isEmpty() || greatest.isEmpty()) {
                        return Optional.empty();
                    }
                    ColumnRange one = new ColumnRange(least.getAsDouble(), greatest.getAsDouble());
                    all = Optional.of(all.isPresent() ? all.get().and(one) : one);
                }
            }
        }
        return all;
    }

    /// What the file says of its columns, as far as it can be trusted to mean the values of [#schema]: not for doubles
    /// and floats, whose bounds may pass over NaN, nor for times in other units than microseconds, nor within structs.
    ///
    /// @param sizeBytes the file's length
    public ParquetFileStatistics statistics(long sizeBytes) {
        return decoded(path, () -> readStatistics(sizeBytes));
    }

    private ParquetFileStatistics readStatistics(long sizeBytes) {
        List<StructField> trusted = schema().fieldList().stream()
                .filter(field -> rowGroups().stream()
                        .flatMap(group -> group.getColumns().stream())
                        .filter(chunk -> chunk.getPath().size() == 1
                                && chunk.getPath().toArray()[0].equals(field.name()))
                        .allMatch(chunk -> isTrusted(chunk, field.dataType())))
                .toList();
        return ParquetFileStatistics.of(new StructType(trusted), rowGroups(), sizeBytes);
    }

    private boolean isTrusted(ColumnChunkMetaData chunk, DataType type) {
        Statistics<?> statistics = chunk.getStatistics();
        LogicalTypeAnnotation meaning = chunk.getPrimitiveType().getLogicalTypeAnnotation();
        boolean unsigned = meaning instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation whole && !whole.isSigned();
        boolean moved = !times.areAsStored(chunk.getPrimitiveType(), type);
        if (statistics == null || !statistics.isNumNullsSet() || unsigned || moved) {
            return false;
        }
        PrimitiveType.PrimitiveTypeName stored = chunk.getPrimitiveType().getPrimitiveTypeName();
        return switch (type) {
            case BooleanType _ -> stored == PrimitiveType.PrimitiveTypeName.BOOLEAN;
            case ByteType _, ShortType _, IntegerType _, DateType _, YearMonthIntervalType _ ->
                stored == PrimitiveType.PrimitiveTypeName.INT32;
            case LongType _, DayTimeIntervalType _ -> stored == PrimitiveType.PrimitiveTypeName.INT64;
            case StringType _ -> stored == PrimitiveType.PrimitiveTypeName.BINARY;
            case DecimalType _ -> true;
            case TimestampType _, TimestampNTZType _ ->
                meaning instanceof LogicalTypeAnnotation.TimestampLogicalTypeAnnotation time
                        && time.getUnit() == LogicalTypeAnnotation.TimeUnit.MICROS;
            case DataType _ -> false;
        };
    }

    private static OptionalDouble number(@Nullable Object stored, DataType type) {
        boolean whole = type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType
                || type instanceof DateType;
        int scale = type instanceof DecimalType decimal ? decimal.scale() : 0;
        if (stored == null || !whole && !(type instanceof DecimalType)) {
            return OptionalDouble.empty();
        }
        return switch (stored) {
            case Integer number -> OptionalDouble.of(number / Math.pow(10, scale));
            case Long number -> OptionalDouble.of(number / Math.pow(10, scale));
            case Binary number ->
                OptionalDouble.of(new BigDecimal(new BigInteger(number.getBytes()), scale).doubleValue());
            default -> OptionalDouble.empty();
        };
    }

    /// The program that wrote the file; empty if it does not say.
    String createdBy() {
        return Objects.requireNonNullElse(metadata.createdBy(), "");
    }

    /// That of the first column.
    Optional<CompressionCodecName> codec() {
        return rowGroups().stream()
                .flatMap(group -> group.getColumns().stream())
                .findFirst()
                .map(ColumnChunkMetaData::getCodec);
    }

    List<BlockMetaData> rowGroups() {
        return metadata.rowGroups();
    }

    MessageType fileSchema() {
        return columns().message();
    }

    /// The columns, in the file's form.
    FileSchema columns() {
        return metadata.schema();
    }
}
