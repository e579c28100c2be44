package dev.headrace.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.ArrowBuf;

/// A file that is read by position. Counts what it reads. One thread.
final class FileBytes implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final long length;
    private long bytesRead;

    private FileBytes(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.length = channel.size();
    }

    static FileBytes open(Path path) {
        try {
            return new FileBytes(path, FileChannel.open(path, StandardOpenOption.READ));
        } catch (IOException unreadable) {
            throw ParquetErrors.unreadable(path, unreadable);
        }
    }

    Path path() {
        return path;
    }

    long length() {
        return length;
    }

    long bytesRead() {
        return bytesRead;
    }

    void read(long position, ArrowBuf into, long at, int bytes) {
        read(position, into.nioBuffer(at, bytes));
    }

    byte[] read(long position, int bytes) {
        byte[] into = new byte[bytes];
        read(position, ByteBuffer.wrap(into));
        return into;
    }

    private void read(long position, ByteBuffer into) {
        long at = position;
        try {
            while (into.hasRemaining()) {
                int read = channel.read(into, at);
                if (read < 0) {
                    throw new EOFException("it ends at byte " + at);
                }
                at += read;
                bytesRead += read;
            }
        } catch (EOFException cut) {
            throw ParquetErrors.notParquet(path, "it ends at byte " + at + ", where more was expected");
        } catch (IOException unreadable) {
            throw ParquetErrors.unreadable(path, unreadable);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException unreadable) {
            throw ParquetErrors.unreadable(path, unreadable);
        }
    }
}
