package dev.headrace.files.store;

import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;

/// A file system of Hadoop's: a bucket, a container, a cluster. Open as long as the process runs.
public final class StoreFileSystem extends FileSystem {
    private final URI root;
    private final org.apache.hadoop.fs.FileSystem hadoop;

    /// @param root scheme and authority, such as `s3a://bucket`
    StoreFileSystem(URI root, org.apache.hadoop.fs.FileSystem hadoop) {
        this.root = root;
        this.hadoop = hadoop;
    }

    /// Scheme and authority, such as `s3a://bucket`.
    public URI root() {
        return root;
    }

    public org.apache.hadoop.fs.FileSystem hadoop() {
        return hadoop;
    }

    @Override
    public FileSystemProvider provider() {
        return StoreProvider.INSTANCE;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("the file systems of stores stay open");
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(StorePath.of(this, "/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public StorePath getPath(String first, String... more) {
        String text = more.length == 0 ? first : first + "/" + String.join("/", more);
        String prefix = root + "/";
        return StorePath.of(this, text.startsWith(prefix) ? text.substring(prefix.length() - 1) : text);
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
        throw new UnsupportedOperationException("patterns of paths in stores");
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("users of stores");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("stores tell of no changes");
    }
}
