package dev.headrace.orc;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/// A file as the library wants it: a file system of Hadoop's that opens or creates this file, whatever it is asked for,
/// and does nothing else. There is no login and no cache of file systems in the way.
final class OneFile extends FileSystem {
    private static final int BUFFER = 256 << 10;
    private static final URI ROOT = URI.create("file:///");

    private final java.nio.file.Path file;

    /// @param file on any file system
    OneFile(java.nio.file.Path file, Configuration configuration) {
        this.file = file;
        setConf(configuration);
    }

    /// A name for the file, for the library's messages.
    Path name() {
        return new Path(ROOT.getScheme(), null, "/" + file.getFileName());
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return new FSDataInputStream(new Input(FileChannel.open(file, StandardOpenOption.READ)));
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new FSDataOutputStream(new BufferedOutputStream(out, BUFFER), null);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return new FileStatus(
                Files.size(file),
                Files.isDirectory(file),
                1,
                BUFFER,
                Files.getLastModifiedTime(file).toMillis(),
                path);
    }

    private static final class Input extends FSInputStream {
        private final FileChannel channel;

        Input(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void seek(long position) throws IOException {
            if (position < 0 || position > channel.size()) {
                throw new EOFException("it ends at byte " + channel.size());
            }
            channel.position(position);
        }

        @Override
        public long getPos() throws IOException {
            return channel.position();
        }

        @Override
        public boolean seekToNewSource(long target) {
            return false;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException("append");
    }

    @Override
    public boolean rename(Path from, Path to) {
        throw new UnsupportedOperationException("rename");
    }

    @Override
    public boolean delete(Path path, boolean recursive) {
        throw new UnsupportedOperationException("delete");
    }

    @Override
    public FileStatus[] listStatus(Path path) {
        throw new UnsupportedOperationException("listStatus");
    }

    @Override
    public void setWorkingDirectory(Path path) {
        throw new UnsupportedOperationException("setWorkingDirectory");
    }

    @Override
    public Path getWorkingDirectory() {
        return new Path(ROOT);
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) {
        throw new UnsupportedOperationException("mkdirs");
    }
}
