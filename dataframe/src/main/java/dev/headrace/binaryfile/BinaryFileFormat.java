package dev.headrace.binaryfile;

import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.FixedWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.errors.ResourceException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.files.DurableFiles;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.files.InputFile;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// Reads files whole.
final class BinaryFileFormat implements FileTable.Format {
    private static final long MAX_BYTES = Integer.MAX_VALUE - 1024L;

    @Override
    public String name() {
        return "binaryFile";
    }

    @Override
    public boolean isSplittable() {
        return false;
    }

    @Override
    public StructType columnsToParse(StructType asked, StructType all) {
        return asked;
    }

    @Override
    public FileTable.RowReader open(FileRange range, StructType columns, StructType all, BufferAllocator allocator) {
        return new OneFile(range.file(), columns, (StructWriter) ColumnWriter.of(columns, Optional.of(allocator)));
    }

    private static final class OneFile implements FileTable.RowReader {
        private final InputFile file;
        private final StructType asked;
        private final StructWriter columns;
        private boolean done;
        private long bytesRead;

        OneFile(InputFile file, StructType asked, StructWriter columns) {
            this.file = file;
            this.asked = asked;
            this.columns = columns;
        }

        @Override
        public int read(int maxRows) {
            columns.ensure(1);
            if (done) {
                return 0;
            }
            done = true;
            for (int i = 0; i < asked.size(); i++) {
                ColumnWriter column = columns.field(i);
                switch (asked.field(i).name()) {
                    case "path" -> put(column, place().getBytes(StandardCharsets.UTF_8));
                    case "modificationTime" -> ((FixedWriter) column).putLong(0, file.modifiedMillis() * 1000);
                    case "length" -> ((FixedWriter) column).putLong(0, file.bytes());
                    default -> put(column, content());
                }
            }
            return 1;
        }

        /// As Spark's: of the local disk without slashes before the path.
        private String place() {
            Path path = file.path().toAbsolutePath();
            return DurableFiles.isLocal(path) ? "file:" + path : path.toString();
        }

        private static void put(ColumnWriter column, byte[] bytes) {
            ((BytesWriter) column).put(0, bytes, 0, bytes.length);
        }

        private byte[] content() {
            if (file.bytes() > MAX_BYTES) {
                throw new ResourceException(
                        "FILE_TOO_LARGE",
                        "'" + file.path() + "' has " + file.bytes()
                                + " bytes; the content of a file in one value can have " + MAX_BYTES
                                + ". Leave out the column 'content', or filter by 'length'.");
            }
            try {
                byte[] content = Files.readAllBytes(file.path());
                bytesRead = content.length;
                return content;
            } catch (IOException failed) {
                throw new UnavailableException(
                        "FILE_NOT_READABLE",
                        "'" + file.path() + "' can't be read: " + failed + ". Check that it exists and is readable.",
                        failed);
            }
        }

        @Override
        public StructWriter columns() {
            return columns;
        }

        @Override
        public Map<String, Long> metrics() {
            return Map.of("bytesRead", bytesRead);
        }

        @Override
        public void close() {
            columns.close();
        }
    }
}
