package dev.headrace.arrow;

import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;

/// An open file, or stream in a file, and its record batches one after the other. One thread.
final class ArrowSource implements AutoCloseable {
    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    /// A stream begins with this, or, before Arrow 0.15, with the length of the schema.
    private static final int CONTINUATION = 0xffffffff;

    private final Path path;
    private final ArrowReader reader;
    private final RecordBatchLoader loader;
    private final VectorSchemaRoot batch;
    private final List<ArrowBlock> blocks;
    private int nextBlock;
    private final int endBlock;

    private ArrowSource(Path path, ArrowReader reader, RecordBatchLoader loader, int part, int parts)
            throws IOException {
        this.path = path;
        this.reader = reader;
        this.loader = loader;
        this.batch = reader.getVectorSchemaRoot();
        this.blocks = reader instanceof ArrowFileReader file ? file.getRecordBlocks() : List.of();
        this.nextBlock = (int) ((long) blocks.size() * part / parts);
        this.endBlock = (int) ((long) blocks.size() * (part + 1) / parts);
    }

    /// Opens a part of a file: of `parts` about equal numbers of record batches the one numbered `part`. A stream is
    /// whole in its part 0.
    ///
    /// @throws dev.headrace.errors.DataException `NOT_AN_ARROW_FILE`, `DAMAGED_ARROW_FILE`, `FILE_NOT_FOUND`
    static ArrowSource open(Path path, int part, int parts, BufferAllocator allocator) {
        FileChannel channel = null;
        ArrowReader reader = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            reader = reader(path, channel, allocator);
            return new ArrowSource(path, reader, new RecordBatchLoader(channel, allocator), part, parts);
        } catch (IOException | RuntimeException failed) {
            closeQuietly(failed, reader);
            closeQuietly(failed, channel);
            throw ArrowErrors.failed(path, failed);
        }
    }

    private static void closeQuietly(Exception failed, @org.jspecify.annotations.Nullable AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception again) {
            failed.addSuppressed(again);
        }
    }

    private static ArrowReader reader(Path path, FileChannel channel, BufferAllocator allocator) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(8);
        while (start.hasRemaining()) {
            if (channel.read(start, start.position()) < 0) {
                throw ArrowErrors.notArrow(path, "it has " + start.position() + " bytes");
            }
        }
        if (ByteBuffer.wrap(start.array(), 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            return new ArrowFileReader(channel, allocator, ArrowCodecs.FACTORY) {
                @Override
                protected void loadDictionary(ArrowDictionaryBatch values) {
                    DictionaryLoader.load(values, dictionaries, allocator);
                }
            };
        }
        if (start.getInt(0) != CONTINUATION) {
            throw ArrowErrors.notArrow(path, "it begins with neither ARROW1 nor the mark of a stream");
        }
        return new ArrowStreamReader(channel, allocator, ArrowCodecs.FACTORY) {
            @Override
            protected void loadDictionary(ArrowDictionaryBatch values) {
                DictionaryLoader.load(values, dictionaries, allocator);
            }
        };
    }

    /// The schema of a file.
    static StructType schemaOf(Path path) {
        try (RootAllocator allocator = new RootAllocator();
                ArrowSource source = open(path, 0, 1, allocator)) {
            return source.schema().of(source.batch.getSchema().getFields());
        }
    }

    ArrowSchema schema() {
        return new ArrowSchema(path, reader);
    }

    boolean isStream() {
        return !(reader instanceof ArrowFileReader);
    }

    /// The present batch; its vectors hold the next one after [#advance].
    VectorSchemaRoot batch() {
        return batch;
    }

    /// Loads the next batch of the part.
    ///
    /// @return whether there was one
    boolean advance() {
        try {
            if (isStream()) {
                return reader.loadNextBatch();
            }
            if (nextBlock >= endBlock) {
                return false;
            }
            loader.load(blocks.get(nextBlock++), batch);
            return true;
        } catch (IOException | RuntimeException failed) {
            throw ArrowErrors.failed(path, failed);
        }
    }

    long bytesRead() {
        return reader.bytesRead() + loader.bytesRead();
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException failed) {
            throw ArrowErrors.failed(path, failed);
        }
    }
}
