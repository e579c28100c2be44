package dev.headrace.parquet;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.files.FaultyFiles;
import dev.headrace.files.FileOutput;
import dev.headrace.files.FileWritable;
import dev.headrace.files.InputFile;
import dev.headrace.files.MergedSchema;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.source.FileConnector;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/// `format("parquet")`.
public final class ParquetConnector implements FileConnector, FileWritable {
    /// The session's setting that counts where the option is not said.
    public static final String MERGE_SETTING = "spark.sql.parquet.mergeSchema";

    private static final String MERGE_SCHEMA = "mergeSchema";
    private static final String VERIFY_CHECKSUMS = "verifyChecksums";
    private static final String COMPRESSION = "compression";
    private static final String BLOCK_SIZE = "parquet.block.size";
    private static final String PAGE_SIZE = "parquet.page.size";
    private static final String DICTIONARY = "parquet.enable.dictionary";

    private static final List<String> WRITE_OPTIONS = List.of(
            "path",
            COMPRESSION,
            BLOCK_SIZE,
            PAGE_SIZE,
            DICTIONARY,
            BloomFilterOptions.ENABLED,
            BloomFilterOptions.CHANCE,
            BloomFilterOptions.DISTINCT,
            BloomFilterOptions.MAX_BYTES);

    private final ParquetFooters footers = new ParquetFooters();

    @Override
    public String format() {
        return "parquet";
    }

    @Override
    public List<String> readOptions() {
        return List.of(MERGE_SCHEMA, VERIFY_CHECKSUMS);
    }

    @Override
    public BatchTable openFiles(ConnectorOptions options, List<InputFile> files) {
        boolean verify = options.flag(VERIFY_CHECKSUMS, true);
        boolean merge = options.flag(MERGE_SCHEMA, MERGE_SETTING);
        PartitionColumns partitions =
                PartitionColumns.of(files, options, options.session().zone());
        StructType data = options.schema()
                .orElseGet(() -> MergedSchema.of(
                        options, files, merge, path -> footers.of(path).schema()));
        String description = "parquet " + String.join(", ", options.paths());
        return new ParquetTable(
                description, partitions.tableSchema(data), files, partitions, footers, verify, FaultyFiles.of(options));
    }

    @Override
    public boolean writesVariants() {
        return true;
    }

    @Override
    public List<String> writeOptions() {
        return WRITE_OPTIONS;
    }

    @Override
    public FileOutput fileOutput(ConnectorOptions options, StructType schema) {
        List<String> known = new ArrayList<>(BloomFilterOptions.names(options));
        known.addAll(writeOptions());
        options.checkKnown(known);
        ParquetWriteOptions write =
                writeOptions(options).withBloomFilters(BloomFilterOptions.of(options, SchemaToParquet.convert(schema)));
        String extension = (write.codec().extension() + ".parquet").substring(1);
        return new FileOutput(extension, (file, data) -> new Part(file, data, write));
    }

    private static ParquetWriteOptions writeOptions(ConnectorOptions options) {
        ParquetWriteOptions write = ParquetWriteOptions.DEFAULT;
        String codec = options.get(COMPRESSION, write.codec().name());
        write = write.withCodec(ParquetCodec.named(codec)
                .orElseThrow(() -> options.invalid(COMPRESSION, "zstd, snappy, gzip, lz4_raw or uncompressed")));
        long groupBytes = positive(options, BLOCK_SIZE, write.rowGroupBytes());
        long pageBytes = positive(options, PAGE_SIZE, write.pageBytes());
        write = write.withRowGroups(groupBytes, write.rowGroupRows())
                .withPages((int) Math.min(pageBytes, Integer.MAX_VALUE / 2), write.pageRows());
        return options.flag(DICTIONARY, true) ? write : write.withDictionaryBytes(0);
    }

    private static long positive(ConnectorOptions options, String key, long orElse) {
        long value = options.number(key).orElse(orElse);
        if (value <= 0) {
            throw options.invalid(key, "a number of bytes above 0");
        }
        return value;
    }

    /// Writes one file of an output. The allocator is known with the first chunk.
    private static final class Part implements TaskWriter {
        private final Path file;
        private final StructType schema;
        private final ParquetWriteOptions options;
        private @Nullable BufferAllocator allocator;
        private @Nullable ParquetChunkWriter writer;
        private boolean failed;

        Part(Path file, StructType schema, ParquetWriteOptions options) {
            this.file = file;
            this.schema = schema;
            this.options = options;
        }

        @Override
        public void write(Chunk rows) {
            ParquetChunkWriter current = writer == null ? open(childOf(rows)) : writer;
            failed = true;
            current.write(rows);
            failed = false;
        }

        private static BufferAllocator childOf(Chunk rows) {
            BufferAllocator root = rows.column(0).getAllocator().getRoot();
            return root.newChildAllocator("parquet writer", 0, Long.MAX_VALUE);
        }

        private ParquetChunkWriter open(BufferAllocator owned) {
            allocator = owned;
            ParquetChunkWriter opened = ParquetChunkWriter.open(file, schema, options, owned);
            writer = opened;
            return opened;
        }

        @Override
        public void close() {
            try {
                ParquetChunkWriter current =
                        writer == null && !failed && allocator == null ? open(new RootAllocator()) : writer;
                if (current != null) {
                    try (current) {
                        if (!failed) {
                            failed = true;
                            current.finish();
                        }
                    }
                }
            } finally {
                if (allocator != null) {
                    allocator.close();
                    allocator = null;
                }
            }
        }

        @Override
        public void abort() {
            failed = true;
            close();
        }
    }
}
