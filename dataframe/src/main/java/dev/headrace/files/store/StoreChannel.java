package dev.headrace.files.store;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.jspecify.annotations.Nullable;

/// A file of a store as a channel: one that is read, at any place, or one that is written from its beginning to its
/// end. It has no more of a channel than files of tables need. One thread.
abstract sealed class StoreChannel extends FileChannel {
    /// Reads a file.
    static final class Reader extends StoreChannel {
        private final FSDataInputStream in;
        private final long size;
        private long position;

        /// @param size of the file, in bytes
        Reader(FSDataInputStream in, long size) {
            this.in = in;
            this.size = size;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            int read = read(into, position);
            position += Math.max(0, read);
            return read;
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            if (at >= size) {
                return -1;
            }
            int length = (int) Math.min(into.remaining(), size - at);
            if (into.hasArray()) {
                readFully(at, into.array(), into.arrayOffset() + into.position(), length);
                into.position(into.position() + length);
            } else {
                byte[] bytes = new byte[length];
                readFully(at, bytes, 0, length);
                into.put(bytes);
            }
            return length;
        }

        private void readFully(long at, byte[] into, int from, int length) throws IOException {
            try {
                in.readFully(at, into, from, length);
            } catch (EOFException | FileNotFoundException told) {
                throw told;
            } catch (IOException failed) {
                throw notGiven(failed);
            }
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public Reader position(long to) {
            position = to;
            return this;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        protected void implCloseChannel() throws IOException {
            in.close();
        }
    }

    /// A failure of the store, as one that nobody takes for damage of the file.
    static FileSystemException notGiven(IOException failed) {
        if (failed instanceof FileSystemException known) {
            return known;
        }
        FileSystemException told = new FileSystemException(failed.toString());
        told.initCause(failed);
        return told;
    }

    /// Writes a file, which is there when it is closed: a store that shows it sooner shows a name that nothing
    /// mentions.
    static final class Writer extends StoreChannel {
        private final FSDataOutputStream out;

        Writer(FSDataOutputStream out) {
            this.out = out;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            int length = from.remaining();
            if (from.hasArray()) {
                out.write(from.array(), from.arrayOffset() + from.position(), length);
                from.position(from.limit());
            } else {
                byte[] bytes = new byte[length];
                from.get(bytes);
                out.write(bytes);
            }
            return length;
        }

        @Override
        public long position() {
            return out.getPos();
        }

        @Override
        public long size() {
            return out.getPos();
        }

        /// Object stores make a file durable when it is closed; others can do it before.
        @Override
        public void force(boolean metadata) throws IOException {
            if (out.hasCapability("hsync")) {
                out.hsync();
            }
        }

        @Override
        protected void implCloseChannel() throws IOException {
            out.close();
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        throw new NonReadableChannelException();
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
        throw new NonReadableChannelException();
    }

    @Override
    public long read(ByteBuffer[] into, int from, int count) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        throw new NonWritableChannelException();
    }

    @Override
    public int write(ByteBuffer from, long at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] from, int first, int count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean metadata) throws IOException {}

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable FileLock tryLock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
