package dev.headrace.files.store;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/// A file system of Hadoop's whose buckets are directories: [#ROOT] says where. A directory can't be renamed, as in an
/// object store, nor a file to a name that is taken. Made by Hadoop.
public final class DirectoryStore extends RawLocalFileSystem {
    static final String ROOT = "directory.root";

    /// Of a path beside which there is a file with this at its name's end, nothing can be found out.
    static final String LOST = ".lost";

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
    public FileStatus getFileStatus(Path path) throws IOException {
        if (new File(pathToFile(path) + LOST).exists()) {
            throw new IOException("the store does not answer");
        }
        return super.getFileStatus(path);
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
    public boolean rename(Path from, Path to) throws IOException {
        if (pathToFile(from).isDirectory()) {
            throw new IOException("directories are not renamed");
        }
        return !exists(to) && pathToFile(from).renameTo(pathToFile(to));
    }
}
