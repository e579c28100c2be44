package dev.headrace.delta.kernel;

import dev.headrace.delta.store.TablePaths;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/// A file of a table's log, for Delta Kernel to read.
///
/// @param size in bytes; 0 or less if Kernel doesn't know
record PathInputFile(String path, long size) implements InputFile {
    @Override
    public long length() throws IOException {
        return size > 0 ? size : Files.size(TablePaths.of(path));
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        try {
            return new ChannelStream(path, FileChannel.open(TablePaths.of(path)));
        } catch (NoSuchFileException absent) {
            throw PathFileIO.notFound(path, absent);
        } catch (IOException failed) {
            throw new ReadFailedException(path, failed);
        }
    }

    private static final class ChannelStream extends SeekableInputStream {
        private final String path;
        private final FileChannel channel;

        ChannelStream(String path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        @Override
        public long getPos() throws IOException {
            return channel.position();
        }

        @Override
        public void seek(long position) throws IOException {
            channel.position(position);
        }

        @Override
        public void readFully(byte[] bytes, int from, int length) throws IOException {
            if (readNBytes(bytes, from, length) < length) {
                throw new EOFException(length + " bytes expected");
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            try {
                return channel.read(ByteBuffer.wrap(bytes, from, length));
            } catch (IOException failed) {
                throw new ReadFailedException(path, failed);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
