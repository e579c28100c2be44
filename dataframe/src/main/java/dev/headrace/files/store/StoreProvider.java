package dev.headrace.files.store;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.functional.FutureIO;
import org.jspecify.annotations.Nullable;

/// Hadoop's file systems for those who know [Files]. Its settings are those of a `core-site.xml` on the class path, and
/// the system properties that begin with `spark.hadoop.`, as Spark has them. Thread-safe.
final class StoreProvider extends FileSystemProvider {
    static final StoreProvider INSTANCE = new StoreProvider();

    private static final String SETTING = "spark.hadoop.";
    private static final String READ_POLICY = "fs.option.openfile.read.policy";

    private final Map<URI, StoreFileSystem> open = new ConcurrentHashMap<>();

    private StoreProvider() {}

    /// @param text a URI, without percent escapes
    StorePath path(String text) {
        int authority = text.indexOf("://") + 3;
        int end = text.indexOf('/', authority);
        URI root = root(end < 0 ? text : text.substring(0, end));
        return StorePath.of(open.computeIfAbsent(root, StoreProvider::open), end < 0 ? "/" : text.substring(end));
    }

    private static URI root(String text) {
        try {
            URI root = new URI(text);
            // Azure's containers stand where users do.
            if (root.getRawAuthority() != null && !mayHoldPassword(root.getRawAuthority())) {
                return root;
            }
        } catch (URISyntaxException refusedBelow) {
            throw noStore(text);
        }
        throw noStore(text);
    }

    /// Whether there is more than a port behind a colon: a password, or the beginning of one that has a slash in it.
    private static boolean mayHoldPassword(String authority) {
        int colon = authority.startsWith("[") ? -1 : authority.indexOf(':');
        return colon >= 0 && !authority.substring(colon + 1).matches("\\d*");
    }

    /// May be about a password.
    private static QueryException noStore(String text) {
        return new QueryException(
                "UNSUPPORTED_FILE_SYSTEM",
                "A path that begins with '" + text.substring(0, text.indexOf("://") + 3)
                        + "' does not say which store is meant. Name the bucket, container or host, such as in"
                        + " 's3a://bucket/orders' or 'hdfs://namenode:8020/orders', without a user and password: those are"
                        + " settings.");
    }

    private static StoreFileSystem open(URI root) {
        Configuration settings = new Configuration();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(SETTING))
                .forEach(name -> settings.set(name.substring(SETTING.length()), System.getProperty(name)));
        try {
            return new StoreFileSystem(root, org.apache.hadoop.fs.FileSystem.get(root.resolve("/"), settings));
        } catch (UnsupportedFileSystemException unknown) {
            throw unsupported(root, unknown);
        } catch (IOException failed) {
            throw notReached(root, failed);
        } catch (RuntimeException | LinkageError failed) {
            throw isMissingClass(failed) ? unsupported(root, failed) : notReached(root, failed);
        }
    }

    private static boolean isMissingClass(@Nullable Throwable failed) {
        return failed != null
                && (failed instanceof ClassNotFoundException
                        || failed instanceof NoClassDefFoundError
                        || isMissingClass(failed.getCause()));
    }

    private static QueryException unsupported(URI root, Throwable cause) {
        return new QueryException(
                "UNSUPPORTED_FILE_SYSTEM",
                "The path '" + root + "/…' is on '" + root.getScheme()
                        + "', for which Hadoop finds no file system on the class path (" + cause.getMessage()
                        + "). Add the store's jar: for s3a org.apache.hadoop:hadoop-aws with the modules of the AWS SDK that it"
                        + " needs, for abfs hadoop-azure, for gs Google's gcs-connector; or give a path on the local disk.",
                cause);
    }

    private static UnavailableException notReached(URI root, Throwable cause) {
        return new UnavailableException(
                "STORE_NOT_REACHED",
                root + ": the store can't be opened (" + cause
                        + "). See to its settings, in a core-site.xml on the class path or as system properties such as"
                        + " -Dspark.hadoop.fs.s3a.endpoint=…, and to the credentials.",
                cause);
    }

    private static org.apache.hadoop.fs.FileSystem hadoop(Path path) {
        return StorePath.of(path).getFileSystem().hadoop();
    }

    private static org.apache.hadoop.fs.Path name(Path path) {
        return StorePath.of(path).hadoop();
    }

    private static NoSuchFileException absent(Path path, FileNotFoundException cause) {
        NoSuchFileException absent = new NoSuchFileException(path.toString());
        absent.initCause(cause);
        return absent;
    }

    @Override
    public String getScheme() {
        return "hadoop";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
        throw new UnsupportedOperationException("stores are opened by their paths");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return getPath(uri).getFileSystem();
    }

    @Override
    public StorePath getPath(URI uri) {
        return path(uri.getScheme() + "://" + uri.getAuthority() + uri.getPath());
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        try {
            if (!options.contains(StandardOpenOption.WRITE)) {
                return reader(path);
            }
            boolean overwrite = !options.contains(StandardOpenOption.CREATE_NEW);
            return new StoreChannel.Writer(hadoop(path).create(name(path), overwrite));
        } catch (FileNotFoundException noFile) {
            throw absent(path, noFile);
        } catch (org.apache.hadoop.fs.FileAlreadyExistsException there) {
            throw new FileAlreadyExistsException(path.toString());
        }
    }

    private static StoreChannel.Reader reader(Path path) throws IOException {
        try {
            FileStatus status = hadoop(path).getFileStatus(name(path));
            return new StoreChannel.Reader(
                    FutureIO.awaitFuture(hadoop(path)
                            .openFile(name(path))
                            .opt(READ_POLICY, "random")
                            .withFileStatus(status)
                            .build()),
                    status.getLen());
        } catch (FileNotFoundException noFile) {
            throw noFile;
        } catch (IOException failed) {
            throw StoreChannel.notGiven(failed);
        }
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> found = new ArrayList<>();
        try {
            RemoteIterator<FileStatus> files = hadoop(directory).listStatusIterator(name(directory));
            while (files.hasNext()) {
                FileStatus file = files.next();
                if (file.isFile() && file.getPath().equals(name(directory))) {
                    throw new NotDirectoryException(directory.toString());
                }
                Path path = StorePath.of(directory).listed(file.getPath().getName(), new StoreAttributes(file));
                if (filter.accept(path)) {
                    found.add(path);
                }
            }
        } catch (FileNotFoundException noDirectory) {
            throw absent(directory, noDirectory);
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return found.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        if (!hadoop(directory).mkdirs(name(directory))) {
            throw new IOException(directory + " can't be made a directory");
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        boolean deleted;
        try {
            deleted = hadoop(path).delete(name(path), false);
        } catch (IOException failed) {
            throw isFull(path) ? notEmpty(path, failed) : failed;
        }
        if (!deleted) {
            throw new NoSuchFileException(path.toString());
        }
    }

    /// Each store has another exception for a directory in which anything is.
    private boolean isFull(Path path) {
        try (DirectoryStream<Path> files = newDirectoryStream(path, _ -> true)) {
            return files.iterator().hasNext();
        } catch (IOException _) {
            return false;
        }
    }

    private static DirectoryNotEmptyException notEmpty(Path path, IOException cause) {
        DirectoryNotEmptyException full = new DirectoryNotEmptyException(path.toString());
        full.initCause(cause);
        return full;
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) throws IOException {
        Set<OpenOption> how = Set.of(
                StandardOpenOption.WRITE,
                Set.of(options).contains(StandardCopyOption.REPLACE_EXISTING)
                        ? StandardOpenOption.CREATE
                        : StandardOpenOption.CREATE_NEW);
        try (InputStream in = Files.newInputStream(from);
                OutputStream out = Files.newOutputStream(to, how.toArray(OpenOption[]::new))) {
            in.transferTo(out);
        }
    }

    /// Renames a file, which is there whole under its new name, although stores may copy it. What stores do with
    /// directories they don't agree on.
    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
        try {
            if (!hadoop(from).rename(name(from), name(to))) {
                throw new IOException("the store did not rename '" + from + "' to '" + to + "'");
            }
        } catch (FileNotFoundException noFile) {
            throw absent(from, noFile);
        }
    }

    @Override
    public boolean isSameFile(Path a, Path b) {
        return a.toAbsolutePath().equals(b.toAbsolutePath());
    }

    @Override
    public boolean isHidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException("the size of a store");
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        readAttributes(path, BasicFileAttributes.class);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        try {
            BasicFileAttributes known = StorePath.of(path).listed().orElse(null);
            return type.cast(known == null ? new StoreAttributes(hadoop(path).getFileStatus(name(path))) : known);
        } catch (FileNotFoundException noFile) {
            throw absent(path, noFile);
        }
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException("attributes by name");
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException("attributes of files in stores");
    }
}
