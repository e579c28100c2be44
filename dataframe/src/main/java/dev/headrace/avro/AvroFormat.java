package dev.headrace.avro;

import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.files.LegacyCalendar;
import dev.headrace.types.StructType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.Decoder;
import org.jspecify.annotations.Nullable;

/// Reads files of Avro, value by value straight into columns; what is not asked for is passed over.
final class AvroFormat implements FileTable.Format {
    @Override
    public String name() {
        return "avro";
    }

    @Override
    public boolean isSplittable() {
        return true;
    }

    @Override
    public StructType columnsToParse(StructType asked, StructType all) {
        return asked;
    }

    @Override
    public FileTable.RowReader open(FileRange range, StructType columns, StructType all, BufferAllocator allocator) {
        return new Rows(range, columns, allocator);
    }

    /// The columns of a file.
    static StructType schemaOf(Path path) {
        Row row = new Row();
        try (DataFileReader<Row> file = open(path, input(path), row)) {
            return SchemaFromAvro.nullable(AvroErrors.origin(path)).table(file.getSchema());
        } catch (IOException | RuntimeException failed) {
            throw AvroErrors.failed(path, failed);
        }
    }

    private static FileInput input(Path path) {
        try {
            return new FileInput(path);
        } catch (IOException failed) {
            throw AvroErrors.failed(path, failed);
        }
    }

    /// @param input closed with the result, or if it can't be read
    private static DataFileReader<Row> open(Path path, FileInput input, Row row) {
        try {
            return new DataFileReader<>(input, row);
        } catch (IOException | RuntimeException failed) {
            close(input, failed);
            throw failed.getMessage() != null && failed.getMessage().startsWith("Unrecognized codec")
                    ? AvroErrors.unsupported(
                            AvroErrors.origin(path), "", "the compression (" + failed.getMessage() + ")")
                    : AvroErrors.failed(path, failed);
        } catch (NoClassDefFoundError missing) {
            close(input, missing);
            throw AvroErrors.unsupported(
                    AvroErrors.origin(path), "", "bzip2 or xz, for which there is no library here,");
        }
    }

    private static void close(FileInput input, Throwable failure) {
        try {
            input.close();
        } catch (IOException again) {
            failure.addSuppressed(again);
        }
    }

    /// Where the library's reader of files puts a row: it hands us the bytes.
    private static final class Row implements DatumReader<Row> {
        private @Nullable ValueReader reader;
        private @Nullable StructWriter columns;
        private int row;

        @Override
        public void setSchema(Schema schema) {}

        @Override
        public Row read(Row reuse, Decoder in) throws IOException {
            if (reader == null || columns == null) {
                throw new IllegalStateException("rows are read before their columns are known");
            }
            reader.read(in, columns, row);
            return this;
        }
    }

    private static final class Rows implements FileTable.RowReader {
        private static final int MANY_BYTES = 16 << 20;
        /// Rows after which the bytes are counted, however small they are.
        private static final int STEP_ROWS = 32;

        private final Path path;
        private final Row row = new Row();
        private final DataFileReader<Row> file;
        private final StructWriter columns;
        private final long from;
        /// Blocks whose marker begins in the range are of it, so that they begin before this.
        private final long end;

        private final long bytes;
        /// After which block the bytes were counted last.
        private long counted;

        Rows(FileRange range, StructType asked, BufferAllocator allocator) {
            this.path = range.file().path();
            this.from = range.from();
            this.bytes = range.file().bytes();
            this.end = Math.min(Math.min(range.to(), bytes) + SyncMarker.BYTES, bytes);
            FileInput input = input(path);
            this.file = AvroFormat.open(path, input, row);
            this.columns = (StructWriter) ColumnWriter.of(asked, Optional.of(allocator));
            try {
                if (from > 0) {
                    file.seek(new SyncMarker(input, file.previousSync()).blockFrom(from, end));
                }
                row.columns = columns;
                row.reader = reader(file.getSchema(), asked);
            } catch (IOException | RuntimeException failed) {
                close();
                throw AvroErrors.failed(path, failed);
            }
        }

        private ValueReader reader(Schema schema, StructType asked) {
            Schema record = schema.getType() == Schema.Type.RECORD
                    ? schema
                    : Schema.createRecord(
                            "topLevelRecord", null, null, false, List.of(new Schema.Field("value", schema)));
            Optional<LegacyCalendar> legacy =
                    LegacyCalendar.of(file::getMetaString, "3.0.0", "org.apache.spark.legacyDateTime");
            return new ValueReaders(AvroErrors.origin(path), legacy).fields(record, asked, "");
        }

        @Override
        public int read(int maxRows) {
            columns.ensure(maxRows);
            try {
                long start = file.tell();
                row.row = 0;
                while (row.row < maxRows && !hasMany(start) && file.previousSync() < end && hasNext()) {
                    file.next(row);
                    row.row++;
                }
                return row.row;
            } catch (IOException | RuntimeException failed) {
                throw AvroErrors.failed(path, failed);
            }
        }

        /// Whether many bytes have been read, or written: those of the file are compressed. A large row ends its
        /// block, and so they are counted after each block; after small rows of one block now and then.
        private boolean hasMany(long start) throws IOException {
            if (file.tell() - start > MANY_BYTES) {
                return true;
            }
            long block = file.previousSync();
            if (block == counted && row.row % STEP_ROWS != 0) {
                return false;
            }
            counted = block;
            return columns.byteCount(row.row) > MANY_BYTES;
        }

        /// The library takes a block that is cut short for the end of the file.
        private boolean hasNext() throws IOException {
            boolean more = file.hasNext();
            if (!more && file.previousSync() < bytes) {
                throw new EOFException("it ends within the block that begins at byte " + file.previousSync());
            }
            return more;
        }

        @Override
        public StructWriter columns() {
            return columns;
        }

        @Override
        public Map<String, Long> metrics() {
            try {
                return Map.of("bytesRead", Math.max(0, file.tell() - from));
            } catch (IOException closed) {
                throw AvroErrors.failed(path, closed);
            }
        }

        @Override
        public void close() {
            columns.close();
            try {
                file.close();
            } catch (IOException failed) {
                throw AvroErrors.failed(path, failed);
            }
        }
    }
}
