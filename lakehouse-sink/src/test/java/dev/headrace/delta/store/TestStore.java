package dev.headrace.delta.store;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/// A file system of Hadoop's whose buckets are directories: [#ROOT] says where. A rename fails if the name is taken.
/// Made by Hadoop.
public final class TestStore extends RawLocalFileSystem {
    static final String ROOT = "test.root";

    /// The setting that says that nothing more can be written.
    static final String FULL = "test.full";

    private @Nullable URI uri;

    @Override
    public void initialize(URI name, Configuration settings) throws IOException {
        uri = URI.create(name.getScheme() + "://" + name.getAuthority());
        setConf(settings);
        super.initialize(name, settings);
    }

    @Override
    public URI getUri() {
        return uri == null ? super.getUri() : uri;
    }

    @Override
    public File pathToFile(Path path) {
        return new File(getConf().get(ROOT) + "/" + getUri().getAuthority()
                + path.toUri().getPath());
    }

    @Override
    public void setPermission(Path path, FsPermission permission) {}

    @Override
    public FSDataOutputStream create(
            Path file,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        return create(file, overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public FSDataOutputStream create(
            Path file, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        return getConf().getBoolean(FULL, false)
                ? new FSDataOutputStream(new Half(pathToFile(file).toPath()), null)
                : super.create(file, overwrite, bufferSize, replication, blockSize, progress);
    }

    /// A file that is there once it is closed, and has room for half of what is written.
    private static final class Half extends OutputStream {
        private final java.nio.file.Path file;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        Half(java.nio.file.Path file) {
            this.file = file;
        }

        @Override
        public void write(int b) {
            content.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            content.write(bytes, from, length / 2);
            throw new IOException("no space left");
        }

        @Override
        public void close() throws IOException {
            Files.write(file, content.toByteArray());
        }
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        return !exists(to) && pathToFile(from).renameTo(pathToFile(to));
    }
}
