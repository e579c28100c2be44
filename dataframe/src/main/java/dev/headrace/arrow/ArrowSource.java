package dev.headrace.arrow;

import dev.headrace.types.StructType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
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
        return open(path, part, parts, allocator, DictionaryLoader::load);
    }

    /// What becomes of a dictionary's values, which are to be closed.
    private interface Dictionaries {
        void load(ArrowDictionaryBatch values, Map<Long, Dictionary> dictionaries, BufferAllocator allocator);
    }

    private static ArrowSource open(Path path, int part, int parts, BufferAllocator allocator, Dictionaries loading) {
        FileChannel channel = null;
        ArrowReader reader = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            reader = reader(path, channel, allocator, loading);
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

    private static ArrowReader reader(Path path, FileChannel channel, BufferAllocator allocator, Dictionaries loading)
            throws IOException {
        ByteBuffer start = ByteBuffer.allocate(8);
        while (start.hasRemaining()) {
            if (channel.read(start, start.position()) < 0) {
                throw ArrowErrors.notArrow(path, "it has " + start.position() + " bytes");
            }
        }
        if (ByteBuffer.wrap(start.array(), 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            checkFooter(channel);
            return new FileReader(channel, allocator, loading);
        }
        if (start.getInt(0) != CONTINUATION) {
            throw ArrowErrors.notArrow(path, "it begins with neither ARROW1 nor the mark of a stream");
        }
        return new ArrowStreamReader(new StreamMessages(channel, allocator), allocator, ArrowCodecs.FACTORY) {
            @Override
            protected void loadDictionary(ArrowDictionaryBatch values) {
                loading.load(values, dictionaries, allocator);
            }
        };
    }

    /// Loads all dictionaries when it is opened.
    private static final class FileReader extends ArrowFileReader {
        private final Dictionaries loading;

        FileReader(FileChannel channel, BufferAllocator allocator, Dictionaries loading) {
            super(channel, allocator, ArrowCodecs.FACTORY);
            this.loading = loading;
        }

        /// The library frees nothing of what it could not open.
        @Override
        public void initialize() throws IOException {
            try {
                super.initialize();
            } catch (IOException | RuntimeException failed) {
                if (dictionaries != null) {
                    dictionaries
                            .values()
                            .forEach(dictionary -> dictionary.getVector().close());
                }
                throw failed;
            }
        }

        @Override
        protected void loadDictionary(ArrowDictionaryBatch values) {
            loading.load(values, dictionaries, allocator);
        }
    }

    /// The library makes room for a footer, and for dictionaries, as long as they say; record batches are checked when
    /// they are loaded.
    private static void checkFooter(FileChannel channel) throws IOException {
        long size = channel.size();
        long end = size - MAGIC.length - Integer.BYTES;
        if (end < MAGIC.length) {
            throw new IllegalArgumentException("it has no footer");
        }
        int length = read(channel, end, Integer.BYTES).getInt(0);
        if (length < 0 || length > end - MAGIC.length) {
            throw new IllegalArgumentException("a footer of " + length + " bytes, the file has " + size);
        }
        Footer footer = Footer.getRootAsFooter(read(channel, end - length, length));
        for (int i = 0; i < footer.dictionariesLength(); i++) {
            Block block = footer.dictionaries(i);
            RecordBatchLoader.requireInFile(
                    new ArrowBlock(block.offset(), block.metaDataLength(), block.bodyLength()), size);
        }
    }

    /// Bytes of a file, little-endian.
    static ByteBuffer read(FileChannel channel, long from, int bytes) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (into.hasRemaining()) {
            if (channel.read(into, from + into.position()) < 0) {
                throw new EOFException("it ends at byte " + (from + into.position()));
            }
        }
        return into.flip();
    }

    /// The schema of a file. No dictionary is unpacked for it: no session limits its memory.
    static StructType schemaOf(Path path) {
        try (RootAllocator allocator = new RootAllocator();
                ArrowSource source = open(path, 0, 1, allocator, (values, _, _) -> values.close())) {
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
