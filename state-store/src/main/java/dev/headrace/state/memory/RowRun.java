package dev.headrace.state.memory;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBytes;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The file of a [Run] of a log of rows.
///
/// ```text
/// int magic "HRRL", int format 1, long from, long to, long forgotten: rows that expire at or before this are not there
/// per chunk: int rows, the bytes of the chunk (ChunkBytes): the rows' columns, then long hash, long expiry
/// int chunks in all, int CRC32C of everything before
/// ```
///
/// Numbers are little-endian.
final class RowRun {
    private static final RunHeader.Form FORM = new RunHeader.Form(0x4c525248, 1);

    private RowRun() {}

    /// The columns of a log's rows as they are stored.
    static StructType stored(StructType rows) {
        return rows.add("_hash", DataTypes.LongType, false).add("_expires", DataTypes.LongType, false);
    }

    static final class Writer implements AutoCloseable {
        private final WholeFile file;
        private int chunks;

        Writer(Run run, long forgotten) throws IOException {
            file = new WholeFile(run.file());
            RunHeader.write(run, FORM, file);
            file.putLong(forgotten);
        }

        /// @param stored borrowed
        void add(Chunk stored) throws IOException {
            if (stored.rowCount() == 0) {
                return;
            }
            file.putInt(stored.rowCount());
            try (ChunkBytes bytes = ChunkBytes.of(stored)) {
                bytes.writeTo(file);
            }
            chunks++;
        }

        /// Completes the file and puts it in its place.
        void finish() throws IOException {
            file.putInt(chunks);
            file.finish();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /// Reads the chunks of a run in order, after the whole file has been checked.
    static final class Reader implements AutoCloseable {
        private final Run run;
        private final StructType schema;
        private final BufferAllocator allocator;
        private final Input in;
        private final long forgotten;
        private int left;

        /// @param schema as [#stored] gives it
        Reader(Run run, StructType schema, BufferAllocator allocator) {
            RunHeader.Opened opened = RunHeader.open(run, FORM);
            this.run = run;
            this.schema = schema;
            this.allocator = allocator;
            this.in = new Input(opened.in());
            this.left = opened.entries();
            try {
                this.forgotten = in.getLong();
            } catch (IOException e) {
                throw StateFiles.failed(run.file(), "reading", e);
            }
        }

        /// Rows that expire at or before this are not there.
        long forgotten() {
            return forgotten;
        }

        /// The next chunk, which the caller closes; null at the end.
        @Nullable Chunk next() {
            if (left == 0) {
                return null;
            }
            left--;
            try {
                return ChunkBytes.read(in, schema, in.getInt(), allocator);
            } catch (IOException e) {
                throw StateFiles.failed(run.file(), "reading", e);
            }
        }

        @Override
        public void close() {
            try {
                in.data().close();
            } catch (IOException e) {
                throw StateFiles.failed(run.file(), "closing", e);
            }
        }
    }

    /// Numbers and buffers as [WholeFile] has written them.
    private record Input(DataInputStream data) implements ChunkBytes.Source {
        @Override
        public int getInt() throws IOException {
            return Integer.reverseBytes(data.readInt());
        }

        @Override
        public long getLong() throws IOException {
            return Long.reverseBytes(data.readLong());
        }

        @Override
        public void get(ArrowBuf buffer, long length) throws IOException {
            ByteBuffer staged = ByteBuffer.allocate((int) Math.min(length, RunHeader.BUFFER_BYTES));
            long at = 0;
            while (at < length) {
                int count = data.readNBytes(staged.array(), 0, (int) Math.min(staged.capacity(), length - at));
                if (count <= 0) {
                    throw new EOFException("the file ends within a chunk");
                }
                buffer.setBytes(at, staged.array(), 0, count);
                at += count;
            }
            buffer.writerIndex(length);
        }
    }
}
