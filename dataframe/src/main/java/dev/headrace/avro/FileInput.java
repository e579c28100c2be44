package dev.headrace.avro;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.avro.file.SeekableInput;

/// A file on any file system, as the library reads it.
final class FileInput implements SeekableInput {
    private final FileChannel file;

    FileInput(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.READ);
    }

    @Override
    public void seek(long position) throws IOException {
        file.position(position);
    }

    @Override
    public long tell() throws IOException {
        return file.position();
    }

    @Override
    public long length() throws IOException {
        return file.size();
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
        return file.read(ByteBuffer.wrap(into, at, length));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
