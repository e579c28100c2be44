package dev.headrace.parquet;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.files.DurableFiles;
import dev.headrace.files.OutputFailure;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/// Writes chunks to a Parquet file, column by column.
///
/// The file is as Spark's: timestamps in microseconds, decimals by precision, lists of three levels, the schema in
/// Spark's form beside Parquet's; pages of version 1 with checksums and a page index. [#finish] completes it; a file
/// that was closed before is no Parquet file. One thread.
public final class ParquetChunkWriter implements AutoCloseable {
    private static final int MAX_STATISTIC_BYTES = 1 << 10;

    private final Path path;
    private final StructType schema;
    private final ParquetWriteOptions options;
    private final ParquetFileWriter file;
    private final PageCompressor compressor;
    private final BufferAllocator allocator;
    private final MessageType fileSchema;
    private final List<ColumnNode> columns = new ArrayList<>();
    private final List<LeafWriter> leaves = new ArrayList<>();
    private int groupRows;
    private boolean finished;
    private boolean closed;

    private ParquetChunkWriter(Path path, StructType schema, ParquetWriteOptions options, BufferAllocator allocator)
            throws IOException {
        this.path = path;
        this.schema = schema;
        this.options = options;
        this.allocator = allocator;
        this.fileSchema = SchemaToParquet.convert(schema);
        this.compressor = new PageCompressor(options.codec());
        this.file = new ParquetFileWriter(
                new FileOutput(path),
                fileSchema,
                ParquetFileWriter.Mode.OVERWRITE,
                options.rowGroupBytes(),
                0,
                ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
                MAX_STATISTIC_BYTES,
                true);
        for (StructField field : schema) {
            columns.add(node(field.dataType(), field.nullable(), new ArrayList<>(List.of(field.name())), 0));
        }
        columns.forEach(column -> column.leaves().forEach(leaves::add));
        file.start();
    }

    /// Begins a file, in place of one that may be there. The caller closes the writer.
    ///
    /// @param allocator for the row group in the making
    /// @throws dev.headrace.errors.QueryException `UNSUPPORTED_PARQUET_TYPE`
    /// @throws dev.headrace.errors.ResourceException `FILE_NOT_WRITABLE`
    public static ParquetChunkWriter open(
            Path path, StructType schema, ParquetWriteOptions options, BufferAllocator allocator) {
        try {
            return new ParquetChunkWriter(path, schema, options, allocator);
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
    }

    /// The node for a value of this type.
    ///
    /// @param names the path of the value in the file
    private ColumnNode node(DataType type, boolean nullable, List<String> names, int repetition) {
        return switch (type) {
            case StructType struct -> {
                List<ColumnNode> fields = new ArrayList<>();
                for (StructField field : struct) {
                    fields.add(node(field.dataType(), field.nullable(), with(names, field.name()), repetition));
                }
                yield new ColumnNode.Struct(nullable, fields);
            }
            case ArrayType(DataType element, boolean containsNull) ->
                new ColumnNode.Repeated(
                        nullable,
                        repetition + 1,
                        node(element, containsNull, with(names, "list", "element"), repetition + 1));
            case MapType(DataType key, DataType value, boolean valueContainsNull) -> {
                ColumnNode keys = node(key, false, with(names, "key_value", "key"), repetition + 1);
                ColumnNode values = node(value, valueContainsNull, with(names, "key_value", "value"), repetition + 1);
                yield new ColumnNode.Repeated(
                        nullable, repetition + 1, new ColumnNode.Struct(false, List.of(keys, values)));
            }
            case VariantType _ ->
                new ColumnNode.OfVariant(
                        new ColumnNode.Struct(
                                nullable,
                                List.of(
                                        leaf(DataTypes.BinaryType, false, with(names, SchemaToParquet.VALUE)),
                                        leaf(DataTypes.BinaryType, false, with(names, SchemaToParquet.METADATA)))),
                        allocator);
            case DataType atomic -> leaf(atomic, nullable, names);
        };
    }

    private static List<String> with(List<String> names, String... more) {
        List<String> longer = new ArrayList<>(names);
        longer.addAll(List.of(more));
        return longer;
    }

    private ColumnNode leaf(DataType type, boolean nullable, List<String> names) {
        ColumnDescriptor column = fileSchema.getColumnDescription(names.toArray(String[]::new));
        Optional<BloomFilterBuilder> filter = filter(column);
        ValuesWriter values = values(type, column.getPrimitiveType(), filter);
        return new ColumnNode.Leaf(new LeafWriter(column, nullable, values, filter, compressor, options, allocator));
    }

    private Optional<BloomFilterBuilder> filter(ColumnDescriptor column) {
        BloomFilterOptions filters = options.bloomFilters();
        Double chance = filters.chances().get(String.join(".", column.getPath()));
        return chance == null
                ? Optional.empty()
                : Optional.of(new BloomFilterBuilder(
                        column.getPrimitiveType().getPrimitiveTypeName(), chance, filters.maxBytes()));
    }

    private ValuesWriter values(DataType type, PrimitiveType physical, Optional<BloomFilterBuilder> filter) {
        if (type instanceof BooleanType) {
            return new BitsWriter(allocator);
        }
        if (physical.getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                || physical.getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY) {
            return new BytesWriter(physical, filter, options, allocator);
        }
        int sourceWidth = switch (type) {
            case ByteType _ -> 1;
            case ShortType _ -> 2;
            case DecimalType _ -> 16;
            case DataType _ -> Physical.width(physical);
        };
        return new NumbersWriter(physical, sourceWidth, filter, options, allocator);
    }

    /// Takes in rows; the chunk is borrowed.
    ///
    /// @throws dev.headrace.errors.DataException `NULL_IN_REQUIRED_COLUMN`
    /// @throws dev.headrace.errors.ResourceException `FILE_NOT_WRITABLE`
    public void write(Chunk rows) {
        int step = stepRows(rows);
        int from = 0;
        while (from < rows.rowCount()) {
            int count = Math.min(Math.min(step, rows.rowCount() - from), options.rowGroupRows() - groupRows);
            for (int i = 0; i < columns.size(); i++) {
                columns.get(i).append(rows.column(i), from, count);
            }
            for (LeafWriter leaf : leaves) {
                leaf.endRows(count);
            }
            from += count;
            groupRows += count;
            if (groupRows >= options.rowGroupRows() || groupBytes() >= options.rowGroupBytes()) {
                flushGroup();
            }
        }
    }

    /// How many rows to take in before looking whether a page is full.
    private int stepRows(Chunk rows) {
        long bytesPerRow = rows.sizeInBytes() / Math.max(1, rows.rowCount()) + 1;
        long most = Math.min(Chunk.TARGET_ROWS, options.pageRows());
        return (int) Math.clamp(options.pageBytes() / bytesPerRow, 1, most);
    }

    private long groupBytes() {
        long bytes = 0;
        for (LeafWriter leaf : leaves) {
            bytes += leaf.chunkBytes();
        }
        return bytes;
    }

    private void flushGroup() {
        if (groupRows == 0) {
            return;
        }
        try {
            file.startBlock(groupRows);
            for (LeafWriter leaf : leaves) {
                Cancellation.checkThread();
                leaf.flush(file);
            }
            file.endBlock();
            groupRows = 0;
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
    }

    /// About how large the file is so far, what is not yet written included.
    public long bytes() {
        try {
            return file.getPos() + groupBytes();
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
    }

    /// Completes the file.
    ///
    /// @throws dev.headrace.errors.ResourceException `FILE_NOT_WRITABLE`
    public ParquetFileStatistics finish() {
        flushGroup();
        try {
            file.end(Map.of(ParquetFooter.SPARK_SCHEMA, schema.json()));
            long size = file.getPos();
            file.close();
            if (options.sync()) {
                DurableFiles.force(path);
            }
            finished = true;
            return ParquetFileStatistics.of(schema, file.getFooter().getBlocks(), size);
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
    }

    /// Frees what the writer holds; a file that is not finished stays incomplete.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Closing.all(leaves);
        compressor.close();
        if (!finished) {
            try {
                file.close();
            } catch (IOException failed) {
                throw OutputFailure.of(path, failed);
            }
        }
    }
}
