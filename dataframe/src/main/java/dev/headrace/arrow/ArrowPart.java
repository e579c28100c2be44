package dev.headrace.arrow;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.RecordBatches;
import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.files.OutputFailure;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/// Writes one file: a record batch for each chunk. The allocator is known with the first chunk.
final class ArrowPart implements TaskWriter {
    private final Path path;
    private final StructType schema;
    private final CodecType compression;
    private @Nullable Output output;
    private boolean closed;

    ArrowPart(Path path, StructType schema, CodecType compression) {
        this.path = path;
        this.schema = schema;
        this.compression = compression;
    }

    /// What is open while a file is written.
    ///
    /// @param allocator is the file's own
    private record Output(BufferAllocator allocator, FileChannel channel, VectorSchemaRoot root, ArrowFileWriter writer)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try (allocator;
                    channel;
                    root) {
                writer.close();
            }
        }
    }

    private Output open(BufferAllocator allocator) throws IOException {
        List<Field> fields = new ArrayList<>();
        schema.fieldList().forEach(field -> fields.add(ArrowTypes.field(field)));
        FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields), allocator);
        ArrowFileWriter writer = new ArrowFileWriter(
                root, null, channel, null, IpcOption.DEFAULT, ArrowCodecs.FACTORY, compression, Optional.empty());
        Output opened = new Output(allocator, channel, root, writer);
        output = opened;
        writer.start();
        return opened;
    }

    @Override
    public void write(Chunk rows) {
        try {
            Output current = output == null
                    ? open(rows.column(0).getAllocator().getRoot().newChildAllocator("arrow writer", 0, Long.MAX_VALUE))
                    : output;
            try (ArrowRecordBatch batch = RecordBatches.of(rows)) {
                new VectorLoader(current.root()).load(batch);
            }
            current.writer().writeBatch();
            current.root().clear();
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (Output current = output == null ? open(new RootAllocator()) : output) {
            current.writer().end();
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
    }

    /// Frees the memory, without a file if there were no rows.
    @Override
    public void abort() {
        if (closed || output == null) {
            return;
        }
        closed = true;
        try {
            output.close();
        } catch (IOException failed) {
            throw OutputFailure.of(path, failed);
        }
    }
}
